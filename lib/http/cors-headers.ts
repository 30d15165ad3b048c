/** The response headers of the CORS protocol (Fetch, "CORS protocol", "HTTP responses"), in lower case. */
const NAMES = new Set([
  'access-control-allow-origin',
  'access-control-allow-credentials',
  'access-control-allow-headers',
  'access-control-allow-methods',
  'access-control-allow-private-network',
  'access-control-expose-headers',
  'access-control-max-age'
])

/** The same names as a list. */
export const CORS_RESPONSE_HEADERS: readonly string[] = [...NAMES]

/** @param name - in lower case */
export function isCorsResponseHeader (name: string): boolean {
  // Length and first letter rule out nearly every other name without a look-up.
  return name.length > 21 && name.charCodeAt(0) === 0x61 && NAMES.has(name)
}
