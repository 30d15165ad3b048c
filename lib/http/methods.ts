/**
 * The methods of the IANA HTTP Method Registry (RFC 9110, section 18.2), and others that servers accept. The list does not
 * come from Node, so that it is the same under every version of it.
 */
export const KNOWN_METHODS: ReadonlySet<string> = new Set([
  'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH', 'QUERY',
  'ACL', 'BASELINE-CONTROL', 'BIND', 'CHECKIN', 'CHECKOUT', 'COPY', 'LABEL', 'LINK', 'LOCK', 'MERGE', 'MKACTIVITY',
  'MKCALENDAR', 'MKCOL', 'MKREDIRECTREF', 'MKWORKSPACE', 'MOVE', 'ORDERPATCH', 'PROPFIND', 'PROPPATCH', 'REBIND', 'REPORT',
  'SEARCH', 'UNBIND', 'UNCHECKOUT', 'UNLINK', 'UNLOCK', 'UPDATE', 'UPDATEREDIRECTREF', 'VERSION-CONTROL',
  'M-SEARCH', 'NOTIFY', 'PURGE', 'SOURCE', 'SUBSCRIBE', 'TRACK', 'UNSUBSCRIBE'
])

/**
 * Methods that browsers send in upper case, however a page wrote them.
 *
 * @see https://fetch.spec.whatwg.org/#concept-method-normalize
 */
const NORMALISED = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT'])

/** A method as browsers send it. Every other name is case-sensitive (A9). */
export function normaliseMethod (method: string): string {
  const upper = method.toUpperCase()
  return NORMALISED.has(upper) ? upper : method
}

/**
 * The methods that a page may use although no server lists them.
 *
 * @see https://fetch.spec.whatwg.org/#cors-safelisted-method
 */
export const SAFELISTED_METHODS: readonly string[] = ['GET', 'HEAD', 'POST']

export function isSafelistedMethod (method: string): boolean {
  return SAFELISTED_METHODS.includes(method)
}

const FORBIDDEN = new Set(['CONNECT', 'TRACE', 'TRACK'])

/**
 * True for a method that no page may use, in any letter case.
 *
 * @see https://fetch.spec.whatwg.org/#forbidden-method
 */
export function isForbiddenMethod (method: string): boolean {
  return FORBIDDEN.has(method.toUpperCase())
}
