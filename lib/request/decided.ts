import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isForeignRequest } from './facts.js'
import { type CorsDecision, decideActual } from '../policy/decision.js'
import type { Policy } from '../policy/policy.js'
import type { PreflightAnswer } from '../policy/preflight.js'

const DECISION = Symbol('fastify-cors-policy.decision')

/** A decision that comes out once somebody asks: few do. */
abstract class OpenDecision {
  abstract decide (request: FastifyRequest): CorsDecision
}

/** All of the decision about a request with an origin, but for whether it comes from a page of the server's own. */
export class OpenActual extends OpenDecision {
  constructor (readonly policy: Policy, readonly origin: string, readonly allowed: boolean) {
    super()
  }

  decide (request: FastifyRequest): CorsDecision {
    const { policy, origin, allowed } = this
    return decideActual(policy, origin, allowed, isForeignRequest(request, origin) ? 'actual' : 'same-origin')
  }
}

/** What a browser will make of the answer to a preflight. */
export class OpenPreflight extends OpenDecision {
  constructor (readonly answer: PreflightAnswer) {
    super()
  }

  decide (): CorsDecision {
    return this.answer.decide()
  }
}

/** A request, with what has been decided about it. */
interface Decided extends FastifyRequest {
  [DECISION]?: CorsDecision | OpenDecision | undefined
}

/** Gives the requests of an application `request.cors`. */
export function decorateRequests (root: FastifyInstance): void {
  root.decorateRequest('cors', {
    getter (this: Decided) {
      const decision = this[DECISION]
      if (!(decision instanceof OpenDecision)) return decision
      return this[DECISION] = decision.decide(this)
    },
    // A context below that decorates its requests so, too, sets them to its own initial value.
    setter (this: Decided, decision: CorsDecision | null | undefined) {
      this[DECISION] = decision ?? undefined
    }
  })
}

/** Notes what `request.cors` will say. */
export function leaveOpen (request: Decided, decision: OpenDecision): void {
  request[DECISION] = decision
}

/** Whether anything has been decided about a request, without making out what. */
export function isDecided (request: Decided): boolean {
  return request[DECISION] !== undefined || request.cors !== undefined
}
