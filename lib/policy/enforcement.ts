import { MAX_ORIGIN_LENGTH } from '../origin/parse.js'

/** What of a request tells whether it may do harm. */
interface Harm {
  readonly method: string
  /** Whether the server has handed its connection over, for another protocol than HTTP. */
  readonly handedOver: boolean
  /** `Upgrade` */
  readonly upgrade: string | undefined
  /** `Sec-Fetch-Mode` (Fetch Metadata) */
  readonly mode: string | undefined
  /** `Sec-Fetch-Dest` (Fetch Metadata) */
  readonly destination: string | undefined
}

/** `websocket`, alone or in a list (RFC 9110 section 7.8). */
const WEBSOCKET = /(?:^|,)[ \t]*websocket[ \t]*(?:$|,)/i

/**
 * Whether a request is of the kind that enforcement keeps strangers from sending (E1). WebSockets are, whatever the
 * method, since browsers send them without asking and hand over what they answer.
 */
export function isEnforced (enforce: 'unsafe' | 'all', { method, handedOver, upgrade, mode, destination }: Harm): boolean {
  if (method === 'OPTIONS') return false
  if (method !== 'GET' && method !== 'HEAD') return true
  if (handedOver || (upgrade !== undefined && WEBSOCKET.test(upgrade))) return true
  // A link to a page, or the way back from a login, is no call.
  return enforce === 'all' && !(mode === 'navigate' && destination === 'document')
}

/** What a request was sent to, as the page that sent it names it. */
export interface Address {
  /** The host, and the port unless it is the scheme's default; a default port may be spelled out. */
  readonly host: string
  /** `http` or `https`; `null` where that is not known, as behind a proxy that is not trusted. */
  readonly scheme: string | null
}

/**
 * Whether a request comes from a page of another origin (E2), after Go's `http.CrossOriginProtection`. Without either
 * header it comes from no browser.
 *
 * @param origin - `Origin`
 * @param site - `Sec-Fetch-Site` (Fetch Metadata), which browsers send and pages can't forge
 * @param addressOf - tells what the request was sent to; called only where it matters
 */
export function isForeign (origin: string | undefined, site: string | undefined, addressOf: () => Address): boolean {
  if (site !== undefined) return site !== 'same-origin' && site !== 'none'
  if (origin === undefined) return false
  // The only schemes that a server's own pages have; `capacitor://localhost` is an app's, whatever its host is called.
  const pageScheme = origin.startsWith('https://') ? 'https' : origin.startsWith('http://') ? 'http' : null
  if (pageScheme === null || origin.length > MAX_ORIGIN_LENGTH) return true
  const { host, scheme } = addressOf()
  return !isHostOf(origin, `${pageScheme}://`.length, host) || (scheme !== null && scheme !== pageScheme)
}

/**
 * Runs for many requests with an origin: it ends at the first character that differs, and makes no text.
 *
 * @param start - where the host begins in `origin`
 */
function isHostOf (origin: string, start: number, host: string): boolean {
  const length = origin.length - start
  if (length === 0) return false
  for (let i = 0; i < length; i++) {
    if (lowerCased(host.charCodeAt(i)) !== origin.charCodeAt(start + i)) return false
  }
  // An origin never names the port that its scheme implies (RFC 6454 section 6.2).
  const port = origin.startsWith('https:') ? ':443' : ':80'
  return !origin.endsWith(port) && (host.length === length || (host.length === length + port.length && host.endsWith(port)))
}

function lowerCased (code: number): number {
  return code >= 0x41 && code <= 0x5A ? code + 0x20 : code
}
