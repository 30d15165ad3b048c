/**
 * The methods that are known: those of the IANA HTTP Method Registry (RFC 9110, section 18.2), and those that servers
 * take beside them. The list is the project's own, so that it is the same under every version of Node.
 */
export const KNOWN_METHODS: ReadonlySet<string> = new Set([
  'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH', 'QUERY',
  'ACL', 'BASELINE-CONTROL', 'BIND', 'CHECKIN', 'CHECKOUT', 'COPY', 'LABEL', 'LINK', 'LOCK', 'MERGE', 'MKACTIVITY',
  'MKCALENDAR', 'MKCOL', 'MKREDIRECTREF', 'MKWORKSPACE', 'MOVE', 'ORDERPATCH', 'PROPFIND', 'PROPPATCH', 'REBIND', 'REPORT',
  'SEARCH', 'UNBIND', 'UNCHECKOUT', 'UNLINK', 'UNLOCK', 'UPDATE', 'UPDATEREDIRECTREF', 'VERSION-CONTROL',
  'M-SEARCH', 'NOTIFY', 'PURGE', 'SOURCE', 'SUBSCRIBE', 'TRACK', 'UNSUBSCRIBE'
])

/** The methods that browsers write in upper case whatever a page wrote (Fetch, "normalize a method"). */
const NORMALISED = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT'])

/** A method as browsers send it. Every other name is case-sensitive (A9). */
export function normaliseMethod (method: string): string {
  const upper = method.toUpperCase()
  return NORMALISED.has(upper) ? upper : method
}

/** Whether a browser lets a page use the method, listed or not (Fetch, "CORS-safelisted method"). */
export function isSafelistedMethod (method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'POST'
}
