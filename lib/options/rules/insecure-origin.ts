import { isLoopback } from '../../http/loopback.js'
import { parseOrigin } from '../../origin/parse.js'
import { automatonOf } from '../../regexp/automaton.js'
import { checkRegExp, type CheckedRegExp } from '../../regexp/check.js'
import { type Language, textsOf } from '../../regexp/language.js'
import { parseRegExp } from '../../regexp/parse.js'
import { isRegExp, quote, readRegExp, type RegExpText } from '../../text.js'
import type { Problem } from '../issue.js'
import { secureOrigin, secureRegExp } from '../suggest/secure.js'
import { ORIGINS } from '../../origin/language.js'
import { isRefusedUnexamined, type RegExpList } from './regexps.js'
import { firstGiven, isAllowed, type OriginEntry, type OriginRule, type Rules } from './rule.js'

/** `origin-insecure-with-credentials`. */
export function insecureRule (rules: Rules, regexps: RegExpList): OriginRule | null {
  const option = firstGiven(['origin', 'credentials', 'dangerouslyAllow'], rules)
  if (rules.merged.credentials !== true || option === undefined || isAllowed('insecure-origins', rules)) return null
  const unchecked = isAllowed('unchecked-regexps', rules)
  const problemOf = (entry: OriginEntry): Problem | null => {
    const { value } = entry
    if (isRegExp(value)) return insecureRegExp(value, unchecked ? checkRegExp(readRegExp(value), 'whole') : regexps.check(value))
    if (typeof value !== 'string' || !value.startsWith('http://')) return null
    const host = entry.hostOf(value)
    return host === null || isLoopback(host) ? null : problem(value, quote(value), () => secureOrigin(value, host))
  }
  return entry => {
    const found = problemOf(entry)
    if (found !== null) rules.issues.add(entry.placeAt(option), found)
  }
}

/** Anyone on the network path to an http site can serve a page there that uses the credentials. */
function problem (value: unknown, subject: string, fix: Problem['fix']): Problem {
  return {
    otherwise: 'serve the page over https and list that origin; where https is not to be had, as in a private network, write dangerouslyAllow: [\'insecure-origins\']',
    code: 'origin-insecure-with-credentials',
    value,
    message: `${subject} is plain http: anyone on the network path could serve a page there that acts as your logged-in user`,
    fix
  }
}

function insecureRegExp (value: RegExp, checked: CheckedRegExp | 'too many' | null): Problem | null {
  // What is refused for its cost or number is examined no further
  if (isRefusedUnexamined(checked)) return null
  const example = insecureExample(readRegExp(value))
  return example === null ? null : problem(value, `${quote(example)}, which the expression allows,`, () => secureRegExp(readRegExp(value)))
}

/** An assertion may refuse some examples: so many are tried. */
const MOST_EXAMPLES = 100

/**
 * A plain http origin that an expression allows, and that is not the machine itself. Found by trying: there may be one where
 * none is returned, but what is returned is matched for certain.
 */
export function insecureExample (text: RegExpText): string | null {
  const pattern = parseRegExp(text)
  if (typeof pattern === 'string') return null
  const stateless = new RegExp(text.source, text.flags.replace(/[gy]/g, ''))
  try {
    let tried = 0
    for (const example of textsOf(automatonOf(pattern, text.flags, 'whole'), INSECURE)) {
      const host = parseOrigin(example)?.host
      if (host !== undefined && !isLoopback(host) && stateless.test(example)) return example
      if (++tried === MOST_EXAMPLES) break
    }
  } catch {
    // TooLarge: an expression that may be as large as it likes, because its author said so
  }
  return null
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
    if (!/^(?:host|address) http ./.test(next)) return `${next}|${label}|${host}`
    return `${next}|${character === '.' ? '' : beginningOf('localhost', label + character)}|${host === '127.' ? host : beginningOf('127.', host + character)}`
  },
  includes (state) {
    const [origin = '', label, host] = state.split('|')
    return ORIGINS.includes(origin) && label !== 'localhost' && host !== '127.'
  }
}

function beginningOf (word: string, text: string): string {
  return word.startsWith(text) ? text : '-'
}
