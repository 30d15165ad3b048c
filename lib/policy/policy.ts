import type { CorsOptions, OriginFunction } from '../options/schema.js'

/**
 * What the options say, compiled: immutable, and with every header value ready to be sent. Nothing is left to think
 * about per request.
 */
export interface Policy {
  /** The options it was compiled from. */
  readonly options: CorsOptions
  /** `false` where CORS is off (`origin: false`): nothing is added, removed or answered. */
  readonly enabled: boolean
  readonly origins: Origins
  /** Whether `Access-Control-Allow-Origin` is the constant `*` (Fetch, "CORS protocol and HTTP caches"). */
  readonly allowsAnyone: boolean
  /** Whether the answer may be another one for another origin, so that `Vary` has to say so. */
  readonly variesByOrigin: boolean
  readonly credentials: boolean
  /** `Access-Control-Expose-Headers`, or `null` where it is not sent. */
  readonly exposeHeaders: string | null
  readonly timingAllowOrigin: boolean
  readonly preflights: PreflightPolicy
  readonly enforce: false | 'unsafe' | 'all'
}

/** Who may call. */
export interface Origins {
  /** Tells of an origin whether it may call; where there is a function, only whether it may be asked. */
  readonly match: (origin: string) => boolean
  /** The application's own function, which has the say for every origin that `match` lets through. */
  readonly ask: OriginFunction | null
}

/** What is answered to a preflight. */
export interface PreflightPolicy {
  /** Who answers: the plugin, the application with the plugin's headers, or the application alone. */
  readonly answeredBy: 'plugin' | 'application-with-headers' | 'application'
  readonly status: number
  /** The value of `Access-Control-Allow-Methods`; `null` where the requested method is echoed. */
  readonly allowMethods: string | null
  /** The methods listed; `null`: every method. No set, since the hash of what a stranger announces takes reading all of it. */
  readonly methods: readonly string[] | null
  /** The value of `Access-Control-Allow-Headers`; `null` where the requested names are echoed. */
  readonly allowHeaders: string | null
  /** The header names listed, in lower case; `null`: every name. */
  readonly headers: ReadonlySet<string> | null
  /** Whether the names are sent as `*` alone, which does not cover `Authorization` (Fetch, "CORS-preflight fetch"). */
  readonly wildcardExceptAuthorization: boolean
  /** The value of `Access-Control-Max-Age`, or `null` where it is not sent. */
  readonly maxAge: string | null
  readonly cacheControl: string | null
  readonly privateNetwork: boolean
  /** `Vary` of an answer; empty where it depends on nothing. */
  readonly vary: string
  /** `Vary` of an answer where the routes of the URL differ in policy (A8). */
  readonly varyByMethod: string
}
