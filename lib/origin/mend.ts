import { readAuthority } from './authority.js'
import { UPPER_CASE_HOST, mendHost } from './mend-host.js'
import { mendPort } from './mend-port.js'
import { mendScheme, type Schemes } from './mend-scheme.js'
import { isUsableOrigin } from './usable.js'
import { safeRegExp, wildcardExpression } from './wildcard.js'

/** What can stand in `origin`. */
export type Entry = string | RegExp

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
export function mend (text: string, found: Set<string>): Entry[] | null {
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
  return typeof entry !== 'string' || entry === '*' || isUsableOrigin(entry)
}

function mendCharacters (text: string, found: Set<string>): string {
  const visible = text.replace(/[\s\p{Cc}\p{Cf}]/gu, '')
  if (visible !== text) found.add('has spaces or invisible characters in it')
  const slashed = visible.replaceAll('\\', '/')
  if (slashed !== visible) found.add('has backslashes')
  return slashed
}

function mendExact (schemes: Schemes, host: string, port: string | null, found: Set<string>): Entry[] | null {
  if (!host.startsWith('.')) return entriesFor(schemes, [''], host, port, found)
  found.add('begins its host with a dot, while a name and all below it are two entries')
  return entriesFor(schemes, ['', '*.'], host.slice(1), port, found)
}

function mendWildcard (schemes: Schemes, host: string, port: string | null, found: Set<string>): Entry[] | null {
  const lower = host.toLowerCase()
  if (lower !== host) found.add(UPPER_CASE_HOST)
  const name = lower.replace(/^\.\*/, '*').replace(/\*{2,}/g, '*')
  if (/^\*(?:\.\*)*$/.test(name)) {
    found.add('has a * in place of the whole host')
    return (port === null || port.includes('*')) && schemes.every(isOfWeb) ? ['*'] : null
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
