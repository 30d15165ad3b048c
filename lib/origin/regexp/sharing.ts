import { allMeet, meet } from './characters.js'
import { componentsOf } from './components.js'
import { IDS } from './fragment.js'
import type { State } from './fragment.js'
import type { Edges, Partners } from './pairs.js'
import type { Work } from './work.js'

/** Three states in which three attempts are after the same text. */
type Triple = readonly [State, State, State]

/**
 * Whether two loops, one after the other, can share out one text in as many ways as it has characters
 * (Weber and Seidl's IDA: for some states p and q and one text, p leads to p, p to q, and q to q).
 *
 * Three attempts are followed at once: one that stays in the first loop, one that goes from it to the second,
 * and one that stays in the second. When the middle one has arrived, it is sent back to the first; then p and q
 * are where the three come round (Allauzen, Mohri and Rastogi, "General algorithms for testing the ambiguity of
 * finite automata", 2008, section 4).
 */
export function shareText (first: readonly State[], second: readonly State[], partners: Partners, edges: Edges, work: Work): boolean {
  const insideFirst = new Set(first)
  const insideSecond = new Set(second)
  const roots = first.flatMap(state => [...partners.get(state) ?? []]
    .filter(partner => insideSecond.has(partner))
    .map((partner): Triple => [state, state, partner]))

  const keyOf = ([one, middle, other]: Triple): number => (one.id * IDS + middle.id) * IDS + other.id
  const successorsOf = (triple: Triple): Triple[] => {
    const [one, middle, other] = triple
    const successors: Triple[] = middle === other ? [[one, one, other]] : []
    const [fromOne, fromMiddle, fromOther] = [edges(one), edges(middle), edges(other)]
    work.spend(fromOne.size * fromOther.size)
    for (const nextOne of fromOne.keys()) {
      if (!insideFirst.has(nextOne)) continue
      for (const nextOther of fromOther.keys()) {
        if (!insideSecond.has(nextOther) || !meet(nextOne.characters, nextOther.characters)) continue
        work.spend(fromMiddle.size)
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
