import { isSerialisedOrigin } from '../origin/parse.js'
import type { Policy } from './policy.js'

/** The reason for a decision. */
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

/** The decision about one request: `request.cors` in handlers and hooks. */
export interface CorsDecision {
  /**
   * `none`: a request without `Origin`. `same-origin`: its origin is the server's own. `preflight`: an OPTIONS request
   * with `Origin` and `Access-Control-Request-Method`. `actual`: any other CORS request.
   */
  readonly kind: 'none' | 'same-origin' | 'actual' | 'preflight'
  /** The `Origin` header, byte for byte. */
  readonly origin: string | null
  /**
   * `true` if a browser will let the page read the answer, or after a preflight send the request. `false` without an
   * origin.
   */
  readonly allowed: boolean
  /** The reason, as one of a fixed set of words. */
  readonly reason: CorsReason
}

const NO_ORIGIN: CorsDecision = Object.freeze({ kind: 'none', origin: null, allowed: false, reason: 'no-origin' })
const NO_ORIGIN_CORS_OFF: CorsDecision = Object.freeze({ kind: 'none', origin: null, allowed: false, reason: 'cors-off' })

/** Decides about a request without `Origin`. All share a decision, so that none is made per request. */
export function decideWithoutOrigin (policy: Policy): CorsDecision {
  return policy.enabled ? NO_ORIGIN : NO_ORIGIN_CORS_OFF
}

/**
 * Decides about a request with `Origin`.
 *
 * @param allowed - the answer of the policy about the origin, or of its function
 * @param kind - `preflight` only if something else has answered it
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

/** The reason why an origin is allowed or refused. */
export function originReason (policy: Policy, origin: string, allowed: boolean): CorsReason {
  if (!policy.enabled) return 'cors-off'
  if (allowed) return 'origin-allowed'
  if (origin !== 'null' && origin !== 'file://') return isSerialisedOrigin(origin) ? 'origin-not-allowed' : 'origin-malformed'
  // The application's function is not asked about `null`, and `true` does not reflect it: the reason says so.
  const { options: { origin: given }, origins } = policy
  return (typeof given === 'function' || given === true) && !origins.match(origin) ? 'null-origin' : 'origin-not-allowed'
}
