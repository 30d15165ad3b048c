import { ENOUGH_PROBLEMS, type CorsIssue, type CorsIssueCode } from './issue.js'

/** Where a problem is: an option, or an item of its list. */
export interface Place {
  option: string
  index?: number | null
}

/** What is wrong there. */
export interface Problem {
  code: CorsIssueCode
  value: unknown
  message: string
  fix: string | null
}

/** The problems of one option. */
interface Found {
  readonly pointer: string
  readonly problems: Array<{ readonly index: number, readonly issue: CorsIssue }>
}

/** Collects the problems of one set of options, so that all are reported at once. */
export class IssueList {
  readonly #byOption = new Map<string, Found>()
  #count = 0

  add ({ option, index }: Place, { code, value, message, fix }: Problem): void {
    const { pointer, problems } = this.#foundOf(option)
    const path = typeof index === 'number' ? `${pointer}/${index}` : pointer
    problems.push({ index: index ?? -1, issue: { code, path, value, message, fix } })
    this.#count++
  }

  #foundOf (option: string): Found {
    const known = this.#byOption.get(option)
    if (known !== undefined) return known
    const found = { pointer: `/${escapePointer(option)}`, problems: [] }
    this.#byOption.set(option, found)
    return found
  }

  /** Whether so much is wrong that no further item of a list is looked at. */
  get isFull (): boolean {
    return this.#count >= ENOUGH_PROBLEMS
  }

  /** Whether there is a problem with the option. */
  has (option: string): boolean {
    return this.#byOption.has(option)
  }

  /** Every problem: of options that are missing first, then in the order of the options and their items. */
  inOrderOf (options: readonly string[]): CorsIssue[] {
    const given = new Set(options)
    const missing = Array.from(this.#byOption.keys()).filter(option => !given.has(option))
    return [...missing, ...options].flatMap(option => {
      const problems = this.#byOption.get(option)?.problems ?? []
      return problems.sort((a, b) => a.index - b.index).map(({ issue }) => issue)
    })
  }
}

/** One step of a JSON pointer (RFC 6901, section 3). */
function escapePointer (step: string): string {
  return step.replaceAll('~', '~0').replaceAll('/', '~1')
}
