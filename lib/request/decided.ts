import type { FastifyRequest } from 'fastify'
import { kindOf } from './facts.js'
import { decideActual, decideWithoutOrigin } from '../policy/decide.js'
import type { CorsDecision } from '../policy/decision.js'
import type { Policy } from '../policy/policy.js'
import { decidePreflight } from '../policy/preflight.js'
import type { Application } from '../scope/application.js'
import { isPreflight } from '../scope/preflight-route.js'

const POLICY = Symbol('fastify-cors-policy.policy')
const ALLOWED = Symbol('fastify-cors-policy.allowed')
const DECISION = Symbol('fastify-cors-policy.decision')

/** A request, with what has been decided about it. */
interface Decided extends FastifyRequest {
  /** The policy that has decided, where the decision need not be made out before somebody asks for it. */
  [POLICY]?: Policy | undefined
  /** Whether it allows the origin. */
  [ALLOWED]?: boolean
  [DECISION]?: CorsDecision | undefined
}

/** Gives the requests of an application `request.cors`. */
export function decorateRequests (application: Application): void {
  application.root.decorateRequest('cors', {
    getter (this: Decided) {
      const policy = this[POLICY]
      if (policy !== undefined && this[DECISION] === undefined) this[DECISION] = decisionOf(this, policy, application)
      return this[DECISION]
    },
    setter (this: Decided, decision: CorsDecision | undefined) {
      this[POLICY] = undefined
      this[DECISION] = decision
    }
  })
}

/** Notes by which policy a request has been decided, and how. What `request.cors` says comes out once somebody asks: few do. */
export function decideBy (request: Decided, policy: Policy, allowed: boolean): void {
  request[POLICY] = policy
  request[ALLOWED] = allowed
  request[DECISION] = undefined
}

/** Whether anything has been decided about a request, without making out what. */
export function isDecided (request: Decided): boolean {
  return request[POLICY] !== undefined || request.cors !== undefined
}

function decisionOf (request: Decided, policy: Policy, application: Application): CorsDecision {
  const { raw, [ALLOWED]: allowed = false } = request
  if (isPreflight(raw)) return decidePreflight(policy, raw.headers, allowed)
  const { origin } = raw.headers
  return origin === undefined ? decideWithoutOrigin(policy) : decideActual(policy, origin, allowed, kindOf(request, application))
}
