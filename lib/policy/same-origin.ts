import { MAX_ORIGIN_LENGTH } from '../origin/parse.js'

/**
 * Whether a request comes from a page of another origin (E2), after Go's `http.CrossOriginProtection`. Without either
 * header it comes from no browser.
 *
 * @param origin - `Origin`
 * @param site - `Sec-Fetch-Site` (Fetch Metadata), which browsers send and pages can't forge
 * @param hostOf - tells the host and port that the request was sent to
 * @param schemeOf - tells the scheme it was sent by; `null` where that is not known, as behind a proxy that isn't trusted
 */
export function isForeign (origin: string | undefined, site: string | undefined, hostOf: () => string, schemeOf: () => string | null): boolean {
  if (site !== undefined) return site !== 'same-origin' && site !== 'none'
  if (origin === undefined) return false
  if (origin.length > MAX_ORIGIN_LENGTH || !isHostOf(origin, hostOf())) return true
  const scheme = schemeOf()
  return scheme !== null && scheme !== origin.slice(0, origin.indexOf(':'))
}

/** Runs for many requests with an origin: it ends at the first character that differs, and makes no text. */
function isHostOf (origin: string, host: string): boolean {
  const start = origin.indexOf('://') + 3
  const length = origin.length - start
  if (start < 3 || length === 0) return false
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
