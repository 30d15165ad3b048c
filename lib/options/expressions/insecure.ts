import { ORIGINS } from '../../origin/language.js'
import { isSerialisedOrigin } from '../../origin/parse.js'
import { wholeSource } from '../../regexp/anchors.js'
import { automatonOf, unlessTooLarge } from '../../regexp/automaton.js'
import type { CheckedRegExp } from '../../regexp/check.js'
import { type Language, textsOf } from '../../regexp/language.js'
import { parseRegExp } from '../../regexp/parse.js'
import { quotePart, type RegExpText } from '../../text.js'

/** A plain http origin that is not the machine itself and that an expression allows; or why that can't be told. */
export type Insecure = { readonly example: string } | { readonly unexamined: string }

/** With one alternative that begins so, which is how most are written, there is nothing to be examined. */
const ONLY_SECURE = /^\^https:[^|]*$/

/** True if an expression says at its beginning that it allows no plain http. */
export function isOnlySecure ({ source }: RegExpText): boolean {
  return ONLY_SECURE.test(source)
}

/** An assertion may refuse some examples: so many are tried. */
const MOST_EXAMPLES = 100

/**
 * Finds a plain http origin that an expression allows; what can't be told is unexamined.
 *
 * @param asWritten whether an expression that is not anchored is read so, and not as if it were
 */
export function findInsecure ({ text, problems }: CheckedRegExp, asWritten: boolean): Insecure | null {
  if (isOnlySecure(text)) return null
  const pattern = parseRegExp(text)
  const whole = typeof pattern === 'string' || !asWritten ? pattern : parseRegExp({ source: wholeSource(pattern), flags: text.flags })
  if (typeof whole === 'string') return { unexamined: `it ${whole}` }
  return unlessTooLarge<Insecure | null>(() => {
    const automaton = automatonOf(whole, text.flags, 'whole')
    if (automaton.opaque !== null) return { unexamined: `it has ${quotePart(automaton.opaque.raw)} in it` }
    const isSlow = problems.some(({ kind }) => kind === 'slow')
    return exampleAmong(textsOf(automaton, INSECURE), isSlow ? null : text)
  }, { unexamined: 'it is too large' })
}

/** @param text what an example has to match; `null` where trying it could take long: whatever may be one is one then */
function exampleAmong (examples: Iterable<string>, text: RegExpText | null): Insecure | null {
  const stateless = text === null ? null : new RegExp(text.source, text.flags.replace(/[gy]/g, ''))
  let refused = 0
  for (const example of examples) {
    if (isSerialisedOrigin(example) && stateless?.test(example) !== false) return { example }
    if (++refused === MOST_EXAMPLES) break
  }
  return refused === 0 ? null : { unexamined: 'it refuses every example that was tried' }
}

/**
 * Origins with the scheme http whose host is not the machine itself: the state of an origin, and what the last label and the
 * whole host begin with, while they may still be those of a loopback host.
 */
const INSECURE: Language = {
  start: `${ORIGINS.start}||`,
  next (state, character) {
    const [origin = '', label = '', host = ''] = state.split('|')
    const next = ORIGINS.next(origin, character)
    if (next === null || /^slash (?!http )/.test(next)) return null
    return /^(?:host http .|address http )/.test(next) ? `${next}|${nextOfLabel(label, character)}|${nextOfHost(host, character)}` : `${next}|${label}|${host}`
  },
  includes (state) {
    const [origin = '', label, host] = state.split('|')
    return ORIGINS.includes(origin) && label !== 'localhost' && label !== 'localhost.' && host !== '127.' && host !== '[::1]'
  }
}

const NOT_LOOPBACK = '-'

/** A dot may follow the last label. */
function nextOfLabel (label: string, character: string): string {
  if (character === '.') return label === 'localhost' ? 'localhost.' : ''
  const longer = label === 'localhost.' ? character : label + character
  return 'localhost'.startsWith(longer) ? longer : NOT_LOOPBACK
}

function nextOfHost (host: string, character: string): string {
  if (host === '127.' && /[\d.]/.test(character)) return host
  const longer = host + character
  return '127.'.startsWith(longer) || '[::1]'.startsWith(longer) ? longer : NOT_LOOPBACK
}
