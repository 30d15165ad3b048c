import { isAnchored } from '../../regexp/anchors.js'
import { automatonOf } from '../../regexp/automaton.js'
import { checkRegExp, type CheckedRegExp } from '../../regexp/check.js'
import { textsOf } from '../../regexp/language.js'
import { parseRegExp } from '../../regexp/parse.js'
import { literalOf, readRegExp, type RegExpText } from '../../text.js'
import { ORIGINS } from '../../origin/language.js'

/** More of them would hold up the start of the server, and each request of a stranger. */
export const MAX_REGEXPS = 32

/** The regular expressions of one list of origins. */
export class RegExpList {
  readonly #known = new Map<string, CheckedRegExp>()
  #areTooMany = false

  /** What is known of an expression; of the first that is one too many, `'too many'`, and nothing of those after it. */
  check (regexp: RegExp): CheckedRegExp | 'too many' | null {
    if (this.#areTooMany) return null
    const text = readRegExp(regexp)
    const literal = literalOf(text)
    const known = this.#known.get(literal)
    if (known !== undefined) return known
    if (this.#known.size === MAX_REGEXPS) {
      this.#areTooMany = true
      return 'too many'
    }
    const found = checkRegExp(text, 'whole')
    this.#known.set(literal, found)
    return found
  }
}

/** Whether an expression is refused for its cost or number, so that it is examined no further. */
export function isRefusedUnexamined (checked: CheckedRegExp | 'too many' | null): boolean {
  return checked === 'too many' || checked?.problems.some(({ kind }) => kind === 'slow') === true
}

/** Routes repeat the expressions of their registration, and fixes are judged with them. */
const reasons = new Map<string, string | null>()
const MOST_REMEMBERED = 500

/** Why an expression matches no origin that a browser sends, as a clause; `null` where it may match one. */
export function whyDead (text: RegExpText): string | null {
  const key = literalOf(text)
  const known = reasons.get(key)
  if (known !== undefined) return known
  if (reasons.size === MOST_REMEMBERED) reasons.clear()
  const found = findWhyDead(text)
  reasons.set(key, found)
  return found
}

function findWhyDead (text: RegExpText): string | null {
  if (matchesSome(text)) return null
  if (!text.flags.includes('i') && matchesSome({ ...text, flags: `${text.flags}i` })) return 'browsers send scheme and host in lower case'
  if (/:(?:\\?\/|\[\/\]){2}/.test(text.source)) return 'an origin is scheme://host or scheme://host:port, without a slash at its end, and without the default port'
  return 'an origin begins with a scheme, such as https://'
}

function matchesSome ({ source, flags }: RegExpText): boolean {
  const pattern = parseRegExp({ source, flags })
  if (typeof pattern === 'string') return true
  const before = isAnchored(pattern, 'start') ? '' : '[^]*'
  const after = isAnchored(pattern, 'end') ? '' : '[^]*'
  const whole = parseRegExp({ source: `${before}(?:${source})${after}`, flags })
  try {
    const automaton = typeof whole === 'string' ? null : automatonOf(whole, flags, 'whole')
    return automaton === null || automaton.opaque !== null || textsOf(automaton, ORIGINS).next().done !== true
  } catch {
    // TooLarge
    return true
  }
}
