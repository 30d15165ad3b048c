import type { CorsOptions, OriginFunction } from '../options/schema.js'

/**
 * Options, compiled: immutable, with every header value ready to be sent.
 */
export interface Policy {
  readonly options: CorsOptions
  /** `false` if CORS is off (`origin: false`): nothing is added, removed or answered. */
  readonly enabled: boolean
  readonly origins: Origins
  /**
   * `Access-Control-Allow-Origin` is always `*`.
   *
   * @see https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches
   */
  readonly allowsAnyone: boolean
  /** Another origin may get another answer, so that `Vary` has to name `Origin`. */
  readonly variesByOrigin: boolean
  readonly credentials: boolean
  /** The value of `Access-Control-Expose-Headers`; `null` if it is not sent. */
  readonly exposeHeaders: string | null
  readonly timingAllowOrigin: boolean
  readonly preflights: PreflightPolicy
  readonly enforce: false | 'unsafe' | 'all'
}

/** The origins that may call. */
export interface Origins {
  /** True for an origin that may call; with a function, for one that the function is asked about. */
  readonly match: (origin: string) => boolean
  /** The application's own function: it decides about every origin that `match` lets through. */
  readonly ask: OriginFunction | null
}

/** The part of a policy that preflights are answered by. */
export interface PreflightPolicy {
  /** The plugin, the application with the plugin's headers, or the application alone. */
  readonly answeredBy: 'plugin' | 'application-with-headers' | 'application'
  readonly status: number
  /** The value of `Access-Control-Allow-Methods`; `null` if the requested method is echoed. */
  readonly allowMethods: string | null
  /** The methods listed; `null`: every method. No set: to hash a requested method means to read all of it, however long. */
  readonly methods: readonly string[] | null
  /** The value of `Access-Control-Allow-Headers`; `null` if the requested names are echoed. */
  readonly allowHeaders: string | null
  /** The header names listed, in lower case; `null`: every name. */
  readonly headers: ReadonlySet<string> | null
  /**
   * The names are sent as `*` alone, which does not cover `Authorization`.
   *
   * @see https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name
   */
  readonly wildcardExceptAuthorization: boolean
  /** The value of `Access-Control-Max-Age`; `null` if it is not sent. */
  readonly maxAge: string | null
  readonly cacheControl: string | null
  readonly privateNetwork: boolean
  /** The value of `Vary`; empty if the answer depends on nothing. */
  readonly vary: string
  /** The value of `Vary` where the routes of the URL differ in policy (A8). */
  readonly varyByMethod: string
}
