import { normalizeValue, readHeaders, toHeaderList, type HeaderList, type HeadersLike } from './header-list.js'
import type { CorsPage, CredentialsMode } from './verdict.js'
import { normaliseMethod } from '../http/methods.js'
import { isToken } from '../http/token.js'

const CREDENTIALS_MODES = ['omit', 'same-origin', 'include'] as const

/** A request as in the Fetch Standard, "2.2.5. Requests", with the fields that CORS reads and redirects change. */
export interface PageRequest {
  /** The page's origin, not what is sent as `Origin`: for that, see `serializeRequestOrigin`. */
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
 * What `fetch(url, init)` makes of its arguments (Fetch, "new Request").
 *
 * @throws TypeError where `fetch()` itself would throw, before anything is sent
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
    headers: scriptHeaders(page.headers ?? {}),
    previousUrls: [],
    url,
    redirectCount: 0,
    responseTainting: 'basic'
  }
}

/** URL, "include credentials". */
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

/** HTML, "same origin", for the page's origin: an opaque one has no equal. */
export function isSameOrigin (origin: string, url: URL): boolean {
  return origin !== 'null' && origin === url.origin
}

export function isHttp (url: URL): boolean {
  return url.protocol === 'http:' || url.protocol === 'https:'
}

/** Fetch, "serializing a request origin": what is sent as `Origin` and compared with the answer. */
export function serializeRequestOrigin (request: PageRequest): string {
  return isRedirectTainted(request) ? 'null' : request.origin
}

/** Fetch, "redirect-taint": whether another origin than the page's redirected to yet another origin. */
export function isRedirectTainted ({ origin, previousUrls, url }: PageRequest): boolean {
  let last: URL | null = null
  for (const next of [...previousUrls, url]) {
    if (last !== null && next.origin !== last.origin && !isSameOrigin(origin, last)) return true
    last = next
  }
  return false
}

function assertSerializedOrigin (origin: string): void {
  // RFC 6454, section 6.2. Only for http(s) is there one spelling that the URL parser knows.
  const isOrigin = /^https?:/i.test(origin)
    ? URL.canParse(origin) && new URL(origin).origin === origin
    : origin === 'null' || /^[a-z][a-z0-9+.-]*:\/\/[^/?#@\s]*$/.test(origin)
  if (!isOrigin) throw new TypeError(`not an origin as browsers send it, such as https://app.example.com: ${origin}`)
}

/** What is left out would otherwise be a path, such as `/undefined`. */
export function assertUrl (url: unknown): asserts url is string {
  if (typeof url !== 'string') throw new TypeError(`url has to be the URL to fetch, as a text, and not ${String(url)}`)
}

/** Fetch, "RequestCredentials". Scripts without types may well write `true`, which must not count as none. */
function credentialsMode (mode: unknown): CredentialsMode {
  const known = CREDENTIALS_MODES.find(one => one === mode)
  if (known !== undefined) return known
  throw new TypeError(`credentials has to be 'omit', 'same-origin' or 'include', as for fetch(), and not ${String(mode)}`)
}

/** Fetch, "forbidden method" and "normalize a method". */
function methodOf (method: string): string {
  if (!isToken(method)) throw new TypeError(`not an HTTP method: ${method}`)
  const upper = method.toUpperCase()
  if (['CONNECT', 'TRACE', 'TRACK'].includes(upper)) throw new TypeError(`fetch() refuses the method ${upper}`)
  return normaliseMethod(method)
}

/**
 * The header list of a `Headers` object with guard "request": names in lower case, none of them forbidden. Names that
 * differ only in case stay two headers, as `append()` leaves them.
 */
function scriptHeaders (headers: HeadersLike): HeaderList {
  return toHeaderList(readHeaders(headers, 'headers')).filter(([name, value]) => {
    if (!isToken(name)) throw new TypeError(`not a header name: ${name}`)
    if (/[\0\n\r]|[^\0-\xff]/.test(value)) throw new TypeError(`not a value of the header ${name}: ${value}`)
    return !isForbidden(name, value)
  })
}

const forbiddenNames = new Set([
  'accept-charset', 'accept-encoding', 'access-control-request-headers', 'access-control-request-method', 'connection',
  'content-length', 'cookie', 'cookie2', 'date', 'dnt', 'expect', 'host', 'keep-alive', 'origin', 'referer',
  'set-cookie', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'via'
])

/** Fetch, "forbidden request-header": `fetch()` leaves such a header out without a word. */
function isForbidden (name: string, value: string): boolean {
  if (forbiddenNames.has(name) || name.startsWith('proxy-') || name.startsWith('sec-')) return true
  return ['x-http-method', 'x-http-method-override', 'x-method-override'].includes(name) &&
    value.split(',').some(method => ['CONNECT', 'TRACE', 'TRACK'].includes(normalizeValue(method).toUpperCase()))
}
