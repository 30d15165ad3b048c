import { isRegExp, literalOf, readRegExp, type RegExpText } from '../../text.js'
import { isOpenToAnyone, openSuffixOf } from '../../origin/public-suffix.js'
import { Hosts } from '../../regexp/hosts.js'
import { Work } from '../../regexp/budget.js'
import { ANY_LABELS } from '../../origin/validate.js'
import type { Problem } from '../issue.js'
import type { RegExpList } from './regexps.js'
import { firstGiven, isAllowed, type OriginEntry, type OriginRule, type Rules } from './rule.js'

/** `origin-public-suffix-with-credentials`, which is about `enforce` too: it lets in the origins that are allowed. */
export function publicSuffixRule (rules: Rules, regexps: RegExpList): OriginRule | null {
  const { credentials, enforce } = rules.merged
  const reason = credentials === true ? 'credentials' : 'enforce'
  if (reason === 'enforce' && enforce !== 'unsafe' && enforce !== 'all') return null
  const option = firstGiven(['origin', reason, 'dangerouslyAllow'], rules)
  if (option === undefined || isAllowed('public-suffixes', rules)) return null
  const danger = reason === 'credentials' ? 'its pages could act for users who are logged in' : 'enforce would let its pages in'
  const expressions = new Expressions(isAllowed('unchecked-regexps', rules), regexps)
  return entry => {
    const { value } = entry
    const found = isRegExp(value) ? expressions.findingOf(value) : findingOfPattern(entry)
    if (found !== null) rules.issues.add(entry.placeAt(option), problemOf(value, found, danger))
  }
}

/** A host below which anyone can have a name that is allowed, `''` for one that can't be told; or why nothing can be told. */
type Finding = { readonly suffix: string } | { readonly unexamined: string }

function findingOfPattern (entry: OriginEntry): Finding | null {
  const { value } = entry
  const host = typeof value === 'string' && value.includes(`://${ANY_LABELS}`) ? entry.hostOf(value) : null
  const suffix = host?.slice(ANY_LABELS.length)
  return suffix !== undefined && isOpenToAnyone(suffix) ? { suffix } : null
}

/** The expressions of one list: each is looked at once, and all of them in bounded time. */
class Expressions {
  readonly #unchecked: boolean
  readonly #regexps: RegExpList
  readonly #known = new Map<string, Finding | null>()
  #madeWork: Work | undefined

  /** @param unchecked whether expressions are let pass that are too costly, or not anchored */
  constructor (unchecked: boolean, regexps: RegExpList) {
    this.#unchecked = unchecked
    this.#regexps = regexps
  }

  get #work (): Work {
    return this.#madeWork ??= Work.ofMany(1)
  }

  findingOf (regexp: RegExp): Finding | null {
    if (!this.#unchecked && this.#isRefused(regexp)) return null
    const text = readRegExp(regexp)
    const literal = literalOf(text)
    const known = this.#known.get(literal)
    if (known !== undefined) return known
    const finding = this.#examine(text)
    this.#known.set(literal, finding)
    return finding
  }

  /** Whether an expression is refused for what it costs, so that it is not examined any further. */
  #isRefused (regexp: RegExp): boolean {
    const { problems, isUnexamined } = this.#regexps.check(regexp)
    return isUnexamined || problems.some(({ kind }) => kind === 'slow')
  }

  #examine (text: RegExpText): Finding | null {
    try {
      const hosts = Hosts.of(text, this.#unchecked, this.#work.ofOne())
      if (typeof hosts === 'string') return { unexamined: `it ${hosts}` }
      const suffix = openSuffixOf(hosts)
      return suffix === null ? null : { suffix }
    } catch {
      // TooMuchWork, or a limit of the engine
      return { unexamined: this.#work.isTooMuch ? 'it comes after so many others' : 'it is too large' }
    }
  }
}

function problemOf (value: unknown, found: Finding, danger: string): Problem {
  return { code: 'origin-public-suffix-with-credentials', value, message: `${messageOf(found, danger)}; list the names that are yours`, fix: null }
}

function messageOf (found: Finding, danger: string): string {
  if ('unexamined' in found) return `whether the expression allows names that anyone can have can't be told, because ${found.unexamined}`
  return `anyone can have a name ${found.suffix === '' ? 'that the expression allows' : `below ${found.suffix}`}, and ${danger}`
}
