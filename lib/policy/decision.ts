import { isSerialisedOrigin } from '../origin/parse.js'
import type { Policy } from './policy.js'

/** Why a decision was taken. */
export type CorsReason =
  | 'cors-off'
  | 'no-origin'
  | 'same-origin'
  | 'origin-allowed'
  | 'origin-not-allowed'
  | 'origin-malformed'
  | 'null-origin'
  | 'function-pending'
  | 'function-failed'
  | 'method-not-allowed'
  | 'header-not-allowed'
  | 'answered-before'

/** What was decided about one request; `request.cors` in handlers and hooks. */
export interface CorsDecision {
  /**
   * `none`: a request without `Origin`. `same-origin`: its origin is the server's own. `preflight`: an OPTIONS request
   * with `Origin` and `Access-Control-Request-Method`. `actual`: any other CORS request.
   */
  readonly kind: 'none' | 'same-origin' | 'actual' | 'preflight'
  /** The `Origin` header, byte for byte. */
  readonly origin: string | null
  /**
   * Whether a browser will let the page have what it asked for: the answer, or for a preflight the request it
   * announces. `false` without an origin, since nobody was allowed anything then.
   */
  readonly allowed: boolean
  /** Why, as one of a fixed set of words such as `origin-not-allowed`. */
  readonly reason: CorsReason
}

const NO_ORIGIN: CorsDecision = Object.freeze({ kind: 'none', origin: null, allowed: false, reason: 'no-origin' })
const NO_ORIGIN_CORS_OFF: CorsDecision = Object.freeze({ kind: 'none', origin: null, allowed: false, reason: 'cors-off' })

/** The decision about a request without `Origin`: the same for all, so that none is made per request. */
export function decideWithoutOrigin (policy: Policy): CorsDecision {
  return policy.enabled ? NO_ORIGIN : NO_ORIGIN_CORS_OFF
}

/**
 * The decision about a request with `Origin`.
 *
 * @param allowed - whether the policy, with its function if it has one, allows the origin
 * @param kind - what it is; a preflight only where something else has answered it
 */
export function decideActual (policy: Policy, origin: string, allowed: boolean, kind: CorsDecision['kind']): CorsDecision {
  if (kind === 'preflight') return { kind, origin, allowed: false, reason: 'answered-before' }
  const sameOrigin = kind === 'same-origin'
  return {
    kind,
    origin,
    allowed: allowed || sameOrigin,
    reason: sameOrigin && policy.enabled ? 'same-origin' : originReason(policy, origin, allowed)
  }
}

/** Why an origin is allowed, or is not. */
export function originReason (policy: Policy, origin: string, allowed: boolean): CorsReason {
  if (!policy.enabled) return 'cors-off'
  if (allowed) return 'origin-allowed'
  if (origin !== 'null' && origin !== 'file://') return isSerialisedOrigin(origin) ? 'origin-not-allowed' : 'origin-malformed'
  // No function is asked about it, and `true` does not reflect it: whoever wrote them would look for the reason there.
  const { options: { origin: given }, origins } = policy
  return (typeof given === 'function' || given === true) && !origins.match(origin) ? 'null-origin' : 'origin-not-allowed'
}
