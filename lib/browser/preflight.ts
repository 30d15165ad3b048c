import { onlyRepeatsCredentials, preflightCorsCheck } from './cors-check.js'
import { engines, type Departures } from './departures.js'
import { askingDeparture, enginesThatAsk, enginesThatSafelist, safelistDeparture, sendsGetInstead } from './engines.js'
import type { Engine } from './failure-text.js'
import { failure, type Failure } from './reasons.js'
import { extractSeconds, extractTokens, getHeader, getLines, type HeaderList } from './header-list.js'
import { isRedirectTainted, isSameOrigin, serializeRequestOrigin, type PageRequest } from './page-request.js'
import { locationUrl } from './redirect.js'
import { isSafelistedMethod } from '../http/methods.js'
import { nonWildcardName, unsafeRequestHeaders } from './safelist.js'

/**
 * The reasons why a request needs a preflight; empty if it needs none (step 12).
 *
 * @see https://fetch.spec.whatwg.org/#main-fetch
 */
export function preflightCauses (request: PageRequest): string[] {
  return [
    ...isSafelistedMethod(request.method) ? [] : [`the method ${request.method} is not GET, HEAD or POST`],
    ...new Set(unsafeRequestHeaders(request.headers).map(header => header.because)),
    ...request.upload ? ['the page follows the progress of its upload, or streams the body'] : []
  ]
}

/**
 * The headers of a preflight (steps 1 to 5).
 *
 * @see https://fetch.spec.whatwg.org/#cors-preflight-fetch
 */
export function preflightHeaders (request: PageRequest): Record<string, string> {
  // 1. (Method and URL are the caller's.) 2. and 3.
  const headers: Record<string, string> = {
    accept: '*/*',
    'access-control-request-method': request.method
  }
  // 4. Let headers be the CORS-unsafe request-header names with request's header list.
  const names = unsafeRequestHeaders(request.headers).map(header => header.name)
  // 5. If headers is not empty: without a space after the comma, "for better or worse".
  if (names.length > 0) headers['access-control-request-headers'] = names.join(',')
  headers.origin = serializeRequestOrigin(request)
  return headers
}

/**
 * Judges the answer to a preflight (from step 7 on).
 *
 * @returns the failure, or the seconds for which the answer may be remembered
 * @see https://fetch.spec.whatwg.org/#cors-preflight-fetch
 */
export function judgePreflight (
  request: PageRequest,
  response: { status: number, headers: HeaderList },
  departures: Departures
): Failure | { maxAge: number } {
  const unsafe = unsafeRequestHeaders(request.headers)
  const failed = check(request, response, unsafe, departures)
  if (failed === null) return { maxAge: maxAge(response.headers) }
  const silent = engines.filter(engine => !request.upload &&
    (isSafelistedMethod(request.method) || sendsGetInstead(engine, request)) &&
    unsafe.every(header => isSafelistedBy(engine, request, header.name)))
  const [header] = unsafe
  departures.decide(silent, true, header === undefined ? 'redirectedDelete' : safelistDeparture(header.name))
  return failed
}

function check (
  request: PageRequest,
  response: { status: number, headers: HeaderList },
  unsafe: ReturnType<typeof unsafeRequestHeaders>,
  departures: Departures
): Failure | null {
  // Chromium takes a 407 by a server for a network error.
  if (response.status === 407) return failure('UnexpectedProxyAuthentication')
  // A redirect is not followed, since its status is not ok. Chromium checks for one before any other header.
  const location = locationUrl(request, response)
  if (location.kind === 'invalid') return failure('InvalidRedirect')
  if (location.kind === 'repeated' || (location.kind === 'url' && !location.isEmpty)) {
    return failure('PreflightDisallowedRedirect', '', { location: location.url.href })
  }
  // 7. If a CORS check for request and response returns success and response's status is an ok status:
  const { headers } = response
  const origin = preflightCorsCheck(request, headers)
  if (origin !== null) {
    if (onlyRepeatsCredentials(origin, headers)) departures.decide(['firefox'], true, 'repeatedCredentials')
    return origin
  }
  if (response.status < 200 || response.status > 299) return failure('PreflightInvalidStatus')
  const isForeign = request.origin !== 'null' && !isSameOrigin(request.origin, request.url)
  if (isForeign && isRedirectTainted(request) && getHeader(headers, 'access-control-allow-origin') === 'null') {
    // Firefox announces the page's own origin in this preflight, and "null" only in the request after it.
    departures.decide(['firefox'], false, 'taintedPreflight')
  }
  // 7.1. Let methods be the result of extracting header list values given `Access-Control-Allow-Methods`.
  const listedMethods = extractTokens(headers, 'access-control-allow-methods')
  // 7.2. Let headerNames be the result of extracting header list values given `Access-Control-Allow-Headers`.
  const headerNames = extractTokens(headers, 'access-control-allow-headers')
  // 7.3. If either methods or headerNames is failure, return a network error.
  if (listedMethods === 'failure') return failure('InvalidAllowMethodsPreflightResponse')
  if (headerNames === 'failure') return failure('InvalidAllowHeadersPreflightResponse')
  // 7.4. If methods is null and request's use-CORS-preflight flag is set, then set methods to a new list containing
  //      request's method.
  const methods = listedMethods ?? (request.upload ? [request.method] : null)
  // No engine does so.
  if (request.upload && listedMethods === null && !isSafelistedMethod(request.method)) departures.decide(engines, false, 'uploadMethods')
  // 7.5. The request's method must be listed, safelisted, or, without credentials, covered by `*`.
  const withoutCredentials = request.credentials !== 'include'
  const allowsAnyMethod = withoutCredentials && methods?.includes('*') === true
  if (methods?.includes(request.method) !== true && !isSafelistedMethod(request.method) && !allowsAnyMethod) {
    departures.decide(engines.filter(engine => sendsGetInstead(engine, request)), true, 'redirectedDelete')
    return failure('MethodDisallowedByPreflightResponse', request.method)
  }
  // 7.6. and 7.7. Every unsafe header must be listed or, without credentials and unless it is a CORS non-wildcard
  //      request-header name, covered by `*`.
  const listed = headerNames?.map(name => name.toLowerCase()) ?? []
  const allowsAnyHeader = withoutCredentials && listed.includes('*')
  const missing = unsafe.map(header => header.name)
    .filter(name => !listed.includes(name) && (name === nonWildcardName || !allowsAnyHeader))
  const [first] = missing
  if (first === undefined) {
    if (!allowsAnyHeader) noteUnasked(request, listed, departures)
    return null
  }
  // No engine makes the exception for `Authorization` yet.
  if (allowsAnyHeader) departures.decide(engines, true, 'wildcardAuthorization')
  departures.decide(engines.filter(engine => missing.every(name => isSafelistedBy(engine, request, name))), true, safelistDeparture(first))
  // Chromium names one that it asks about itself; its hash table decides which.
  const named = missing.find(name => !isSafelistedBy('chromium', request, name)) ?? first
  return failure('HeaderDisallowedByPreflightResponse', named, { header: named, missing: missing.join(', ') })
}

/** Notes the engines that ask about a header that the standard does not ask about, and that no answer lists. */
export function noteUnasked (request: PageRequest, listed: readonly string[], departures: Departures): void {
  for (const [name, value] of request.headers) {
    if (!listed.includes(name)) departures.decide(enginesThatAsk(name, value), false, askingDeparture(name))
  }
}

function isSafelistedBy (engine: Engine, request: PageRequest, name: string): boolean {
  return getLines(request.headers, name).every(value => enginesThatSafelist(name, value).includes(engine))
}

function maxAge (headers: HeaderList): number {
  // 7.8. Let max-age be the result of extracting header list values given `Access-Control-Max-Age`.
  const seconds = extractSeconds(headers, 'access-control-max-age')
  // 7.9. If max-age is failure or null, then set max-age to 5.
  return seconds === null || seconds === 'failure' ? 5 : seconds
}
