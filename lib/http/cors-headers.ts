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

/** Those names, for whoever has to look at each. */
export const CORS_RESPONSE_HEADERS: readonly string[] = [...NAMES]

/** @param name - in lower case */
export function isCorsResponseHeader (name: string): boolean {
  // Nearly every other name is told apart by its length or its first letter, without a look-up.
  return name.length > 21 && name.charCodeAt(0) === 0x61 && NAMES.has(name)
}
