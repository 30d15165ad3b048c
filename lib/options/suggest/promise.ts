import { isList, isRegExp, show } from '../../text.js'
import type { GivenOptions } from '../copy.js'
import type { CorsIssue } from '../issue.js'
import { settingsIn, stepsOf, withFix } from './apply.js'

/** A problem as far as two sets of options are compared. */
export type Judged = Pick<CorsIssue, 'path' | 'value'> & { readonly code: string }

/** A problem in words. */
type Described = Judged & Pick<CorsIssue, 'message'>

/** The problems of options. */
interface Found {
  readonly problems: readonly Described[]
  /** How often each of them is there. */
  readonly counts: ReadonlyMap<string, number>
}

/** Finds what is wrong with options. */
export type Judge = (options: GivenOptions) => readonly Described[]

/** Options that are judged without the list of origins, which may be long and has nothing to do with them. */
const APART_FROM_ORIGIN = new Set(['methods', 'allowedHeaders', 'exposedHeaders'])
const ONE_ORIGIN = 'https://app.example.com'

/** So many options, items and pieces of texts are looked at, about a second's work. Problems after that get no fix. */
const MOST_LOOKED_AT = 300_000
const LENGTH_OF_PIECE = 8

/** A set of options as it is judged. */
interface Whole {
  readonly options: GivenOptions
  /** The parts of it that have been judged, by option and item. */
  readonly surroundings: Map<string, Surroundings>
  /** The last fix that was tried, and what is wrong with it: several problems may have the same. */
  last: { readonly key: string, readonly found: Found } | null
}

/** Options with a problem in them, as few as it takes to judge it. */
interface Surroundings {
  readonly options: GivenOptions
  readonly found: Found
}

/** A fix that keeps its promise; what is wrong with the options after one that does not; or nothing, where it is not tried. */
type Verdict = 'kept' | Described | null

/**
 * Judges what could be printed as fixes for the problems of one set of options. A fix keeps its promise alone, and together with
 * those that were kept before it: all of them are printed in one message.
 */
export class FixJudge {
  private readonly alone: Whole
  /** With the fixes that were kept so far, but for those of items, which have nothing to do with others. */
  private together: Whole
  private readonly wrong: ReadonlySet<string>
  private readonly find: Judge
  private readonly staying = new Map<string, readonly number[]>()
  private readonly kept = new Set<string>()
  private lookedAt = 0

  /**
   * @param problems all there are
   * @param judge finds what is wrong with options
   */
  constructor (options: GivenOptions, problems: readonly Judged[], judge: Judge) {
    this.alone = wholeOf(options)
    this.together = this.alone
    this.wrong = new Set(problems.map(({ path }) => path))
    this.find = judge
  }

  /** Judges a fix. It keeps its promise if, put where `path` points, it makes the problem go away, and brings no other one. */
  judge (problem: Judged, fix: string): Verdict {
    if (this.lookedAt > MOST_LOOKED_AT) return null
    const alone = this.judgeIn(this.alone, problem, fix)
    const key = keyOfFix(problem, fix)
    if (alone !== 'kept' || this.kept.has(key)) return alone
    const together = this.together === this.alone ? alone : this.judgeIn(this.together, problem, fix)
    if (together !== 'kept') return together
    this.kept.add(key)
    const isOfItem = stepsOf(problem.path).length > 1 && settingsIn(fix) === null
    const options = isOfItem ? null : withFix(this.together.options, problem.path, fix)
    if (options !== null) this.together = wholeOf(options)
    return 'kept'
  }

  private judgeIn (whole: Whole, problem: Judged, fix: string): Verdict {
    const [option = '', step] = stepsOf(problem.path)
    const list = whole.options[option]
    const isOfItem = step !== undefined && isList(list)
    const { options, found } = this.around(whole, option, isOfItem ? Number(step) : null)
    const fixed = withFix(options, isOfItem ? `/${option}/0` : problem.path, fix)
    if (fixed === null) return null
    const key = keyOfFix(problem, fix)
    const { found: after } = whole.last = whole.last?.key === key ? whole.last : { key, found: this.findIn(fixed) }
    if (isMended(problem, found.counts, after.counts)) return 'kept'
    return after.problems.find(other => !found.counts.has(keyOf(other))) ?? null
  }

  private findIn (options: GivenOptions): Found {
    this.lookedAt += sizeOf(options)
    const problems = this.find(options)
    return { problems, counts: counted(problems) }
  }

  /**
   * The other items of a list have nothing to do with the problem of one, and may be many: it is judged beside a single one that
   * stays. Where there is none, the list would be empty once the item is left out.
   */
  private around ({ options, surroundings }: Whole, option: string, index: number | null): Surroundings {
    const apart = APART_FROM_ORIGIN.has(option) && Object.hasOwn(options, 'origin')
    const key = `${apart || index !== null ? option : ''}/${index ?? ''}`
    const known = surroundings.get(key)
    if (known !== undefined) return known
    const list = options[option]
    const others = apart ? { ...options, origin: ONE_ORIGIN } : options
    const needed = index !== null && isList(list) ? { ...others, [option]: [list[index], ...this.otherItemOf(option, list, index)] } : others
    const around = { options: needed, found: this.findIn(needed) }
    surroundings.set(key, around)
    return around
  }

  private otherItemOf (option: string, list: readonly unknown[], index: number): readonly unknown[] {
    const stays = this.staying.get(option) ?? this.stayingOf(option, list)
    this.staying.set(option, stays)
    const other = stays.find(staying => staying !== index)
    return other === undefined ? [] : [list[other]]
  }

  /** Two items that stay: right ones first; of the others, those that say whom they mean have no fix that leaves them out. */
  private stayingOf (option: string, list: readonly unknown[]): readonly number[] {
    const isWrong = (index: number): boolean => this.wrong.has(`/${option}/${index}`)
    const indexes = [...list.keys()]
    return [...indexes.filter(index => !isWrong(index)), ...indexes.filter(index => isWrong(index) && saysWhom(list[index]))].slice(0, 2)
  }
}

function saysWhom (item: unknown): boolean {
  return typeof item === 'string' && item.includes('://')
}

function keyOfFix ({ path }: Judged, fix: string): string {
  return `${path} ${fix}`
}

function wholeOf (options: GivenOptions): Whole {
  return { options, surroundings: new Map(), last: null }
}

function sizeOf (options: GivenOptions): number {
  const sizes = Object.values(options).map(value => isList(value) ? value.length : typeof value === 'string' ? value.length / LENGTH_OF_PIECE : 1)
  return sizes.reduce((sum, size) => sum + size, 0)
}

/** True if a problem is gone, and no other one has come. */
export function isMended (problem: Judged, before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): boolean {
  const key = keyOf(problem)
  return Array.from(after).every(([found, count]) => count <= (before.get(found) ?? 0) - (found === key ? 1 : 0))
}

/** How often each problem is there. */
export function counted (problems: readonly Judged[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const key of problems.map(keyOf)) counts.set(key, (counts.get(key) ?? 0) + 1)
  return counts
}

/** Places move when lists are spliced: a problem is the same where its code and its value are. */
function keyOf ({ code, value }: Judged): string {
  return `${code} ${isRegExp(value) || typeof value === 'string' ? String(value) : show(value)}`
}
