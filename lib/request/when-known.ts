import type { FastifyReply, FastifyRequest } from 'fastify'
import { conclude } from './decided.js'
import { toError } from '../errors.js'
import { kindOf } from './facts.js'
import type { CorsDecision } from '../policy/decision.js'
import type { HeaderGuard } from '../reply/header-guard.js'
import { writeNothing } from '../reply/write.js'
import { closeUpgrade } from './upgrade.js'

/** Continues a request; with an error, at its error handler. */
export type Done = (error?: Error) => void

/**
 * Calls `next` with what `attempt` returns: synchronously, unless it is a promise. Until that is fulfilled, no origin is
 * allowed; if it fails, the error goes to the error handler (A15).
 */
export function whenKnown<T> (guard: HeaderGuard, reply: FastifyReply, done: Done, attempt: () => T | Promise<T>, next: (value: T) => void): void {
  const { request } = reply
  const fail = (pending: CorsDecision, error: unknown): void => {
    writeNothing(guard, reply)
    conclude(request, { ...pending, reason: 'function-failed' })
    end(reply, done, toError(error))
  }
  let value
  try {
    value = attempt()
  } catch (error) {
    fail(pendingOf(request), error)
    return
  }
  if (!(value instanceof Promise)) {
    next(value)
    return
  }
  const pending = pendingOf(request)
  request.cors = pending
  guard.addVary(reply, 'Origin')
  // Something else may have answered meanwhile: a time limit, say.
  value.then(known => reply.sent ? done() : next(known), (error: unknown) => { fail(pending, error) })
}

/** The decision about a request while a function is asked. */
function pendingOf (request: FastifyRequest): CorsDecision {
  const { origin = null } = request.raw.headers
  return { kind: origin === null ? 'none' : kindOf(request), origin, allowed: false, reason: 'function-pending' }
}

/** Ends a hook. An error ends the request too, and with it the connection of an upgrade. */
export function end (reply: FastifyReply, done: Done, error: Error | undefined): void {
  if (error !== undefined) closeUpgrade(reply)
  done(error)
}
