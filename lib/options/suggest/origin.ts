import { canonicalHost } from '../../origin/parse.js'
import { isValidOrigin } from '../../origin/validate.js'
import { entriesSource, listSource, quote, shorten } from '../../text.js'
import { safeRegExp, wildcardExpression } from './wildcard.js'

/** Why a text can't stand in `origin`. */
export interface OriginDiagnosis {
  /** What is wrong: a sentence without its full stop. */
  message: string
  /** What to write instead, as JavaScript source; `null` where it can't be known. */
  fix: string | null
}

const MAX_TEXT_LENGTH = 20_000
const MAX_ENTRY_LENGTH = 1_000
const MAX_ENTRIES = 500

const UNSET: OriginDiagnosis = {
  message: 'looks like an environment variable that is not set: set it, or leave it out of the list, as .filter(Boolean) does',
  fix: 'leave it out'
}

/** Words that get into texts, and what was meant by them. */
const WORDS = new Map<string, OriginDiagnosis>([
  ['true', { message: 'is true written as a text', fix: 'true' }],
  ['false', { message: 'is false written as a text', fix: 'false' }],
  ['any', { message: 'is written *', fix: '\'*\'' }],
  ['all', { message: 'is written *', fix: '\'*\'' }],
  ['.*', { message: 'is written *', fix: '\'*\'' }],
  ['none', { message: 'is written false', fix: 'false' }],
  ['null', { message: 'is not an origin that can be listed', fix: null }],
  ['undefined', UNSET],
  ['nan', UNSET],
  ['[object object]', { message: 'is an object turned into text', fix: null }],
  ['self', { message: 'is not needed: pages of the server\'s own origin make no CORS requests', fix: null }],
  ['same-origin', { message: 'is not needed: pages of the server\'s own origin make no CORS requests', fix: null }]
])

const SYNTAX = 'is not an origin as browsers send it: scheme://host, or scheme://host:port, of at most 300 characters'

/**
 * Why a text is neither an origin as browsers send it (RFC 6454, section 6.2) nor a pattern, and what to write instead.
 *
 * @param value any text but `'*'`, `'null'` and `'file://'`, which have meanings of their own
 * @returns `null` where it is one of them
 */
export function diagnoseOrigin (value: string): OriginDiagnosis | null {
  if (isValidOrigin(value)) return null
  const { message, fix } = diagnose(value)
  return { message: `${quote(shorten(value))} ${message}`, fix }
}

function diagnose (value: string): OriginDiagnosis {
  if (value.length > MAX_TEXT_LENGTH) return { message: SYNTAX, fix: null }
  const text = value.trim()
  const entries = listedIn(text)
  const [only] = entries
  if (only === undefined) return { ...UNSET, message: `is empty, and ${UNSET.message}` }
  if (entries.length > 1) {
    return { message: `is a list of ${entries.length} written as one text`, fix: fixOfList(entries) }
  }
  const word = WORDS.get(only.toLowerCase())
  if (word !== undefined) return word
  const found = new Set<string>()
  if (text !== value) found.add('has white space around it')
  if (only !== text) found.add('has quotation marks or separators around it')
  const fixed = mendEntry(only, found)
  return { message: found.size === 0 ? SYNTAX : [...found].join('; '), fix: fixed === null ? null : entriesSource(fixed) }
}

function fixOfList (entries: string[]): string | null {
  if (entries.length > MAX_ENTRIES) return null
  const fixed: Entry[] = []
  for (const entry of entries) {
    const mended = WORDS.has(entry.toLowerCase()) ? null : mendEntry(entry, new Set())
    if (mended === null) return null
    fixed.push(...mended)
  }
  return listSource(fixed)
}

function mendEntry (text: string, found: Set<string>): Entry[] | null {
  if (text === '*' || isValidOrigin(text)) return [text]
  return text.length > MAX_ENTRY_LENGTH ? null : mend(text, found)
}

/** What stands between `://` and the path of a URL, without user information (RFC 3986, section 3.2). */
interface Authority {
  host: string
  /** What stands after the colon; `null` without a colon. */
  port: string | null
}

/** What an origin can't have after its host and port. */
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
function readAuthority (text: string, found: Set<string>): Authority {
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

/** Texts that hold a list in JSON, as variables of the environment do. */
const JSON_LIST = /^\[\s*["'].*["']\s*\]$/s

/** One at either end: a run of them would take time that grows with its square. */
const QUOTATION_MARKS = /^["'`]|["'`]$/g

/**
 * The entries of a text that was meant as a list: separated by commas, semicolons or bars, or by spaces or line breaks
 * where each entry has a scheme. One entry where it is no list, none where nothing is left.
 */
function listedIn (text: string): string[] {
  const inner = JSON_LIST.test(text) ? text.slice(1, -1) : text
  const entries = entriesOf(inner, /[,;|]/)
  if (entries.length > 1) return entries
  const words = entries.flatMap(entry => entriesOf(entry, /\s/))
  return words.every(word => word.includes('://')) ? words : entries
}

function entriesOf (text: string, separator: RegExp): string[] {
  return text.split(separator).map(entry => entry.trim().replace(QUOTATION_MARKS, '')).filter(entry => entry !== '')
}

/** A clause that has the origin as its subject. */
const UPPER_CASE_HOST = 'has upper case in the host, which browsers send in lower case'

/**
 * A host without `*` as browsers write it.
 *
 * @param http whether the scheme is http or https: the host of others is opaque, and its letters keep their case
 * @param found what is wrong is added here, as clauses that have the origin as their subject
 * @returns `null` where the host is not valid, and the right one can't be known
 */
function mendHost (written: string, http: boolean, found: Set<string>): string | null {
  const host = http ? mendDots(written, found) : written
  const mended = http ? mendHostCharacters(host, found) : host
  if (mended !== null && isValidOrigin(`${http ? 'http' : 'x'}://${mended}`)) return mended
  found.add(host === '' ? 'has no host' : 'has a host that is not valid')
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

const DEFAULT_PORTS = new Map([['http', 80], ['https', 443]])

/**
 * A port as browsers write it: a decimal without leading zeros that is not the default (WHATWG URL, section 4.4).
 *
 * @param port what stands after the colon
 * @param found what is wrong is added here, as clauses that have the origin as their subject
 * @returns the colon and the port, `''` where none is to be written, or `null` where none can be known
 */
function mendPort (port: string, scheme: string, found: Set<string>): string | null {
  if (port === '*') return ':*'
  if (port === '') return mended('has a colon without a port', '', found)
  if (/^[\d*]*\*[\d*]*$/.test(port)) return mended('has a * inside the port: only :* is one, for any port or none', ':*', found)
  if (!/^\d+$/.test(port)) return mended('has a port that is not a number', null, found)
  const number = Number(port)
  if (number === 0) return mended('has port 0, which is not one', null, found)
  if (number > 65535) return mended('has a port over 65535', null, found)
  if (number === DEFAULT_PORTS.get(scheme)) {
    return mended(`spells out port ${number}, which browsers leave out because it is the default of ${scheme}`, '', found)
  }
  return port.startsWith('0') ? mended('has a port with leading zeros', `:${number}`, found) : `:${port}`
}

function mended<T> (clause: string, result: T, found: Set<string>): T {
  found.add(clause)
  return result
}

/** One scheme, or both of the web. */
type Schemes = readonly [string, ...string[]]

/** How an origin that was typed begins. */
interface MendedScheme {
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
function mendScheme (text: string, found: Set<string>): MendedScheme | null {
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

/** What can stand in `origin`. */
type Entry = string | RegExp

/** The beginning of a private network's addresses (RFC 1918), and a `*` for the rest. */
const NETWORK = /^(?:10|127|192\.168|172\.(?:1[6-9]|2\d|3[01]))(?:\.\d{1,3}){0,2}(?:\.\*){1,3}$/

const ADDRESS = /^(?:\[.*\]|[\d.]+)$/

const REGEXP_LITERAL = /^\/[^/].*[\\^$*+?()[\]|].*\/[dgimsuvy]*$/
const REGEXP_SOURCE = /^\^|\$$|\\[./]|\\[dwS][+*{]/

/**
 * The entries that a text stands for that is neither an origin nor a pattern.
 *
 * @param text one entry, without spaces around it
 * @param found what is wrong is added here, as clauses that have the text as their subject
 * @returns `null` where the right form can't be known
 */
function mend (text: string, found: Set<string>): Entry[] | null {
  const literal = REGEXP_LITERAL.test(text)
  if (literal || REGEXP_SOURCE.test(text)) {
    found.add('is a regular expression in quotation marks, while it has to stand without them')
    const end = literal ? text.lastIndexOf('/') : text.length
    const regexp = safeRegExp(text.slice(literal ? 1 : 0, end), text.slice(end + 1))
    return regexp === null ? null : [regexp]
  }
  const scheme = mendScheme(mendCharacters(text, found), found)
  if (scheme === null) return null
  const { host, port } = readAuthority(scheme.rest, found)
  const entries = host.includes('*')
    ? mendWildcard(scheme.schemes, host, port, found)
    : mendExact(scheme.schemes, host, port, found)
  return entries?.every(isRight) === true ? entries : null
}

function isRight (entry: Entry): boolean {
  return typeof entry !== 'string' || entry === '*' || isValidOrigin(entry)
}

function mendCharacters (text: string, found: Set<string>): string {
  const visible = text.replace(/[\s\p{Cc}\p{Cf}]/gu, '')
  if (visible !== text) found.add('has spaces or invisible characters in it')
  const slashed = visible.replaceAll('\\', '/')
  if (slashed !== visible) found.add('has backslashes')
  return slashed
}

function mendExact (schemes: Schemes, host: string, port: string | null, found: Set<string>): Entry[] | null {
  if (host === '.' && !isOfWeb(schemes[0])) return entriesFor(schemes, [''], host, port, found)
  if (!host.startsWith('.')) return entriesFor(schemes, [''], host, port, found)
  found.add('begins its host with a dot, while a name and all below it are two entries')
  return entriesFor(schemes, ['', '*.'], host.slice(1), port, found)
}

function mendWildcard (schemes: Schemes, host: string, port: string | null, found: Set<string>): Entry[] | null {
  const lower = host.toLowerCase()
  if (lower !== host) found.add(UPPER_CASE_HOST)
  const name = lower.replace(/^\.\*/, '*').replace(/\*{2,}/g, '*')
  if (/^\*(?:\.\*)*$/.test(name)) {
    const [scheme] = schemes
    if (!isOfWeb(scheme)) return [`${scheme}://*${port === null ? '' : `:${port}`}`]
    found.add('has a * in place of the whole host')
    return (port === null || port.includes('*')) && schemes.every(isOfWeb) ? ['*'] : null
  }
  if (NETWORK.test(name)) {
    const address = [...name.split('.'), '*', '*', '*'].slice(0, 4).join('.')
    const regexp = wildcardExpression(schemes, address, port === null ? ':*' : mendPort(port, schemes[0], found) ?? '', found)
    return regexp === null ? null : [regexp]
  }
  const parts = schemes.map(scheme => `${scheme}://${name}${port === null ? '' : `:${port}`}`)
  if (parts.every(isValidOrigin)) {
    if (lower !== name) found.add('has more than one *, while one stands for one or more labels')
    return parts
  }
  const below = name.replace(/^(?:\*\.)+/, '')
  if (below === name || below.includes('*')) {
    const mendedPort = port === null ? '' : mendPort(port, schemes[0], found)
    const regexp = wildcardExpression(schemes, name, mendedPort ?? '', found)
    return regexp === null || mendedPort === null ? null : [regexp]
  }
  if (lower !== `*.${below}`) found.add('has more than one *, while one stands for one or more labels')
  if (!ADDRESS.test(below)) return entriesFor(schemes, ['*.'], below, port, found)
  found.add('has a * before an address, which has no names below it')
  return entriesFor(schemes, [''], below, port, found)
}

/** The origins or patterns of these parts, in a right form. */
function entriesFor (
  schemes: Schemes, prefixes: string[], host: string, port: string | null, found: Set<string>
): string[] | null {
  const entries: string[] = []
  for (const scheme of schemes) {
    const mendedHost = mendHost(host, isOfWeb(scheme), found)
    const mendedPort = port === null ? '' : mendPort(port, scheme, found)
    if (mendedHost === null || mendedPort === null) return null
    entries.push(...prefixes.map(prefix => `${scheme}://${prefix}${mendedHost}${mendedPort}`))
  }
  return entries
}

function isOfWeb (scheme: string): boolean {
  return scheme === 'http' || scheme === 'https'
}
