import { MAX_ORIGIN_LENGTH } from '../origin/parse.js'
import type { Policy } from './policy.js'

/** A request as servers see it, Node's `IncomingMessage` for one. */
interface ServerRequest {
  readonly method?: string | undefined
  readonly headers: {
    readonly upgrade?: string | undefined
    readonly 'sec-fetch-mode'?: unknown
    readonly 'sec-fetch-dest'?: unknown
  }
  readonly upgrade?: unknown
}

/**
 * True if Node has handed over the connection of a request for an upgrade. It does so if something listens for upgrades: an
 * `Upgrade` header is not enough.
 */
export function isUpgrade ({ upgrade }: ServerRequest): boolean {
  return upgrade === true
}

/** `websocket`, alone or in a list (RFC 9110 section 7.8). */
const WEBSOCKET = /(?:^|,)[ \t]*websocket[ \t]*(?:$|,)/i

/**
 * True for a request that a policy refuses from a foreign origin that it does not allow (E1). WebSockets always are:
 * browsers open them without a CORS check, and let the page read what comes.
 */
export function needsAllowedOrigin ({ enforce }: Policy, request: ServerRequest): boolean {
  const { method, headers } = request
  if (enforce === false || method === 'OPTIONS') return false
  if (method !== 'GET' && method !== 'HEAD') return true
  if (isUpgrade(request) || (headers.upgrade !== undefined && WEBSOCKET.test(headers.upgrade))) return true
  // Following a link, or coming back from a login, is no call by a script.
  return enforce === 'all' && !(headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document')
}

/** The host and scheme that a request was sent to. */
export interface Address {
  /** The host and the port; a default port may be left out. */
  readonly host: string
  /** `http` or `https`; `null` where it is not known, as behind a proxy that is not trusted. */
  readonly scheme: string | null
}

/**
 * True for a request by a page of another origin (E2), as Go's `http.CrossOriginProtection` finds it. A request with
 * neither header comes from no browser.
 *
 * @param origin - `Origin`
 * @param site - `Sec-Fetch-Site` (Fetch Metadata), which browsers send and pages can't forge
 * @param addressOf - called only where the address matters
 */
export function isForeign (origin: string | undefined, site: string | undefined, addressOf: () => Address): boolean {
  if (site !== undefined) return site !== 'same-origin' && site !== 'none'
  if (origin === undefined) return false
  // A server's own pages have these schemes only: `capacitor://localhost` is an app, even if the server is `localhost`.
  const pageScheme = origin.startsWith('https://') ? 'https' : origin.startsWith('http://') ? 'http' : null
  if (pageScheme === null || origin.length > MAX_ORIGIN_LENGTH) return true
  const { host, scheme } = addressOf()
  return !isHostOf(origin, `${pageScheme}://`.length, host) || (scheme !== null && scheme !== pageScheme)
}

/**
 * Compares a host with the host of an origin. It runs for many requests, so it ends at the first difference, and makes no
 * text.
 *
 * @param start - the index of the host in `origin`
 */
function isHostOf (origin: string, start: number, host: string): boolean {
  const length = origin.length - start
  if (length === 0) return false
  for (let i = 0; i < length; i++) {
    if (lowerCased(host.charCodeAt(i)) !== origin.charCodeAt(start + i)) return false
  }
  // An origin never has the default port of its scheme (RFC 6454 section 6.2).
  const port = origin.startsWith('https:') ? ':443' : ':80'
  return !origin.endsWith(port) && (host.length === length || (host.length === length + port.length && host.endsWith(port)))
}

function lowerCased (code: number): number {
  return code >= 0x41 && code <= 0x5A ? code + 0x20 : code
}
