/**
 * Whether a request comes from a page of another origin (E2), after Go's `http.CrossOriginProtection`. Without either
 * header it comes from no browser.
 *
 * @param origin - `Origin`
 * @param site - `Sec-Fetch-Site` (Fetch Metadata), which browsers send and pages can't forge
 * @param host - the host and port that the request was sent to
 * @param scheme - the scheme it was sent by; `null` where that is not known, as behind a proxy that isn't trusted
 */
export function isForeign (origin: string | undefined, site: string | undefined, host: string, scheme: string | null): boolean {
  if (site !== undefined) return site !== 'same-origin' && site !== 'none'
  return origin !== undefined && !isOwnOrigin(origin, host, scheme)
}

function isOwnOrigin (origin: string, host: string, scheme: string | null): boolean {
  const own = withoutDefaultPort(host.toLowerCase(), origin)
  return own !== '' && origin.endsWith(own) && origin.startsWith('://', origin.length - own.length - 3) &&
    (scheme === null || origin.startsWith(`${scheme}://`))
}

/** An origin never names the port that its scheme implies (RFC 6454 section 6.2). */
function withoutDefaultPort (host: string, origin: string): string {
  const port = origin.startsWith('https:') ? ':443' : ':80'
  return host.endsWith(port) ? host.slice(0, -port.length) : host
}
