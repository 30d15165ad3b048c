import { channel } from 'node:diagnostics_channel'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { CorsDecision } from '../policy/decision.js'

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
    // A context below may decorate its requests with `cors` too: then each is set to that initial value.
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
