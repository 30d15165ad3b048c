import { escapeControls, shorten } from '../text.js'

/** The codes of problems. They are stable, documented and tested. */
export type CorsIssueCode =
  | 'unknown-option'
  | 'invalid-type'
  | 'origin-missing'
  | 'origin-invalid'
  | 'origin-null'
  | 'origin-any-with-credentials'
  | 'origin-insecure-with-credentials'
  | 'origin-public-suffix-with-credentials'
  | 'origin-regexp-dead'
  | 'origin-regexp-unanchored'
  | 'origin-regexp-loose'
  | 'origin-regexp-slow'
  | 'origin-regexp-flags'
  | 'urls-regexp-slow'
  | 'urls-regexp-flags'
  | 'method-invalid'
  | 'method-forbidden'
  | 'header-invalid'
  | 'header-forbidden'
  | 'header-misplaced'
  | 'exposed-any-with-credentials'
  | 'enforce-any-origin'
  | 'max-age-out-of-range'
  | 'status-out-of-range'
  | 'callback-function'
  | 'fixed-at-boot'

/** One problem in the options. */
export interface CorsIssue {
  /** The kind of the problem, for programs. */
  code: CorsIssueCode
  /** A JSON pointer (RFC 6901) into the given options, such as `/origin/2`; `''` is all of them. */
  path: string
  /** The value there. */
  value: unknown
  /** The problem, for people: one sentence. */
  message: string
  /** The text to write instead: JavaScript source, or an instruction that contains it; `null` if none is known. */
  fix: string | null
}

/** A report ends here: nobody reads more, and a list may have a million wrong items. */
const MOST_PROBLEMS = 1000

/** Thrown for options that can't work or are not safe, with every problem. */
export class CorsConfigError extends Error {
  override readonly name = 'CorsConfigError'
  /** The code of every such error, as Fastify's own errors have one. */
  readonly code = 'FST_CORS_INVALID_OPTIONS'
  /** In a request, for the result of a delegator, it is the server's fault. */
  readonly statusCode = 500
  /**
   * Every problem, in the order of the options, up to 1,000. It is not enumerable, so that a printed error does not repeat
   * its message.
   */
  declare readonly issues: CorsIssue[]

  /**
   * @param issues every problem found, at least one
   * @param whose names the options in the message, with a space before: ` of route PUT /x`, say
   */
  constructor (issues: CorsIssue[], whose: string = '') {
    super(describeIssues(issues, whose))
    Object.defineProperty(this, 'issues', { value: issues.slice(0, MOST_PROBLEMS) })
  }
}

const MAX_LISTED = 20
const MAX_FIX_LENGTH = 2000

function describeIssues (issues: readonly CorsIssue[], whose: string): string {
  const listed = issues.slice(0, MAX_LISTED).map((issue, index) => `\n  ${describeIssue(issue, index, issues.slice(0, index))}`)
  return `The CORS options${whose} have ${countOf(issues)}:${listed.join('')}${restOf(issues)}`
}

function countOf ({ length }: readonly CorsIssue[]): string {
  if (length === 1) return 'a problem'
  return length < MOST_PROBLEMS ? `${length} problems` : `at least ${MOST_PROBLEMS} problems`
}

function restOf ({ length }: readonly CorsIssue[]): string {
  if (length >= MOST_PROBLEMS) return `\n  … and more: this report ends after ${MOST_PROBLEMS} problems`
  return length > MAX_LISTED ? `\n  … and ${length - MAX_LISTED} more` : ''
}

/** @param before the issues above: what they say about the same place is not said again */
function describeIssue ({ path, message, fix }: CorsIssue, index: number, before: readonly CorsIssue[]): string {
  const place = path === '' ? 'options' : escapeControls(shorten(path))
  const above = before.filter(issue => issue.path === path)
  const said = withoutRepetition(message, above)
  const isRepeated = fix !== null && above.some(issue => issue.fix === fix)
  const remedy = fix === null ? '' : isRepeated ? ' The fix above mends this, too.' : ` Fix: ${describeFix(fix, index)}`
  return `${place}: ${said}${said.endsWith('?') ? '' : '.'}${remedy}`
}

/** A message without the advice at its end that one above has, too. */
function withoutRepetition (message: string, above: readonly CorsIssue[]): string {
  const ends = Array.from(message.matchAll(/; /g), ({ index }) => index)
  return message.slice(0, ends.find(index => above.some(issue => issue.message.endsWith(message.slice(index)))))
}

/** A fix is printed as a whole, or not at all: a part of it fixes nothing. */
function describeFix (fix: string, index: number): string {
  return fix.length <= MAX_FIX_LENGTH ? fix : `the ${fix.length} characters in issues[${index}].fix`
}

/** Where a problem is: an option, or an item of its list. */
interface Place {
  option: string
  index?: number | null
}

/** A mistake at a place. */
export interface Problem {
  code: CorsIssueCode
  value: unknown
  message: string
  /** A fix, or what may be fixes, best first: the first that keeps its promise is printed. */
  fix: string | null | (() => readonly string[])
  /** Advice for the message, where no fix keeps its promise. */
  otherwise?: string | undefined
}

/** A problem at its place. */
interface Placed {
  /** `-1` where the problem is none of an item. */
  readonly index: number
  readonly path: string
  readonly problem: Problem
}

/** The problems of one option. */
interface Found {
  readonly pointer: string
  readonly problems: Placed[]
}

/** Collects the problems of one set of options, so that all are reported at once. */
export class IssueList {
  private readonly byOption = new Map<string, Found>()
  private count = 0

  add ({ option, index }: Place, problem: Problem): void {
    const { pointer, problems } = this.foundOf(option)
    const path = typeof index === 'number' ? `${pointer}/${index}` : pointer
    problems.push({ index: index ?? -1, path, problem })
    this.count++
  }

  private foundOf (option: string): Found {
    const known = this.byOption.get(option)
    if (known !== undefined) return known
    const found = { pointer: pointerTo(option), problems: [] }
    this.byOption.set(option, found)
    return found
  }

  /** Every problem as it is, without its fix. */
  get problems (): Located[] {
    return [...this.byOption.values()].flatMap(({ problems }) => problems.map(({ path, problem: { code, value, message, otherwise } }) =>
      ({ code, path, value, message: withRemark(message, otherwise) })))
  }

  get isEmpty (): boolean {
    return this.count === 0
  }

  /** The report is full: no further item of a list needs to be looked at. */
  get isFull (): boolean {
    return this.count >= MOST_PROBLEMS
  }

  /** True if there is a problem with the option. */
  has (option: string): boolean {
    return this.byOption.has(option)
  }

  /** True if one of the options is given under a name that is none: it is not missing, too. */
  hasMisspelled (...options: string[]): boolean {
    return Array.from(this.byOption.values()).some(({ problems }) =>
      problems.some(({ problem: { code, fix } }) => code === 'unknown-option' && typeof fix === 'string' && options.includes(fix)))
  }

  /**
   * Every problem: of options that are missing first, then in the order of the options and their items.
   *
   * @param judge tells whether a fix keeps its promise; where none does, the issue has none
   */
  inOrderOf (options: readonly string[], judge: Judge): CorsIssue[] {
    const given = new Set(options)
    const missing = Array.from(this.byOption.keys()).filter(option => !given.has(option))
    const problems = [...missing, ...options].flatMap(option => this.byOption.get(option)?.problems.sort((a, b) => a.index - b.index) ?? [])
    // The other options decide if an origin may be listed
    const isOfOrigin = ({ path }: Placed): boolean => path.split('/')[1] === 'origin'
    const numbered = [...problems.entries()]
    const judged = [...numbered.filter(([, problem]) => !isOfOrigin(problem)), ...numbered.filter(([, problem]) => isOfOrigin(problem))]
    const issues: CorsIssue[] = []
    for (const [index, problem] of judged) issues[index] = issueOf(problem, judge)
    return issues
  }
}

/** A problem and its place. */
type Located = Pick<CorsIssue, 'code' | 'path' | 'value' | 'message'>

/** `'kept'` for a fix that keeps its promise; what is wrong after it, where that is known. */
type Judge = (issue: Located, fix: string) => 'kept' | Pick<CorsIssue, 'message'> | null

function issueOf ({ index, path, problem }: Placed, judge: Judge): CorsIssue {
  const { code, value, message, fix, otherwise } = problem
  const candidates = typeof fix === 'function' ? fix() : fix === null ? [] : [fix]
  let objection: string | undefined
  for (const candidate of candidates) {
    const verdict = judge({ code, path, value, message }, candidate)
    if (verdict === 'kept') return { code, path, value, message: withRemark(message, index >= 0 && candidate.startsWith('[') ? INTO_THE_LIST : undefined), fix: candidate }
    if (verdict !== null && candidate !== 'leave it out' && !SAYS_ENOUGH.test(code)) objection ??= `its right form, ${candidate}, is refused with the other options: ${verdict.message}`
  }
  return { code, path, value, message: withRemark(message, objection ?? otherwise), fix: null }
}

/** Problems that are none of the form of a value. */
const SAYS_ENOUGH = /^unknown-option$|-with-credentials$/

const INTO_THE_LIST = 'put the entries of the fix in its place'

function withRemark (message: string, remark: string | undefined): string {
  return remark === undefined ? message : `${message}; ${remark}`
}

/** The JSON pointer to an option (RFC 6901, section 3). */
export function pointerTo (option: string): string {
  return `/${option.replaceAll('~', '~0').replaceAll('/', '~1')}`
}
