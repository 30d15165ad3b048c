import { channel } from 'node:diagnostics_channel'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { CorsDecision } from '../policy/decision.js'

const decisions = channel('fastify-cors-policy:decision')

const DECISION = Symbol('fastify-cors-policy.decision')

interface Decided extends FastifyRequest {
  [DECISION]?: CorsDecision | undefined
}

/**
 * Gives the requests of an application `request.cors`. It stands on their prototype: a property of each request would
 * cost every one of them, decided or not.
 */
export function decorateRequests (root: FastifyInstance): void {
  root.decorateRequest('cors', {
    getter (this: Decided) {
      return this[DECISION]
    },
    // A context below that decorates its requests so, too, sets them to its own initial value.
    setter (this: Decided, decision: CorsDecision | null | undefined) {
      this[DECISION] = decision ?? undefined
    }
  })
}

/** Sets what `request.cors` says, and tells whoever listens. */
export function conclude (request: FastifyRequest, decision: CorsDecision): void {
  request.cors = decision
  if (decisions.hasSubscribers) decisions.publish({ request, decision })
}
