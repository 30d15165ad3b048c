import { meet } from './characters.js'
import { IDS } from './fragment.js'
import type { State, Ways } from './fragment.js'
import type { Work } from './work.js'

/** The edges of an automaton that an analysis looks at. */
export type Edges = (state: State) => Ways

/** Two states in which two attempts can be after the same text; in no order. */
export type Pair = readonly [State, State]

/** For a state, the others in which another attempt can be after the same text. */
export type Partners = ReadonlyMap<State, ReadonlySet<State>>

/**
 * Follows two attempts through the same text, from each of `starts`.
 *
 * @param found receives each step of the two: they part, go on apart, or meet again. `true` ends the search.
 * @returns whether the search was ended by `found`.
 */
export function followPairs (starts: Iterable<State>, edges: Edges, found: (from: Pair, to: Pair) => boolean, work: Work): boolean {
  const pending: Pair[] = Array.from(starts, state => [state, state])
  const keyOf = ([one, other]: Pair): number => one.id * IDS + other.id
  const seen = new Set(pending.map(keyOf))
  for (let pair = pending.pop(); pair !== undefined; pair = pending.pop()) {
    const [one, other] = pair
    const nextOfOther = edges(other)
    for (const nextOne of edges(one).keys()) {
      work.spend(nextOfOther.size)
      for (const next of nextOfOther.keys()) {
        // The attempts have no order: of the steps from one state, half are enough
        if ((one === other && next.id < nextOne.id) || !meet(nextOne.characters, next.characters)) continue
        const to: Pair = nextOne.id <= next.id ? [nextOne, next] : [next, nextOne]
        if (found(pair, to)) return true
        if (seen.has(keyOf(to))) continue
        seen.add(keyOf(to))
        pending.push(to)
      }
    }
  }
  return false
}

/** The pairs of different states in which two attempts can be after the same text. */
export function partnersOf (start: State, edges: Edges, work: Work): Partners {
  const partners = new Map<State, Set<State>>()
  followPairs([start], edges, (_, [one, other]) => {
    if (one !== other) {
      addPartner(partners, one, other)
      addPartner(partners, other, one)
    }
    return false
  }, work)
  return partners
}

function addPartner (partners: Map<State, Set<State>>, state: State, partner: State): void {
  const known = partners.get(state)
  if (known === undefined) partners.set(state, new Set([partner]))
  else known.add(partner)
}
