import { isValidOrigin } from '../../origin/validate.js'
import type { Entry } from './entries.js'
import { isOfWeb, mendHost, mendPort, mendScheme, readAuthority, type Schemes, STAR_IN_PORT, UPPER_CASE_HOST } from './parts.js'
import { isSafe, wildcardExpression } from './wildcard.js'

const MAX_ENTRY_LENGTH = 1_000

/** The beginning of a private network's addresses (RFC 1918), and a `*` for the rest. */
const NETWORK = /^(?:10|127|192\.168|172\.(?:1[6-9]|2\d|3[01]))(?:\.\d{1,3}){0,2}(?:\.\*){1,3}$/

/** The machine itself, whose port changes with the project. */
const ANY_LOOPBACK_PORT = /^(?:localhost|127\.0\.0\.1)\*$/

const ADDRESS = /^(?:\[.*\]|[\d.]+)$/

/** An expression in quotation marks: as a literal, or its source alone. */
const REGEXP_LITERAL = /^\/[^/].*[\\^$*+?()[\]|].*\/[dgimsuvy]*$/
const REGEXP_SOURCE = /^\^|\$$|\\[./]|(?:\\[dwS]|\[[a-z\d]-[\w-]*\])[+*{]/i

/** The expression that a text holds; `null` where it can't be read, `undefined` where it holds none. */
export function quotedRegExp (text: string): RegExp | null | undefined {
  const isLiteral = REGEXP_LITERAL.test(text)
  if (!isLiteral && !REGEXP_SOURCE.test(text)) return undefined
  const end = isLiteral ? text.lastIndexOf('/') : text.length
  try {
    return new RegExp(text.slice(isLiteral ? 1 : 0, end), text.slice(end + 1))
  } catch {
    return null
  }
}

/**
 * The entries that one text stands for.
 *
 * @param text without spaces around it
 * @param found what is wrong is added here, as clauses that have the text as their subject
 * @returns `null` where the right form can't be known
 */
export function mendEntry (text: string, found: Set<string>): Entry[] | null {
  if (text === '*' || isValidOrigin(text)) return [text]
  if (text.length > MAX_ENTRY_LENGTH) return null
  const regexp = quotedRegExp(text)
  if (regexp !== undefined) return regexp !== null && isSafe(regexp) ? [regexp] : null
  for (const { form, clause } of NO_ORIGINS) {
    if (!form.test(text)) continue
    found.add(clause)
    return null
  }
  const written = mendNetwork(mendCharacters(text, found), found)
  const scheme = written === null ? null : mendScheme(written, found)
  if (scheme === null) return null
  const { host, port } = readAuthority(scheme.rest, found)
  // As in `http://www.https://a.example`
  if (port === '' && scheme.rest.includes('://')) return null
  const entries = host.includes('*')
    ? mendWildcard(scheme.schemes, host, port, found)
    : mendExact(scheme.schemes, host, port, found)
  return entries?.every(isRight) === true ? entries : null
}

/** Texts that stand for something else, though they could be read as hosts. */
const NO_ORIGINS = [
  { form: /^access-control-[\w-]+:(?!.*:\/\/)/i, clause: 'is a header, not its value' },
  { form: /&#/, clause: 'has a character reference of HTML in it' },
  { form: /:\/\/[^/?#]*\.[^/?#]*@/, clause: 'has user information that looks like a host' },
  { form: /^(?!.*:\/\/).*[a-z0-9*]\s+[a-z0-9*]|[a-z0-9*]\s+[a-z0-9-]+$/i, clause: 'has spaces in it' },
  { form: /^(?!localhost:?$)[a-z_-][\w-]*:?$/i, clause: 'is a single word, which may be a scheme or a host' },
  { form: /^\d+$/, clause: 'is a number: for a page at this port of the machine itself, write \'http://localhost:\' and the number' }
]

/** An address of which a part is open: by the length of its prefix (RFC 4632) or a mask, a range, a `*` or a placeholder; a port at either side. */
const OPEN_ADDRESS = /^((?:https?:\/\/)?)(\d+\.(?:[\d.*x%[\]{}-]*))((?::[\d*]+)?)(?:\/([\d.]+))?((?::[\d*]+)?)\/?$/i

/** All numbers that an address can end in. */
const ANY_NUMBERS = /\.(?:[[{]?[01](?:-|\.\.)25[45][\]}]?|(?:\*|x{1,3}|%)(?:\.(?:\*|x{1,3}|%))*)$/i

/** A network with a `*` for the rest of its addresses; `null` where that would name others than those that are meant. */
function mendNetwork (text: string, found: Set<string>): string | null {
  const [, scheme = '', address, port = '', bits, portAfter = ''] = OPEN_ADDRESS.exec(text) ?? []
  if (address === undefined || (bits === undefined && /^[\d.]+$/.test(address))) return text
  const network = bits === undefined ? address.replace(ANY_NUMBERS, '.*') : networkOf(address.split('.'), Number(bits) / 8)
  if (NETWORK.test(network)) {
    if (network !== address) found.add('is a network, of which an expression can name the addresses')
    return `${scheme}${network}${port}${portAfter}`
  }
  found.add('is a network, for which there is no pattern: write each address that is meant, or an expression')
  return null
}

/** The beginning of a network whose prefix ends between two numbers, and a `*`; the whole address where it does not. */
function networkOf (numbers: readonly string[], prefix: number): string {
  return [1, 2, 3].includes(prefix) ? `${numbers.slice(0, prefix).join('.')}.*` : numbers.join('.')
}

function isRight (entry: Entry): boolean {
  return typeof entry !== 'string' || entry === '*' || isValidOrigin(entry)
}

function mendCharacters (text: string, found: Set<string>): string {
  const visible = text.replace(/[\s\p{Cc}\p{Cf}]/gu, '')
  if (visible !== text) found.add('has spaces or invisible characters in it')
  const plain = visible.normalize('NFKC').replace(/[\u2010-\u2015\u2212]/g, '-').replace(/[\u2044\u2215]/g, '/')
  if (plain !== visible.normalize()) found.add('has typographic characters in it')
  const slashed = plain.replaceAll('\\', '/')
  if (slashed !== plain) found.add('has backslashes')
  return slashed
}

/** The beginning of a port, such as `3*`. */
const PART_OF_PORT = /^\d+\*$/

function mendExact (schemes: Schemes, host: string, port: string | null, found: Set<string>): Entry[] | null {
  if (port !== null && PART_OF_PORT.test(port)) return mendPartOfPort(schemes, host, port, found)
  if (!host.startsWith('.') || (host === '.' && !isOfWeb(schemes[0]))) return entriesFor(schemes, [''], host, port, found)
  found.add('begins its host with a dot, while a name and all below it are two entries')
  return entriesFor(schemes, ['', '*.'], host.slice(1), port, found)
}

function mendPartOfPort (schemes: Schemes, host: string, port: string, found: Set<string>): Entry[] | null {
  found.add(STAR_IN_PORT)
  const name = mendHost(host, isOfWeb(schemes[0]), found)
  if (name === null) return null
  return [new RegExp(`^${schemes.length > 1 ? 'https?' : schemes[0]}://${name.replace(/[.[\]]/g, '\\$&')}:${port.replace('*', '\\d{0,4}')}$`)]
}

function mendWildcard (schemes: Schemes, host: string, port: string | null, found: Set<string>): Entry[] | null {
  const lower = host.toLowerCase()
  if (lower !== host) found.add(UPPER_CASE_HOST)
  const name = lower.replace(/^\.\*/, '*').replace(/\*{2,}/g, '*')
  if (/^\*(?:\.\*)*$/.test(name)) {
    const [scheme] = schemes
    if (!isOfWeb(scheme)) return [`${scheme}://*${port === null ? '' : `:${port}`}`]
    found.add('has a * in place of the whole host: any origin, by http too, is \'*\'')
    return (port === null || port.includes('*')) && schemes.length > 1 ? ['*'] : null
  }
  if (port === null && ANY_LOOPBACK_PORT.test(name)) {
    found.add('has a * for the port without a colon before it')
    return schemes.map(scheme => `${scheme}://${name.replace('*', ':*')}`)
  }
  if (NETWORK.test(name)) {
    const address = [...name.split('.'), '*', '*', '*'].slice(0, 4).join('.')
    const mendedPort = port === null ? ':*' : mendPort(port, schemes[0], found)
    const regexp = wildcardExpression(schemes, address, mendedPort ?? '', found)
    return regexp === null || mendedPort === null ? null : [regexp]
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
