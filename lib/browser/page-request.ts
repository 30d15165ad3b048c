import { normalizeValue, readHeaders, toHeaderList, type HeaderList, type HeadersLike } from './header-list.js'
import type { CorsPage, CredentialsMode } from './verdict.js'
import { isForbiddenRequestHeader } from '../http/header-names.js'
import { isForbiddenMethod, normaliseMethod } from '../http/methods.js'
import { isToken } from '../http/token.js'

const CREDENTIALS_MODES = ['omit', 'same-origin', 'include'] as const

/**
 * A request, with the fields that CORS reads and redirects change.
 *
 * @see https://fetch.spec.whatwg.org/#concept-request
 */
export interface PageRequest {
  /** The page's origin. The value of `Origin` is that of `serializeRequestOrigin`. */
  readonly origin: string
  readonly credentials: CredentialsMode
  /** The use-CORS-preflight flag. */
  readonly upload: boolean
  method: string
  headers: HeaderList
  /** The URL list without its last item, the current URL. */
  readonly previousUrls: URL[]
  url: URL
  redirectCount: number
  /** `cors` from the first cross-origin URL on. */
  responseTainting: 'basic' | 'cors'
}

/**
 * Makes the request of `fetch(url, init)`.
 *
 * @throws TypeError where `fetch()` itself throws, before anything is sent
 * @see https://fetch.spec.whatwg.org/#dom-request
 */
export function createRequest (page: CorsPage): PageRequest {
  assertSerializedOrigin(page.origin)
  assertUrl(page.url)
  const url = new URL(page.url, page.origin === 'null' ? undefined : page.origin)
  if (includesCredentials(url)) throw new TypeError(`fetch() takes no URL with user name or password: ${page.url}`)
  const method = methodOf(page.method ?? 'GET')
  return {
    origin: page.origin,
    credentials: credentialsMode(page.credentials ?? 'same-origin'),
    upload: page.upload ?? false,
    method,
    headers: page.headers === undefined ? [] : scriptHeaders(page.headers),
    previousUrls: [],
    url,
    redirectCount: 0,
    responseTainting: 'basic'
  }
}

/** @see https://url.spec.whatwg.org/#include-credentials */
export function includesCredentials (url: URL): boolean {
  return url.username !== '' || url.password !== ''
}

/** A copy of a URL without user name and password. */
export function withoutCredentials (url: URL): URL {
  const bare = new URL(url)
  bare.username = ''
  bare.password = ''
  return bare
}

/**
 * True for a URL of the page's origin. An opaque origin has no equal.
 *
 * @see https://html.spec.whatwg.org/#same-origin
 */
export function isSameOrigin (origin: string, url: URL): boolean {
  return origin !== 'null' && origin === url.origin
}

export function isHttp (url: URL): boolean {
  return url.protocol === 'http:' || url.protocol === 'https:'
}

/**
 * The value of `Origin`, which the answer is compared with.
 *
 * @see https://fetch.spec.whatwg.org/#serializing-a-request-origin
 */
export function serializeRequestOrigin (request: PageRequest): string {
  return isRedirectTainted(request) ? 'null' : request.origin
}

/**
 * True if another origin than the page's redirected to yet another one.
 *
 * @see https://fetch.spec.whatwg.org/#concept-request-tainted-origin
 */
export function isRedirectTainted ({ origin, previousUrls, url }: PageRequest): boolean {
  let last: URL | null = null
  for (const next of [...previousUrls, url]) {
    if (last !== null && next.origin !== last.origin && !isSameOrigin(origin, last)) return true
    last = next
  }
  return false
}

function assertSerializedOrigin (origin: string): void {
  // RFC 6454, section 6.2. The URL parser knows the one spelling only for http(s).
  const isOrigin = /^https?:/i.test(origin)
    ? URL.canParse(origin) && new URL(origin).origin === origin
    : origin === 'null' || /^[a-z][a-z0-9+.-]*:\/\/[^/?#@\s]*$/.test(origin)
  if (!isOrigin) throw new TypeError(`not an origin as browsers send it, such as https://app.example.com: ${origin}`)
}

/** Refuses a missing URL, which would be a path such as `/undefined`. */
export function assertUrl (url: unknown): asserts url is string {
  if (typeof url !== 'string') throw new TypeError(`url must be the URL to fetch, as a text, not ${String(url)}`)
}

/**
 * Refuses any other value: `true`, which scripts without types may have, must not count as none.
 *
 * @see https://fetch.spec.whatwg.org/#requestcredentials
 */
function credentialsMode (mode: unknown): CredentialsMode {
  const known = CREDENTIALS_MODES.find(one => one === mode)
  if (known !== undefined) return known
  throw new TypeError(`credentials must be 'omit', 'same-origin' or 'include', as for fetch(), not ${String(mode)}`)
}

function methodOf (method: string): string {
  if (!isToken(method)) throw new TypeError(`not an HTTP method: ${method}`)
  if (isForbiddenMethod(method)) throw new TypeError(`fetch() refuses the method ${method.toUpperCase()}`)
  return normaliseMethod(method)
}

/**
 * The header list of a `Headers` object with guard "request": names in lower case, none of them forbidden. As with
 * `append()`, names that differ only in case stay two headers.
 */
function scriptHeaders (headers: HeadersLike): HeaderList {
  return toHeaderList(readHeaders(headers, 'headers')).filter(([name, value]) => {
    if (!isToken(name)) throw new TypeError(`not a header name: ${name}`)
    if (/[\0\n\r]|[^\0-\xff]/.test(value)) throw new TypeError(`not a value of the header ${name}: ${value}`)
    return !isForbidden(name, value)
  })
}

/**
 * True for a header that `fetch()` leaves out without an error.
 *
 * @see https://fetch.spec.whatwg.org/#forbidden-request-header
 */
function isForbidden (name: string, value: string): boolean {
  if (isForbiddenRequestHeader(name)) return true
  return ['x-http-method', 'x-http-method-override', 'x-method-override'].includes(name) &&
    value.split(',').some(method => isForbiddenMethod(normalizeValue(method)))
}
