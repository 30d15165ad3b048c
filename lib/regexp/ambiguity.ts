import type { Automaton } from './automaton.js'
import { Attempts, type Edges, restricted } from './attempts.js'
import { componentsOf } from './components.js'
import type { State } from './fragment.js'

/** States that lead to each other, or a single one. */
type Component = readonly State[]

/**
 * In how many ways a backtracking engine can try to match one text, in the terms of Weber and Seidl,
 * "On the degree of ambiguity of finite automata" (1991).
 */
interface Ambiguity {
  /** The loop in which the ways multiply with each further character (EDA), or `null`. */
  readonly explosion: Component | null
  /** The ways grow as this power of the text's length, and the time as one power more. */
  readonly degree: number
  /** The loops that make up the degree (IDA), each able to take what its neighbours can. */
  readonly loops: readonly Component[]
  /** An upper bound of the ways in which the loops are entered: those that don't grow with the text. */
  readonly ways: number
}

/** @throws TooLarge */
export function ambiguityOf (automaton: Automaton): Ambiguity {
  const edges: Edges = ({ next }) => next
  const attempts = new Attempts(automaton.start, edges)
  const components = componentsIn(automaton.states, edges)
  const explosion = components.find(component => multiplies(component, attempts, edges))
  if (explosion !== undefined) return { explosion, degree: 0, loops: [], ways: 1 }
  if (automaton.settled.size === 0) return growthOf(automaton, components, attempts, edges)

  // An attempt that arrives where the search ends is the last: what fails before and what is tried after don't add up
  const failing = restricted(edges, state => !automaton.settled.has(state))
  return growthOf(automaton, componentsIn(automaton.states, failing), attempts, failing)
}

/** Each component after those that lead to it. */
function componentsIn (states: readonly State[], edges: Edges): Component[] {
  return componentsOf(states, ({ id }) => id, state => edges(state).keys()).reverse()
}

function isLoop (component: Component, edges: Edges): boolean {
  return component.some(state => component.length > 1 || edges(state).has(state))
}

/** True if two ways through a loop part and meet again on one text (EDA). */
function multiplies (component: Component, attempts: Attempts, edges: Edges): boolean {
  const members = new Set(component)
  const within = restricted(edges, state => members.has(state))
  if (component.some(state => [...within(state).values()].some(ways => ways > 1))) return true
  if (!component.some(state => [...attempts.partnersOf(state)].some(partner => members.has(partner)))) return false
  return attempts.part(component, within, (one, other, nextOfOne, nextOfOther) => one !== other && nextOfOne === nextOfOther)
}

/** How a component is come to from one that was looked at before. */
interface Arrival {
  readonly from: State
  readonly ways: number
  readonly past: Past
}

interface Past {
  readonly degree: number
  readonly loops: readonly Component[]
}

const NO_PAST: Past = { degree: 0, loops: [] }

function growthOf (automaton: Automaton, components: readonly Component[], attempts: Attempts, edges: Edges): Ambiguity {
  const arrivals = new Map<State, Arrival[]>()
  const atEnd: Arrival[] = []
  const loops: Array<Past & { readonly component: Component }> = []
  let worst = NO_PAST
  let mostWays = 1

  for (const component of components) {
    const entries = component.flatMap(state => arrivals.get(state) ?? [])
    const ways = Math.max(1, simultaneous(entries, attempts))
    mostWays = Math.max(mostWays, ways)

    let past = entries.reduce((before, entry) => entry.past.degree > before.degree ? entry.past : before, NO_PAST)
    if (isLoop(component, edges)) {
      for (const earlier of loops) {
        if (earlier.degree < past.degree || !attempts.shareText(earlier.component, component, edges)) continue
        past = { degree: earlier.degree + 1, loops: earlier.loops }
      }
      past = { degree: past.degree, loops: [...past.loops, component] }
      loops.push({ ...past, component })
    }
    if (past.degree > worst.degree) worst = past

    const members = new Set(component)
    for (const from of component) {
      for (const [state, multiplicity] of edges(from)) {
        if (members.has(state)) continue
        const arrival = { from, ways: ways * multiplicity, past }
        const known = arrivals.get(state)
        if (known === undefined) arrivals.set(state, [arrival])
        else known.push(arrival)
      }
      const leaving = automaton.whole.last.get(from)
      if (leaving !== undefined) atEnd.push({ from, ways: ways * leaving, past })
    }
  }
  return {
    explosion: null,
    ...worst,
    ways: Math.max(mostWays, automaton.whole.empty + simultaneous(atEnd, attempts))
  }
}

/** The most ways in which attempts on one text come together from different states. */
function simultaneous (arrivals: readonly Arrival[], attempts: Attempts): number {
  const totals = new Map<State, number>()
  for (const { from, ways } of arrivals) totals.set(from, (totals.get(from) ?? 0) + ways)
  let most = 0
  for (const [state, own] of totals) {
    let together = own
    for (const partner of attempts.partnersOf(state)) together += totals.get(partner) ?? 0
    most = Math.max(most, together)
  }
  return most
}
