import { DEFAULT_PORTS } from '../../http/hosts.js'
import { OF_NO_PAGE, schemesNear } from '../../origin/schemes.js'
import { canonicalHost } from '../../origin/parse.js'
import { isValidOrigin } from '../../origin/validate.js'

// What is wrong with the parts of an origin is added to `found`, as clauses that have the origin as their subject.

/** One scheme, or both of the web. */
export type Schemes = readonly [string, ...string[]]

/** How an origin that was typed begins. */
interface MendedScheme {
  /** Those that were meant, in lower case; both where a `*` or a `?` says so. */
  schemes: Schemes
  /** The text after `://`. */
  rest: string
}

const EITHER = /^(?:\*|https?\*|https\?|http\(s\)\??|\(http\|https\)|\(https\|http\)):\/\//i
const WEB = /^(?:https?|wss?)(?::\/*|[;,.]?\/\/+)/i
const ANY = /^[a-z][a-z0-9+.-]*:\/\/+/i
const HOST_AND_PORT = /^[^/?#:]*:(?:[\d*]+(?:[/?#]|$)|$)/
/** As in a file of variables, `ORIGIN=https://a.example`, or in `http://https://a.example`. */
const BEFORE_SCHEME = /^(?:[\w-]+[=:](?:\/\/)?)+(?=[a-z][a-z0-9+-]*:\/\/)/i
const ANY_HOST = /^\*[*.:]*$/
const OTHER_URL = /^[a-z][a-z0-9+.-]*:/i

/** Hosts that seldom have a certificate: those of the machine itself, addresses, and names without a dot at a port. */
const WITHOUT_TLS = /^(?:[\w-]+(?=:(?!443\b)\d)|(?:[^/?#:@]*\.)?localhost|\d+(?:\.(?:\d+|\*))+|\[[^\]]*\]|::1)(?:[:/?#]|$)/i

const WEBSOCKET = new Map([['ws', 'http'], ['wss', 'https']])

/**
 * The scheme that an origin has or should have.
 *
 * @returns `null` where the text is a URL of a kind that has no host
 */
export function mendScheme (written: string, found: Set<string>): MendedScheme | null {
  const text = written.replace(BEFORE_SCHEME, '')
  if (text !== written) found.add('has something before its scheme')
  const either = EITHER.exec(text)
  if (either !== null) {
    found.add('has a wildcard in the scheme, while each scheme is an entry of its own')
    return { schemes: ['https', 'http'], rest: text.slice(either[0].length) }
  }
  if (/^file:/i.test(text)) {
    found.add('is a file, and pages that are files have the origin null')
    return null
  }
  const beginning = WEB.exec(text) ?? ANY.exec(text)
  if (beginning !== null) {
    const scheme = mendWritten(beginning[0], found)
    return scheme === null ? null : { schemes: [scheme], rest: text.slice(beginning[0].length) }
  }
  if (OTHER_URL.test(text) && !HOST_AND_PORT.test(text)) {
    found.add('is a URL without a host, and so of no origin')
    return null
  }
  found.add('has no scheme')
  if (ANY_HOST.test(text)) return { schemes: ['https', 'http'], rest: text }
  return { schemes: [WITHOUT_TLS.test(text) ? 'http' : 'https'], rest: text.replace(/^\/\/+/, '') }
}

/** The scheme out of a beginning such as `https://`, `HTTPS://`, `https:/`, or `http//`; `null` where two may be meant. */
function mendWritten (beginning: string, found: Set<string>): string | null {
  const written = beginning.slice(0, beginning.search(/[:;,./]/))
  const scheme = written.toLowerCase()
  if (scheme !== written) found.add('has upper case in the scheme, which browsers send in lower case')
  if (beginning.slice(written.length) !== '://') found.add('does not have :// after the scheme')
  const near = schemesNear(scheme)
  if (near.length > 0) {
    found.add(`has the scheme ${scheme}, which looks like ${near.join(' or ')}`)
    return spelled(scheme, near)
  }
  const web = WEBSOCKET.get(scheme)
  if (web === undefined && OF_NO_PAGE.has(scheme)) {
    found.add(`has the scheme ${scheme}, which no page has: write the origin of the page, such as 'https://app.example.com'`)
    return null
  }
  if (web === undefined) return scheme
  found.add(`has the scheme ${scheme} of a WebSocket address, while its page's origin has ${web}`)
  return web
}

/** Who writes an s means it. */
export function spelled (scheme: string, [likelier = scheme, other]: readonly string[]): string | null {
  return other === undefined || scheme.includes('s') ? likelier : null
}

export function isOfWeb (scheme: string): boolean {
  return scheme === 'http' || scheme === 'https'
}

/** The authority of a URL, between `://` and the path, without user information (RFC 3986, section 3.2). */
interface Authority {
  host: string
  /** The text after the colon; `null` without a colon. */
  port: string | null
}

/** Endings that an origin can't have after its host and port. */
const TAILS = [
  { form: /^\/$/, clause: 'ends with a slash' },
  { form: /^\/[^?#]/, clause: 'has a path' },
  { form: /^[^#]*\?/, clause: 'has a query' },
  { form: /#/, clause: 'has a fragment' }
]

/**
 * Reads the authority at the start of a text.
 *
 * @param found what an origin can't have beside it is added here, as clauses that have the origin as their subject
 */
export function readAuthority (text: string, found: Set<string>): Authority {
  const tail = text.replace(/^[^/?#]+/, '')
  const authority = text.slice(0, text.length - tail.length)
  const hostAndPort = authority.slice(authority.lastIndexOf('@') + 1)
  if (hostAndPort !== authority) found.add('has user information')
  for (const { form, clause } of TAILS) if (form.test(tail)) found.add(clause)

  const bracketed = inBrackets(hostAndPort)
  if (bracketed !== hostAndPort) found.add('has an IPv6 address without brackets')
  const colon = bracketed.indexOf(':', bracketed.indexOf(']') + 1)
  if (colon === -1) return { host: bracketed, port: null }
  return { host: bracketed.slice(0, colon), port: bracketed.slice(colon + 1) }
}

/** An IPv6 address without brackets can't be told from one with a port, but for the one that people write. */
function inBrackets (hostAndPort: string): string {
  if (/^::1(?::\d+)?$/.test(hostAndPort)) return hostAndPort.replace('::1', '[::1]')
  return canonicalHost(`[${hostAndPort}]`) === null ? hostAndPort : `[${hostAndPort}]`
}

/** A clause that has the origin as its subject. */
export const UPPER_CASE_HOST = 'has upper case in the host, which browsers send in lower case'

/**
 * A host without `*` as browsers write it.
 *
 * @param http whether the scheme is http or https: the host of others is opaque, and its letters keep their case
 * @returns `null` where the host is not valid, and the right one can't be known
 */
export function mendHost (written: string, http: boolean, found: Set<string>): string | null {
  const host = http ? mendDots(written, found) : written
  const mended = http ? mendHostCharacters(host, found) : host
  if (mended !== null && isValidOrigin(`${http ? 'http' : 'x'}://${mended}`)) return mended
  found.add(host !== '' ? 'has a host that is not valid' : http ? 'has no host' : 'has no host: write it, or a * for any')
  return null
}

function mendDots (written: string, found: Set<string>): string {
  if (/^\.+$/.test(written)) return ''
  const dotted = written.replace(/\.{2,}/g, '.')
  if (dotted !== written) found.add('has an empty label in the host')
  return dotted
}

function mendHostCharacters (host: string, found: Set<string>): string | null {
  const canonical = canonicalHost(host)
  const lower = host.toLowerCase()
  if (/[^\p{ASCII}]/u.test(host)) found.add('has letters in the host that are not ASCII, which browsers send as Punycode')
  else if (lower !== host) found.add(UPPER_CASE_HOST)
  else if (canonical !== null && canonical !== host) found.add('has a host in another form than the one that browsers send')
  return canonical
}

/**
 * A port as browsers write it: a decimal without leading zeros that is not the default (WHATWG URL, section 4.4).
 *
 * @param port what stands after the colon
 * @returns the colon and the port, `''` where none is to be written, or `null` where none can be known
 */
export function mendPort (port: string, scheme: string, found: Set<string>): string | null {
  if (port === '*') return ':*'
  if (port === '') return mended('has a colon without a port', '', found)
  if (/^[\d*]*\*[\d*]*$/.test(port)) return mended(STAR_IN_PORT, /\d/.test(port) ? null : ':*', found)
  if (!/^\d+$/.test(port)) return mended('has a port that is not a number: write each port, or :* for any', null, found)
  const number = Number(port)
  if (number === 0) return mended('has port 0, which is not one', null, found)
  if (number > 65535) return mended('has a port over 65535', null, found)
  if (String(number) === DEFAULT_PORTS.get(scheme)) {
    return mended(`spells out port ${number}, which browsers leave out because it is the default of ${scheme}`, '', found)
  }
  return port.startsWith('0') ? mended('has a port with leading zeros', `:${number}`, found) : `:${port}`
}

/** A clause that has the origin as its subject. */
export const STAR_IN_PORT = 'has a * inside the port: only :* is one, for any port or none'

function mended<T> (clause: string, result: T, found: Set<string>): T {
  found.add(clause)
  return result
}
