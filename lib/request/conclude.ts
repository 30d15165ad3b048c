import { channel } from 'node:diagnostics_channel'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { CorsDecision } from '../policy/decision.js'
import { closeUpgrade } from '../reply/write.js'

const decisions = channel('fastify-cors-policy:decision')

const DECISION = Symbol('fastify-cors-policy.decision')

interface Decided extends FastifyRequest {
  [DECISION]?: CorsDecision | undefined
}

/**
 * Adds `request.cors` to the requests of an application. It is an accessor of their prototype: a property would cost every
 * request, decided or not.
 */
export function decorateRequests (root: FastifyInstance): void {
  root.decorateRequest('cors', {
    getter (this: Decided) {
      return this[DECISION]
    },
    // A context below that decorates its requests with `cors` too makes Fastify set this on every request.
    setter (this: Decided, decision: CorsDecision | null | undefined) {
      this[DECISION] = decision ?? undefined
    }
  })
}

/** Sets `request.cors`, and publishes the decision. */
export function conclude (request: FastifyRequest, decision: CorsDecision): void {
  request.cors = decision
  if (decisions.hasSubscribers) decisions.publish({ request, decision })
}

/** Continues a request; with an error, at its error handler. */
export type Done = (error?: Error) => void

/** Ends a request at its error handler. */
export function fail (reply: FastifyReply, done: Done, error: Error): void {
  closeUpgrade(reply)
  done(error)
}
