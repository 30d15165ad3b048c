import { failure, type Failure } from './reasons.js'
import { getLines, type HeaderList } from './header-list.js'
import { includesCredentials, isHttp, isSameOrigin, withoutCredentials, type PageRequest } from './page-request.js'
import { nonWildcardName } from './safelist.js'

/** @see https://fetch.spec.whatwg.org/#redirect-status */
export function isRedirectStatus (status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status)
}

/** The target of a redirect, by its `Location` header. */
export type Location =
  | { kind: 'none' }
  | { kind: 'url', url: URL, isEmpty: boolean }
  /** Two header lines with one value: the standard refuses them, most engines read one. */
  | { kind: 'repeated', url: URL }
  | { kind: 'invalid' }

/** @see https://fetch.spec.whatwg.org/#concept-response-location-url */
export function locationUrl (request: PageRequest, response: { status: number, headers: HeaderList }): Location {
  // 1. If response's status is not a redirect status, then return null.
  if (!isRedirectStatus(response.status)) return { kind: 'none' }
  // 2. Let location be the result of extracting header list values given `Location` and response's header list.
  //    Its grammar allows a single header: more than one is a failure.
  const lines = getLines(response.headers, 'location')
  const [location, ...others] = lines
  if (location === undefined) return { kind: 'none' }
  if (others.some(other => other !== location) || !URL.canParse(location, request.url.href)) return { kind: 'invalid' }
  // 3. If location is a header value, then set location to the result of parsing location with response's URL.
  const url = new URL(location, request.url)
  if (others.length > 0) return { kind: 'repeated', url }
  // 4. If location is a URL whose fragment is null, then set location's fragment to requestFragment. 5. Return it.
  if (url.hash === '') url.hash = request.url.hash
  return { kind: 'url', url, isEmpty: location === '' }
}

/**
 * Checks the target of a redirect, and turns the request into the next one (steps 6 to 18).
 *
 * @see https://fetch.spec.whatwg.org/#http-redirect-fetch
 */
export function followRedirect (request: PageRequest, status: number, location: URL): Failure | null {
  // 6. If locationURL's scheme is not an HTTP(S) scheme, then return a network error.
  if (!isHttp(location)) return redirectedSchemeFailure(location)
  // 7. If request's redirect count is 20, then return a network error.
  if (request.redirectCount === 20) return failure('TooManyRedirects')
  // 8. Increase request's redirect count by 1.
  request.redirectCount++
  // 9. If request's mode is "cors", locationURL includes credentials, and request's origin is not same origin with
  //    locationURL's origin, then return a network error.
  // 10. If request's response tainting is "cors" and locationURL includes credentials, then return a network error.
  const isForeign = request.responseTainting === 'cors' || !isSameOrigin(request.origin, location)
  if (includesCredentials(location) && isForeign) {
    return failure('RedirectContainsCredentials', '', { location: withoutCredentials(location).href })
  }
  // 11. (A body without a source is a stream, which this model does not have.)
  // 12. A 301 or 302 turns POST, and a 303 everything but GET and HEAD, into GET without a body and its headers.
  const becomesGet = status === 303
    ? request.method !== 'GET' && request.method !== 'HEAD'
    : status < 303 && request.method === 'POST'
  if (becomesGet) {
    request.method = 'GET'
    request.headers = request.headers.filter(([name]) => !bodyHeaderNames.includes(name))
  }
  // 13. If request's current URL's origin is not same origin with locationURL's origin, then delete each CORS
  //     non-wildcard request-header name from request's header list.
  if (request.url.origin !== location.origin) {
    request.headers = request.headers.filter(([name]) => name !== nonWildcardName)
  }
  // 14. to 17. (Body and timing.) 18. Append locationURL to request's URL list.
  request.previousUrls.push(request.url)
  request.url = location
  return null
}

/** @see https://fetch.spec.whatwg.org/#request-body-header-name */
const bodyHeaderNames = ['content-encoding', 'content-language', 'content-location', 'content-type']

/**
 * Schemes that Chromium refuses in its network stack, before CORS. It refuses its internal ones too.
 */
const unsafeScheme = /^(?:about|blob|chrome(?:-[a-z]+)?|data|devtools|file|filesystem):$/

function redirectedSchemeFailure (location: URL): Failure {
  return failure(unsafeScheme.test(location.protocol) ? 'UnsafeRedirect' : 'CorsDisabledScheme', '', { location: location.href })
}

/** The failure of a URL of the page whose scheme `fetch()` does not take. */
export function schemeFailure (url: URL): Failure {
  return failure(url.protocol === 'file:' ? 'LocalResource' : 'UnsupportedScheme', '', { scheme: url.protocol.slice(0, -1) })
}
