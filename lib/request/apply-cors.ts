import type { FastifyReply } from 'fastify'
import { hooksFor } from './hooks.js'

/**
 * Writes the headers that the policy grants to `reply` and to `reply.raw`: for code that answers past Fastify without
 * `reply.hijack()`, and for `frameworkErrors`, where the registration of the root counts. It writes nothing if no
 * registration covers the reply, or if CORS is off.
 *
 * @returns a promise only if a function of the options returns one
 * @throws what such a function throws
 */
export function applyCors (reply: FastifyReply): void | Promise<void> {
  const { request } = reply
  const hooks = hooksFor(request)
  if (hooks === undefined) return undefined
  const outcome: { decided: boolean, failure: Error | undefined, wake: () => void } = { decided: false, failure: undefined, wake: () => {} }
  hooks.decideForNow(request, reply, error => {
    outcome.decided = true
    outcome.failure = error
    outcome.wake()
  })
  const finish = (): void => {
    if (request.cors?.reason !== 'cors-off') hooks.guard.handOver(reply)
    if (outcome.failure !== undefined) throw outcome.failure
  }
  if (!outcome.decided) return new Promise<void>(resolve => { outcome.wake = resolve }).then(finish)
  finish()
  return undefined
}
