import { type CorsOptions, DEFAULTS } from '../options/schema.js'
import { isRegExp } from '../text.js'
import { originMatcher } from '../origin/matcher.js'
import { isPattern, parsePattern } from '../origin/pattern.js'
import { isSerialisedOrigin } from '../origin/parse.js'
import { addToVary, headerList } from '../http/field-values.js'
import { listItems } from '../http/token.js'
import { normaliseMethod } from '../http/methods.js'
import type { Origins, Policy, PreflightPolicy } from './policy.js'

/**
 * Compiles parsed options into a policy. All that can be known before a request is worked out here.
 *
 * @param perRequest - true if a delegator chose them: `Vary` then says that another origin may get another answer
 */
export function compile (options: CorsOptions, perRequest = false): Policy {
  const { credentials = DEFAULTS.credentials, timingAllowOrigin = DEFAULTS.timingAllowOrigin, enforce = DEFAULTS.enforce } = options
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
    preflights: compilePreflights(options, credentials, variesByOrigin),
    enforce
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

function compilePreflights (options: CorsOptions, credentials: boolean, variesByOrigin: boolean): PreflightPolicy {
  const methods = listItems(options.methods ?? DEFAULTS.methods).map(normaliseMethod)
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
    answeredBy: answeredBy(options),
    status: options.optionsSuccessStatus ?? DEFAULTS.optionsSuccessStatus,
    allowMethods: echoesMethod ? null : anyMethod ? '*' : methods.join(', '),
    methods: anyMethod ? null : [...new Set(methods)],
    allowHeaders: echoesHeaders ? null : headerList(headers),
    headers: anyHeader ? null : new Set(headers.map(name => name.toLowerCase())),
    wildcardExceptAuthorization: !echoesHeaders && headerList(headers) === '*',
    maxAge: options.maxAge === undefined ? null : String(options.maxAge),
    cacheControl: cacheControlOf(options),
    privateNetwork: options.privateNetwork ?? DEFAULTS.privateNetwork,
    vary,
    varyByMethod: addToVary(vary, 'Access-Control-Request-Method')
  })
}

function answeredBy ({ preflight = DEFAULTS.preflight, preflightContinue = DEFAULTS.preflightContinue }: CorsOptions): PreflightPolicy['answeredBy'] {
  if (!preflight) return 'application'
  return preflightContinue ? 'application-with-headers' : 'plugin'
}

/** The value of `Cache-Control` for preflight answers; `null` if it is not sent. */
export function cacheControlOf ({ cacheControl }: CorsOptions): string | null {
  return typeof cacheControl === 'number' ? `max-age=${cacheControl}` : cacheControl ?? null
}
