import { Work } from '../../regexp/budget.js'
import { originRegExpProblems, type RegExpProblem, tooLargeProblem } from '../../regexp/check.js'
import { insecureExample } from '../../regexp/insecure.js'
import { literalOf, readRegExp } from '../../text.js'

/** More of them would hold up the start of the server, and each request of a stranger. */
export const MAX_REGEXPS = 32

/** What is known of an expression. */
interface Checked {
  readonly problems: readonly RegExpProblem[]
  /** An origin that it allows although its pages come unencrypted; `null` where none is found. */
  readonly insecure: string | null
  /** Whether others had used up what the checks may cost, so that none was looked for. */
  readonly isUnexamined: boolean
}

const FIRST_TOO_MANY: Checked = {
  problems: [{
    kind: 'slow',
    message: `is one of more than ${MAX_REGEXPS} regular expressions, too many to be checked, and to be tried for a request`,
    fix: 'patterns such as \'https://*.example.com\''
  }],
  insecure: null,
  isUnexamined: true
}

const MORE_OF_TOO_MANY: Checked = { problems: [], insecure: null, isUnexamined: true }

/** The regular expressions of one list of origins: each is looked at once, and all of them together in bounded time. */
export class RegExpList {
  readonly #byLiteral = new Map<string, Checked>()
  readonly #byObject = new Map<RegExp, Checked>()
  readonly #entries: number
  #areTooMany = false
  #madeWork: Work | undefined

  /** @param entries how many there are in the list, whatever they are */
  constructor (entries: number) {
    this.#entries = entries
  }

  get #work (): Work {
    return this.#madeWork ??= Work.ofMany(this.#entries)
  }

  /** What is known of an expression. That there are too many is a problem of the first that is one too many. */
  check (regexp: RegExp): Checked {
    const known = this.#byObject.get(regexp)
    if (known !== undefined) return known
    // Once there are too many, reading more of them would only take time.
    if (this.#areTooMany) return MORE_OF_TOO_MANY
    const checked = this.#checkLiteral(literalOf(readRegExp(regexp)), regexp)
    if (checked === FIRST_TOO_MANY) this.#areTooMany = true
    else this.#byObject.set(regexp, checked)
    return checked
  }

  #checkLiteral (literal: string, regexp: RegExp): Checked {
    const known = this.#byLiteral.get(literal)
    if (known !== undefined) return known
    if (this.#byLiteral.size === MAX_REGEXPS) return FIRST_TOO_MANY
    const checked = this.#checkNew(regexp)
    this.#byLiteral.set(literal, checked)
    return checked
  }

  #checkNew (regexp: RegExp): Checked {
    const problems = originRegExpProblems(regexp, this.#work)
    // What may be slow is not tried out.
    if (problems.some(({ kind }) => kind === 'slow')) return { problems, insecure: null, isUnexamined: this.#work.isTooMuch }
    try {
      return { problems, insecure: insecureExample(regexp, this.#work), isUnexamined: false }
    } catch {
      return { problems: [...problems, tooLargeProblem(this.#work)], insecure: null, isUnexamined: true }
    }
  }
}
