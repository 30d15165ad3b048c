import type { Characters, CharacterNode } from './characters.js'

/** One place in an expression that takes a character. */
export interface State {
  readonly id: number
  /** The node that takes the character; `null` for the start, before anything was taken. */
  readonly node: CharacterNode | null
  readonly characters: Characters
  /** A quantifier stands around it, at any distance. */
  readonly quantified: boolean
  /** It is part of a lookahead or lookbehind, which takes nothing away from the subject. */
  readonly looking: boolean
  /** Where the next character can be taken, and in how many ways one gets there. */
  readonly next: Map<State, number>
}

/** States, and in how many ways each is reached from, or reaches, the edge of a fragment. */
export type Ways = ReadonlyMap<State, number>

/** A part of an expression as a part of the automaton (Glushkov 1961, with paths counted). */
export interface Fragment {
  /** In how many ways it matches the empty text. */
  readonly empty: number
  /** One of these ways depends on no assertion. */
  readonly free: boolean
  readonly first: Ways
  readonly last: Ways
  /** The last states after which the fragment has matched, whatever follows. */
  readonly settled: ReadonlySet<State>
}

/** More ways than anyone counts; keeps products of products finite. */
export const COUNTLESS = 1e9

const NO_WAYS: Ways = new Map()
const NO_STATES: ReadonlySet<State> = new Set()

/** Matches the empty text in some number of ways. */
export function emptyFragment (empty: number, free: boolean): Fragment {
  return { empty: Math.min(empty, COUNTLESS), free, first: NO_WAYS, last: NO_WAYS, settled: NO_STATES }
}

/** Matches what a single state takes. */
export function stateFragment (state: State): Fragment {
  const ways = new Map([[state, 1]])
  return { empty: 0, free: false, first: ways, last: ways, settled: new Set([state]) }
}

/** One fragment or another. */
export function inAlternation (fragments: readonly Fragment[]): Fragment {
  return {
    empty: Math.min(COUNTLESS, fragments.reduce((sum, { empty }) => sum + empty, 0)),
    free: fragments.some(({ free }) => free),
    first: new Map(fragments.flatMap(({ first }) => [...first])),
    last: new Map(fragments.flatMap(({ last }) => [...last])),
    settled: new Set(fragments.flatMap(({ settled }) => [...settled]))
  }
}

/**
 * The fragment or nothing. An optional iteration that takes nothing is rejected (ECMA-262, RepeatMatcher,
 * step 2.b), so that nothing is matched in one way only.
 */
export function asOptional (fragment: Fragment): Fragment {
  return { ...fragment, empty: 1, free: true }
}

/** The fragment as it is where it has to take something. */
export function asNonEmpty (fragment: Fragment): Fragment {
  return { ...fragment, empty: 0, free: false }
}

/** The union of two disjoint sets of states, the ways of the second multiplied. */
export function union (one: Ways, other: Ways, factor: number): Ways {
  if (factor === 0) return one
  const ways = new Map(one)
  for (const [state, count] of other) ways.set(state, Math.min(COUNTLESS, count * factor))
  return ways
}
