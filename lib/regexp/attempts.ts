import { allMeet, meet } from './characters.js'
import { TooLarge } from './automaton.js'
import { componentsOf } from './components.js'
import type { State, Ways } from './fragment.js'

/** Above every id: makes one number of several. */
const IDS = 2 ** 11

/** The most edges of the automaton for what two or three attempts can do together. */
const MOST_EDGES = 1_000_000

/** The edges of an automaton that an analysis looks at. */
export type Edges = (state: State) => Ways

/** The edges that lead to states that are wanted. */
export function restricted (edges: Edges, wanted: (state: State) => boolean): Edges {
  const known = new Map<State, Ways>()
  return state => {
    const ways = known.get(state) ?? new Map([...edges(state)].filter(([next]) => wanted(next)))
    known.set(state, ways)
    return ways
  }
}

/**
 * Receives a step of two attempts, which part, go on apart, or meet again.
 *
 * @param isNew whether the two have not been in these two states before, in either order
 * @returns whether that is all there is to know
 */
type Found = (from: State, fromOther: State, to: State, toOther: State, isNew: boolean) => boolean

/** Three states in which three attempts are after the same text. */
type Triple = readonly [State, State, State]

const NO_PARTNERS: ReadonlySet<State> = new Set()

/** Several attempts to match one text, followed through an automaton together. */
export class Attempts {
  private readonly partners = new Map<State, Set<State>>()
  private edges = 0

  /** @throws TooLarge, as all of its methods do */
  constructor (start: State, edges: Edges) {
    this.part([start], edges, (_, __, one, other, isNew) => {
      if (isNew && one !== other) {
        this.pair(one, other)
        this.pair(other, one)
      }
      return false
    })
  }

  private pair (state: State, partner: State): void {
    const known = this.partners.get(state)
    if (known === undefined) this.partners.set(state, new Set([partner]))
    else known.add(partner)
  }

  private count (edges: number): void {
    this.edges += edges
    if (this.edges > MOST_EDGES) throw new TooLarge()
  }

  /** The other states in which another attempt can be after the same text. */
  partnersOf (state: State): ReadonlySet<State> {
    const partners = this.partners.get(state) ?? NO_PARTNERS
    this.count(partners.size)
    return partners
  }

  /**
   * Follows two attempts through the same text, from each of `starts`.
   *
   * @returns whether the search was ended by `found`.
   */
  part (starts: readonly State[], edges: Edges, found: Found): boolean {
    const pending = starts.flatMap(state => [state, state])
    const seen = new Set(starts.map(({ id }) => id * IDS + id))
    for (let other = pending.pop(), one = pending.pop(); one !== undefined && other !== undefined; other = pending.pop(), one = pending.pop()) {
      const nextOfOther = edges(other)
      for (const nextOne of edges(one).keys()) {
        this.count(nextOfOther.size)
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

  /**
   * True if two loops, one after the other, can share out one text in as many ways as it has characters
   * (Weber and Seidl's IDA: for some states p and q and one text, p leads to p, p to q, and q to q).
   *
   * Three attempts are followed at once: one that stays in the first loop, one that goes from it to the second,
   * and one that stays in the second. When the middle one has arrived, it is sent back to the first; then p and q
   * are where the three come round (Allauzen, Mohri and Rastogi, "General algorithms for testing the ambiguity of
   * finite automata", 2008, section 4).
   */
  shareText (first: readonly State[], second: readonly State[], edges: Edges): boolean {
    const insideFirst = new Set(first)
    const insideSecond = new Set(second)
    const roots = first.flatMap(state => [...this.partnersOf(state)]
      .filter(partner => insideSecond.has(partner))
      .map((partner): Triple => [state, state, partner]))

    const keyOf = ([one, middle, other]: Triple): number => (one.id * IDS + middle.id) * IDS + other.id
    const successorsOf = (triple: Triple): Triple[] => {
      const [one, middle, other] = triple
      const successors: Triple[] = middle === other ? [[one, one, other]] : []
      const [fromOne, fromMiddle, fromOther] = [edges(one), edges(middle), edges(other)]
      this.count(fromOne.size * fromOther.size)
      for (const nextOne of fromOne.keys()) {
        if (!insideFirst.has(nextOne)) continue
        for (const nextOther of fromOther.keys()) {
          if (!insideSecond.has(nextOther) || !meet(nextOne.characters, nextOther.characters)) continue
          this.count(fromMiddle.size)
          for (const nextMiddle of fromMiddle.keys()) {
            if (allMeet(nextOne.characters, nextMiddle.characters, nextOther.characters)) successors.push([nextOne, nextMiddle, nextOther])
          }
        }
      }
      return successors
    }

    return componentsOf(roots, keyOf, successorsOf).some(component => {
      const keys = new Set(component.map(keyOf))
      return component.some(([one, middle, other]) => middle === other && keys.has(keyOf([one, one, other])))
    })
  }
}
