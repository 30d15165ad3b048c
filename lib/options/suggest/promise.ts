import { isList, isRegExp, show } from '../../text.js'
import type { GivenOptions } from '../copy.js'
import type { CorsIssue } from '../issue.js'
import { SourceReader } from './source.js'

/** A problem as far as two sets of options are compared. */
export type Judged = Pick<CorsIssue, 'path' | 'value'> & { readonly code: string }

/** Finds what is wrong with options. */
export type Judge = (options: GivenOptions) => readonly Judged[]

/**
 * Options with a fix put where it belongs: a value in place of the one at `path`, a list in place of a list's item spliced
 * in, `name: value` sets that option, `leave it out` removes what is there, and a bare name renames the option.
 *
 * @param path a JSON pointer to an option, or to an item of its list; `''` for none
 * @returns `null` where the fix is something else, such as advice
 */
export function withFix (options: GivenOptions, path: string, fix: string): GivenOptions | null {
  const [option, index] = stepsOf(path)
  const settings = settingsIn(fix)
  if (settings !== null) return { ...options, ...settings }
  if (option === undefined) return null
  if (fix === 'leave it out') return without(options, option, index)
  if (/^[a-z_]\w*$/i.test(fix) && !/^(?:true|false|null)$/.test(fix)) return index === undefined ? renamed(options, option, fix) : null
  const reader = new SourceReader(fix)
  const value = reader.literal()
  if (value === undefined || !reader.isAtEnd) return null
  return { ...options, [option]: index === undefined ? value : spliced(options[option], index, isList(value) ? value : [value]) }
}

/** The steps of a JSON pointer (RFC 6901, section 4). */
function stepsOf (path: string): string[] {
  return path.split('/').slice(1).map(step => step.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** What `name: value` sets, or several of them with commas. */
function settingsIn (fix: string): Record<string, unknown> | null {
  const reader = new SourceReader(fix)
  const settings: Record<string, unknown> = {}
  do {
    const name = reader.skip(/\s*[a-z]\w*(?=:)/iy)
    if (name === null || reader.skip(/:/y) === null) return null
    const value = reader.literal()
    if (value === undefined) return null
    settings[name.trim()] = value
  } while (reader.skip(/\s*,/y) !== null)
  return reader.isAtEnd ? settings : null
}

function without (options: GivenOptions, option: string, index: string | undefined): GivenOptions {
  if (index !== undefined) return { ...options, [option]: spliced(options[option], index, []) }
  const { [option]: _, ...others } = options
  return others
}

function renamed (options: GivenOptions, from: string, to: string): GivenOptions | null {
  if (Object.hasOwn(options, to)) return null
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [name === from ? to : name, value]))
}

function spliced (list: unknown, index: string, items: readonly unknown[]): unknown {
  return isList(list) ? list.toSpliced(Number(index), 1, ...items) : list
}

/** Options that are judged without the list of origins, which may be long and has nothing to do with them. */
const APART_FROM_ORIGIN = new Set(['methods', 'allowedHeaders', 'exposedHeaders'])
const ONE_ORIGIN = 'https://app.example.com'

/** Options with a problem in them, as few as it takes to judge it. */
interface Surroundings {
  readonly options: GivenOptions
  /** How often each problem of these options is there. */
  readonly problems: ReadonlyMap<string, number>
}

/** Judges what could be printed as fixes for the problems of one set of options. */
export class FixJudge {
  readonly #options: GivenOptions
  readonly #wrong: ReadonlySet<string>
  readonly #judge: Judge
  readonly #surroundings = new Map<string, Surroundings>()
  readonly #rightItems = new Map<string, readonly unknown[]>()

  /**
   * @param problems all there are
   * @param judge finds what is wrong with options
   */
  constructor (options: GivenOptions, problems: readonly Judged[], judge: Judge) {
    this.#options = options
    this.#wrong = new Set(problems.map(({ path }) => path))
    this.#judge = judge
  }

  /** Whether a fix keeps its promise: put where `path` points, it makes the problem go away, and brings no other one. */
  keeps (problem: Judged, fix: string): boolean {
    const [option = '', step] = stepsOf(problem.path)
    const list = this.#options[option]
    const index = step !== undefined && isList(list) ? Number(step) : null
    const { options, problems } = this.#around(option, index)
    const fixed = withFix(options, index === null ? problem.path : `/${option}/0`, fix)
    if (fixed === null) return false
    const key = keyOf(problem)
    for (const [found, count] of counted(this.#judge(fixed))) {
      if (count > (problems.get(found) ?? 0) - (found === key ? 1 : 0)) return false
    }
    return true
  }

  /**
   * The other items of a list have nothing to do with the problem of one, and may be many: it is judged beside a single one that
   * is right. Where there is none, the list would be empty once the item is left out.
   */
  #around (option: string, index: number | null): Surroundings {
    const apart = APART_FROM_ORIGIN.has(option) && Object.hasOwn(this.#options, 'origin')
    const key = `${apart || index !== null ? option : ''}/${index ?? ''}`
    const known = this.#surroundings.get(key)
    if (known !== undefined) return known
    const list = this.#options[option]
    const others = apart ? { ...this.#options, origin: ONE_ORIGIN } : this.#options
    const options = index !== null && isList(list) ? { ...others, [option]: [list[index], ...this.#rightItemOf(option, list)] } : others
    const around = { options, problems: counted(this.#judge(options)) }
    this.#surroundings.set(key, around)
    return around
  }

  #rightItemOf (option: string, list: readonly unknown[]): readonly unknown[] {
    const known = this.#rightItems.get(option)
    if (known !== undefined) return known
    const index = list.findIndex((_, index) => !this.#wrong.has(`/${option}/${index}`))
    const found = index === -1 ? [] : [list[index]]
    this.#rightItems.set(option, found)
    return found
  }
}

function counted (problems: readonly Judged[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const key of problems.map(keyOf)) counts.set(key, (counts.get(key) ?? 0) + 1)
  return counts
}

/** Places move when lists are spliced: a problem is the same where its code and its value are. */
function keyOf ({ code, value }: Judged): string {
  return `${code} ${isRegExp(value) || typeof value === 'string' ? String(value) : show(value)}`
}
