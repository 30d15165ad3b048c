import { type CorsOptions, DEFAULTS, type OriginFunction, ROUTE_DEFAULTS } from '../options/schema.js'
import { isRegExp } from '../text.js'
import { originMatcher } from '../origin/matcher.js'
import { isPattern, parsePattern } from '../origin/pattern.js'
import { isSerialisedOrigin } from '../origin/parse.js'
import { addToVary, headerList } from '../http/field-values.js'
import { listItems } from '../http/token.js'
import { normaliseMethod } from '../http/methods.js'

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
  /** OPTIONS requests that are no preflights are refused. */
  readonly strictPreflight: boolean
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

/**
 * Compiles parsed options into a policy. All that can be known before a request is worked out here.
 *
 * @param perRequest - true if a delegator chose them: `Vary` then says that another origin may get another answer
 */
export function compile (options: CorsOptions, perRequest = false): Policy {
  const { credentials, timingAllowOrigin, enforce, strictPreflight } = withDefaults(DEFAULTS, options)
  const enabled = options.origin !== false
  const origins = compileOrigins(options)
  // With credentials, a browser refuses `*`, so the origin itself is sent (https://fetch.spec.whatwg.org/#cors-check, step 3).
  const allowsAnyone = !credentials && isAnyOrigin(options.origin)
  const variesByOrigin = perRequest || (enabled && !allowsAnyone)
  const exposed = listItems(options.exposedHeaders ?? [])
  return Object.freeze({
    options,
    enabled,
    origins,
    allowsAnyone,
    variesByOrigin,
    credentials,
    exposeHeaders: exposed.length === 0 ? null : headerList(exposed),
    timingAllowOrigin,
    preflights: compilePreflights(options, variesByOrigin),
    enforce,
    strictPreflight
  })
}

/** True for `*`, alone or in a list; not for `true`, which reflects the origin, and so depends on it. */
function isAnyOrigin (origin: CorsOptions['origin']): boolean {
  return origin === '*' || (Array.isArray(origin) && origin.includes('*'))
}

function compileOrigins ({ origin, dangerouslyAllow }: CorsOptions): Origins {
  if (isAnyOrigin(origin)) return { match: anyOrigin, ask: null }
  // `null` and `file://` come from any sandboxed page or local file: they are no identity, and are matched on demand (A15).
  const wellFormed = dangerouslyAllow?.includes('null-origin') === true ? isOriginOrNull : isSerialisedOrigin
  if (origin === true) return { match: wellFormed, ask: null }
  if (typeof origin === 'function') return { match: wellFormed, ask: origin }
  const exact: string[] = []
  const patterns: string[] = []
  const regexps: RegExp[] = []
  for (const entry of Array.isArray(origin) ? origin : [origin]) {
    if (isRegExp(entry)) regexps.push(entry)
    else if (typeof entry === 'string') (isPattern(entry) ? patterns : exact).push(entry)
  }
  return { match: originMatcher({ exact, patterns: patterns.map(parsePattern), regexps, wellFormed }), ask: null }
}

function anyOrigin (): boolean {
  return true
}

function isOriginOrNull (origin: string): boolean {
  return isSerialisedOrigin(origin) || origin === 'null' || origin === 'file://'
}

function compilePreflights (options: CorsOptions, variesByOrigin: boolean): PreflightPolicy {
  const { credentials, methods: listed, optionsSuccessStatus, privateNetwork, ...handling } = withDefaults(ROUTE_DEFAULTS, options)
  const methods = listItems(listed).map(normaliseMethod)
  const headers = options.allowedHeaders === undefined ? null : listItems(options.allowedHeaders)
  const anyMethod = methods.includes('*')
  const anyHeader = headers === null || headers.includes('*')
  // With credentials, `*` is an ordinary name (https://fetch.spec.whatwg.org/#cors-protocol-and-credentials), so the
  // requested names are echoed (A7).
  const echoesMethod = anyMethod && credentials
  const echoesHeaders = headers === null || (anyHeader && credentials)
  const vary = addToVary(variesByOrigin ? 'Origin' : '', [
    ...echoesMethod ? ['Access-Control-Request-Method'] : [],
    ...echoesHeaders ? ['Access-Control-Request-Headers'] : []
  ].join(', '))
  return Object.freeze({
    answeredBy: answeredBy(handling),
    status: optionsSuccessStatus,
    allowMethods: echoesMethod ? null : anyMethod ? '*' : methods.join(', '),
    methods: anyMethod ? null : [...new Set(methods)],
    allowHeaders: echoesHeaders ? null : headerList(headers),
    headers: anyHeader ? null : new Set(headers.map(name => name.toLowerCase())),
    wildcardExceptAuthorization: !echoesHeaders && headerList(headers) === '*',
    maxAge: options.maxAge === undefined ? null : String(options.maxAge),
    cacheControl: cacheControlOf(options),
    privateNetwork,
    vary,
    varyByMethod: addToVary(vary, 'Access-Control-Request-Method')
  })
}

function answeredBy ({ preflight, preflightContinue }: { preflight: boolean, preflightContinue: boolean }): PreflightPolicy['answeredBy'] {
  if (!preflight) return 'application'
  return preflightContinue ? 'application-with-headers' : 'plugin'
}

/** The value of `Cache-Control` for preflight answers; `null` if it is not sent. */
export function cacheControlOf ({ cacheControl }: CorsOptions): string | null {
  return typeof cacheControl === 'number' ? `max-age=${cacheControl}` : cacheControl ?? null
}

/** The defaults, and in their place what options say otherwise. */
export function withDefaults<Defaults extends object> (defaults: Defaults, options: { readonly [Name in keyof Defaults]?: Defaults[Name] | undefined }): Defaults {
  const settings = { ...defaults }
  for (const name in defaults) {
    const value = options[name]
    if (value !== undefined) settings[name] = value
  }
  return settings
}
