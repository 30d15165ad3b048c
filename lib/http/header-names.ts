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

const IN_REQUESTS = new Set([
  'accept-charset', 'accept-encoding', 'access-control-request-headers', 'access-control-request-method', 'connection',
  'content-length', 'cookie', 'cookie2', 'date', 'dnt', 'expect', 'host', 'keep-alive', 'origin', 'referer',
  'set-cookie', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'via'
])

/**
 * True for a request header that no page may set, whatever its value.
 *
 * @param name - in lower case
 * @see https://fetch.spec.whatwg.org/#forbidden-request-header
 */
export function isForbiddenRequestHeader (name: string): boolean {
  return IN_REQUESTS.has(name) || name.startsWith('proxy-') || name.startsWith('sec-')
}

/**
 * True for a response header that no page may read.
 *
 * @param name - in lower case
 * @see https://fetch.spec.whatwg.org/#forbidden-response-header-name
 */
export function isForbiddenResponseHeader (name: string): boolean {
  return name === 'set-cookie' || name === 'set-cookie2'
}

/** A name in lower case as its specification spells it. */
export function titleCased (name: string): string {
  return name === 'etag' ? 'ETag' : name.replace(/(?<=^|-)(?:www|mcp|csrf|xsrf|wp|[a-z])/g, part => part.toUpperCase())
}
