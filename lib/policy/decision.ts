/** Why a decision was taken. */
export type CorsReason =
  | 'cors-off'
  | 'no-origin'
  | 'same-origin'
  | 'origin-allowed'
  | 'origin-not-allowed'
  | 'origin-malformed'
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
