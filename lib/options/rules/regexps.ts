import { checkRegExp, type CheckedRegExp } from '../../regexp/check.js'
import { literalOf, readRegExp } from '../../text.js'

/** More of them would hold up the start of the server, and each request of a stranger. */
export const MAX_REGEXPS = 32

/** The check of one expression of a list; of the first that is one too many, `'too many'`, and `null` of those after it. */
export type CheckedOfList = CheckedRegExp | 'too many' | null

/** The regular expressions of one list of origins. */
export class RegExpList {
  private readonly byObject = new Map<RegExp, CheckedRegExp>()
  private readonly byLiteral = new Map<string, CheckedRegExp>()
  private areTooMany = false

  check (regexp: RegExp): CheckedOfList {
    const known = this.byObject.get(regexp)
    if (known !== undefined) return known
    // Once there are too many, reading more of them would only take time.
    if (this.areTooMany) return null
    const text = readRegExp(regexp)
    const literal = literalOf(text)
    const found = this.byLiteral.get(literal) ?? (this.byLiteral.size < MAX_REGEXPS ? checkRegExp(text, 'whole') : 'too many')
    if (found === 'too many') {
      this.areTooMany = true
    } else {
      this.byLiteral.set(literal, found)
      this.byObject.set(regexp, found)
    }
    return found
  }
}

/** The check of an expression that is examined further; `null` of one that is refused for its cost or number. */
export function examined (checked: CheckedOfList): CheckedRegExp | null {
  if (checked === null || checked === 'too many') return null
  return checked.problems.some(({ kind }) => kind === 'slow') ? null : checked
}
