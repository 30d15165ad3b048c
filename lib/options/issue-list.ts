import { ENOUGH_WRONG, type CorsIssue, type CorsIssueCode } from './issue.js'

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

interface Found {
  readonly index: number
  readonly problem: Problem
}

/** Collects the problems of one set of options, so that all are reported at once. */
export class IssueList {
  readonly #byOption = new Map<string, Found[]>()
  #wrong = 0

  add ({ option, index }: Place, problem: Problem): void {
    const found = { index: index ?? -1, problem }
    const others = this.#byOption.get(option)
    if (found.index === -1 || others?.at(-1)?.index !== found.index) this.#wrong++
    if (others === undefined) this.#byOption.set(option, [found])
    else others.push(found)
  }

  /** Whether so much is wrong that no further item of a list is looked at. */
  get isFull (): boolean {
    return this.#wrong >= ENOUGH_WRONG
  }

  /** Whether there is a problem with the option. */
  has (option: string): boolean {
    return this.#byOption.has(option)
  }

  /** Every problem: of options that are missing first, then in the order of the options and their items. */
  inOrderOf (options: readonly string[]): CorsIssue[] {
    const given = new Set(options)
    const missing = Array.from(this.#byOption.keys()).filter(option => !given.has(option))
    return [...missing, ...options].flatMap(option => this.#issuesOf(option))
  }

  #issuesOf (option: string): CorsIssue[] {
    const found = this.#byOption.get(option)
    if (found === undefined) return []
    const pointer = `/${escapePointer(option)}`
    return found.sort((a, b) => a.index - b.index).map(({ index, problem: { code, value, message, fix } }) =>
      ({ code, path: index === -1 ? pointer : `${pointer}/${index}`, value, message, fix }))
  }
}

/** One step of a JSON pointer (RFC 6901, section 3). */
function escapePointer (step: string): string {
  return step.replaceAll('~', '~0').replaceAll('/', '~1')
}
