const METHODS = new Set(['CONNECT', 'TRACE', 'TRACK'])

/**
 * True for a method that no page may use, in any letter case.
 *
 * @see https://fetch.spec.whatwg.org/#forbidden-method
 */
export function isForbiddenMethod (method: string): boolean {
  return METHODS.has(method.toUpperCase())
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
