/** One scheme, or both of the web. */
export type Schemes = readonly [string, ...string[]]

/** How an origin that was typed begins. */
export interface MendedScheme {
  /** Those that were meant, in lower case; both where a `*` or a `?` says so. */
  schemes: Schemes
  /** What comes after `://`. */
  rest: string
}

const EITHER = /^(?:\*|https?\*|https\?|http\(s\)\??|\(http\|https\)|\(https\|http\)):\/\//i
const WEB = /^(?:https?|wss?)(?::\/*|\/\/+)/i
const ANY = /^[a-z][a-z0-9+.-]*:\/\/+/i
const HOST_AND_PORT = /^[^/?#:]*:[\d*]*(?:[/?#]|$)/
const OTHER_URL = /^[a-z][a-z0-9+.-]*:/i

/** Hosts that seldom have a certificate: those of the machine itself, and addresses. */
const WITHOUT_TLS = /^(?:(?:[^/?#:@]*\.)?localhost|\d+(?:\.\d+){3}|\[[^\]]*\]|::1)(?:[:/?#]|$)/i

const WEBSOCKET = new Map([['ws', 'http'], ['wss', 'https']])

/**
 * The scheme that an origin has or should have.
 *
 * @param found what is wrong is added here, as clauses that have the origin as their subject
 * @returns `null` where the text is a URL of a kind that has no host
 */
export function mendScheme (text: string, found: Set<string>): MendedScheme | null {
  const either = EITHER.exec(text)
  if (either !== null) {
    found.add('has a wildcard in the scheme, while each scheme is an entry of its own')
    return { schemes: ['https', 'http'], rest: text.slice(either[0].length) }
  }
  if (/^file:/i.test(text)) {
    found.add('is a file, and pages that are files have the origin null')
    return null
  }
  const written = WEB.exec(text) ?? ANY.exec(text)
  if (written !== null) return { schemes: [mendWritten(written[0], found)], rest: text.slice(written[0].length) }
  if (OTHER_URL.test(text) && !HOST_AND_PORT.test(text)) {
    found.add('is a URL without a host, and so of no origin')
    return null
  }
  found.add('has no scheme')
  return { schemes: [WITHOUT_TLS.test(text) ? 'http' : 'https'], rest: text.replace(/^\/\/+/, '') }
}

/** The scheme out of a beginning such as `https://`, `HTTPS://`, `https:/`, or `http//`. */
function mendWritten (beginning: string, found: Set<string>): string {
  const written = beginning.slice(0, beginning.search(/[:/]/))
  const scheme = written.toLowerCase()
  if (scheme !== written) found.add('has upper case in the scheme, which browsers send in lower case')
  if (beginning.slice(written.length) !== '://') found.add('does not have :// after the scheme')
  const web = WEBSOCKET.get(scheme)
  if (web === undefined) return scheme
  found.add(`has the scheme ${scheme} of a WebSocket address, while its page's origin has ${web}`)
  return web
}
