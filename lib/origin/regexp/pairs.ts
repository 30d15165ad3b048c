import { meet } from './characters.js'
import { IDS } from './fragment.js'
import type { State, Ways } from './fragment.js'
import type { Work } from './work.js'

/** The edges of an automaton that an analysis looks at. */
export type Edges = (state: State) => Ways

/** For a state, the others in which another attempt can be after the same text. */
export type Partners = ReadonlyMap<State, readonly State[]>

/**
 * Receives a step of two attempts, which part, go on apart, or meet again.
 *
 * @param isNew whether the two have not been in these two states before, in either order
 * @returns whether that is all there is to know
 */
type Found = (from: State, fromOther: State, to: State, toOther: State, isNew: boolean) => boolean

/**
 * Follows two attempts through the same text, from each of `starts`.
 *
 * @returns whether the search was ended by `found`.
 */
export function followPairs (starts: readonly State[], edges: Edges, found: Found, work: Work): boolean {
  const pending = starts.flatMap(state => [state, state])
  const seen = new Set(starts.map(({ id }) => id * IDS + id))
  for (let other = pending.pop(), one = pending.pop(); one !== undefined && other !== undefined; other = pending.pop(), one = pending.pop()) {
    const nextOfOther = edges(other)
    for (const nextOne of edges(one).keys()) {
      work.spend(nextOfOther.size)
      for (const next of nextOfOther.keys()) {
        // The attempts have no order: of the steps from one state, half are enough
        if ((one === other && next.id < nextOne.id) || !meet(nextOne.characters, next.characters)) continue
        const key = nextOne.id <= next.id ? nextOne.id * IDS + next.id : next.id * IDS + nextOne.id
        const isNew = !seen.has(key)
        if (found(one, other, nextOne, next, isNew)) return true
        if (!isNew) continue
        seen.add(key)
        pending.push(nextOne, next)
      }
    }
  }
  return false
}

/** The pairs of different states in which two attempts can be after the same text. */
export function partnersOf (start: State, edges: Edges, work: Work): Partners {
  const partners = new Map<State, State[]>()
  followPairs([start], edges, (_, __, one, other, isNew) => {
    if (isNew && one !== other) {
      addPartner(partners, one, other)
      addPartner(partners, other, one)
    }
    return false
  }, work)
  return partners
}

function addPartner (partners: Map<State, State[]>, state: State, partner: State): void {
  const known = partners.get(state)
  if (known === undefined) partners.set(state, [partner])
  else known.push(partner)
}
