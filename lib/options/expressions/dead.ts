import { BoundedMap } from '../../bounded-map.js'
import { ORIGINS } from '../../origin/language.js'
import { OF_NO_PAGE } from '../../origin/schemes.js'
import { wholeSource } from '../../regexp/anchors.js'
import { automatonOf, unlessTooLarge } from '../../regexp/automaton.js'
import { type Language, textsOf } from '../../regexp/language.js'
import { parseRegExp } from '../../regexp/parse.js'
import { literalOf, type RegExpText } from '../../text.js'
import { misspelledIn } from './schemes.js'

/** Routes repeat the expressions of their registration, and fixes are judged with them. */
const reasons = new BoundedMap<string, string | null>(500)

/** So short that no expression takes long for them. */
const OPAQUE_ORIGINS = ['null', 'file://']
const OTHER_ORIGINS = ['http://a.example', 'https://a.example', 'app://a']

/**
 * The origin of any sandboxed page or local file that an expression was written for; `null` for none.
 *
 * @param isNarrow whether it matches only what it names, so that it may name others beside
 */
export function opaqueOriginOf ({ source, flags }: RegExpText, isNarrow: boolean): string | null {
  const matches = (origin: string): boolean => new RegExp(source, flags).test(origin)
  return !isNarrow && OTHER_ORIGINS.some(matches) ? null : OPAQUE_ORIGINS.find(matches) ?? null
}

/**
 * Why an expression is dead, as a clause that has it as its subject; `null` where it may match an origin.
 *
 * @param nullAllowed whether it is also asked about the origins that any sandboxed page or local file has
 */
export function whyDead (text: RegExpText, nullAllowed: boolean): string | null {
  if (nullAllowed && OPAQUE_ORIGINS.some(origin => new RegExp(text.source, text.flags).test(origin))) return null
  return reasons.remember(literalOf(text), () => findWhyDead(text))
}

function findWhyDead (text: RegExpText): string | null {
  const [misspelled] = misspelledIn(text.source)
  if (misspelled !== undefined) return `has the scheme ${misspelled.written}, which looks like ${misspelled.near.join(' or ')}`
  const [, scheme = ''] = /^\^([a-z][a-z0-9+.-]*):(?:\\?\/){2}/.exec(text.source) ?? []
  if (OF_NO_PAGE.has(scheme)) return `has the scheme ${scheme}, which no page has: pages have https or http, or the scheme of an application`
  if (mayMatch(text)) return null
  if (!text.flags.includes('i') && mayMatch({ ...text, flags: `${text.flags}i` })) return 'matches no origin that a browser sends: browsers send scheme and host in lower case'
  if (text.source.includes('*') && mayMatch(text, ORIGINS)) return 'matches no origin that a browser sends: it has a star in it as a character, while the pattern for names below a host is a text, such as \'https://*.example.com\''
  if (/:(?:\\?\/|\[\/\]){2}/.test(text.source)) return 'matches no origin that a browser sends: an origin is scheme://host or scheme://host:port, without a slash at its end, and without the default port'
  return 'matches no origin that a browser sends: an origin begins with a scheme, such as https://'
}

/** The standard lets hosts have a `*`, but no page has one. */
const OF_PAGES: Language = { ...ORIGINS, next: (state, character) => character === '*' ? null : ORIGINS.next(state, character) }

/** True if an expression may match an origin, or if that can't be told. */
function mayMatch (text: RegExpText, origins = OF_PAGES): boolean {
  const pattern = parseRegExp(text)
  const whole = typeof pattern === 'string' ? pattern : parseRegExp({ source: wholeSource(pattern), flags: text.flags })
  if (typeof whole === 'string') return true
  return unlessTooLarge(() => {
    const automaton = automatonOf(whole, text.flags, 'whole')
    return automaton.opaque !== null || textsOf(automaton, origins).next().done !== true
  }, true)
}
