import { allMeet, type Automaton, IDS, meet, type State, TooLarge, type Ways } from './automaton.js'

/** What two or three attempts can do together is an automaton too, of which so many edges are followed. */
const MOST_TOGETHER = 1_000_000

/** The edges followed since the last expression was begun. */
let followed = 0

function follow (edges: number): void {
  followed += edges
  if (followed > MOST_TOGETHER) throw new TooLarge()
}

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
  followed = 0
  const edges: Edges = ({ next }) => next
  const partners = partnersOf(automaton.start, edges)
  const components = componentsIn(automaton.states, edges)
  const explosion = components.find(component => multiplies(component, partners, edges))
  if (explosion !== undefined) return { explosion, degree: 0, loops: [], ways: 1 }
  if (automaton.settled.size === 0) return growthOf(automaton, components, partners, edges)

  // An attempt that arrives where the search ends is the last: what fails before and what is tried after don't add up
  const failing = restricted(edges, state => !automaton.settled.has(state))
  return growthOf(automaton, componentsIn(automaton.states, failing), partners, failing)
}

/** Each component after those that lead to it. */
function componentsIn (states: readonly State[], edges: Edges): Component[] {
  return componentsOf(states, ({ id }) => id, state => edges(state).keys()).reverse()
}

function isLoop (component: Component, edges: Edges): boolean {
  return component.some(state => component.length > 1 || edges(state).has(state))
}

/** Whether two ways through a loop part and meet again on one text (EDA). */
function multiplies (component: Component, partners: Partners, edges: Edges): boolean {
  const members = new Set(component)
  const within = restricted(edges, state => members.has(state))
  if (component.some(state => [...within(state).values()].some(ways => ways > 1))) return true
  if (!component.some(state => [...partners.get(state) ?? []].some(partner => members.has(partner)))) return false
  return followPairs(component, within, (one, other, nextOfOne, nextOfOther) => one !== other && nextOfOne === nextOfOther)
}

/** The edges that lead to states that are wanted. */
function restricted (edges: Edges, wanted: (state: State) => boolean): Edges {
  const known = new Map<State, Ways>()
  return state => {
    const ways = known.get(state) ?? new Map([...edges(state)].filter(([next]) => wanted(next)))
    known.set(state, ways)
    return ways
  }
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

function growthOf (automaton: Automaton, components: readonly Component[], partners: Partners, edges: Edges): Ambiguity {
  const arrivals = new Map<State, Arrival[]>()
  const atEnd: Arrival[] = []
  const loops: Array<Past & { readonly component: Component }> = []
  let worst = NO_PAST
  let mostWays = 1

  for (const component of components) {
    const entries = component.flatMap(state => arrivals.get(state) ?? [])
    const ways = Math.max(1, simultaneous(entries, partners))
    mostWays = Math.max(mostWays, ways)

    let past = entries.reduce((before, entry) => entry.past.degree > before.degree ? entry.past : before, NO_PAST)
    if (isLoop(component, edges)) {
      for (const earlier of loops) {
        if (earlier.degree < past.degree || !shareText(earlier.component, component, partners, edges)) continue
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
    ways: Math.max(mostWays, automaton.whole.empty + simultaneous(atEnd, partners))
  }
}

/** The most ways in which attempts on one text come together from different states. */
function simultaneous (arrivals: readonly Arrival[], partners: Partners): number {
  const totals = new Map<State, number>()
  for (const { from, ways } of arrivals) totals.set(from, (totals.get(from) ?? 0) + ways)
  let most = 0
  for (const [state, own] of totals) {
    let together = own
    for (const partner of partners.get(state) ?? []) {
      follow(1)
      together += totals.get(partner) ?? 0
    }
    most = Math.max(most, together)
  }
  return most
}

interface Visit<Node> {
  readonly node: Node
  readonly index: number
  /** The place in the stack of visits whose component is still open. */
  readonly place: number
  readonly pending: Iterator<Node>
  lowest: number
  closed: boolean
}

/**
 * The strongly connected components of the part of a graph that the roots reach, a component before those
 * that lead to it (Tarjan 1972, without recursion: graphs may be thousands of nodes deep).
 *
 * @param keyOf identifies a node.
 */
export function componentsOf<Node> (
  roots: Iterable<Node>,
  keyOf: (node: Node) => number,
  successorsOf: (node: Node) => Iterable<Node>
): Node[][] {
  const components: Node[][] = []
  const visits = new Map<number, Visit<Node>>()
  const open: Array<Visit<Node>> = []

  const enter = (node: Node): Visit<Node> => {
    const visit = {
      node,
      index: visits.size,
      place: open.length,
      pending: successorsOf(node)[Symbol.iterator](),
      lowest: visits.size,
      closed: false
    }
    visits.set(keyOf(node), visit)
    open.push(visit)
    return visit
  }

  const close = (visit: Visit<Node>): void => {
    const members = open.splice(visit.place)
    for (const member of members) member.closed = true
    components.push(members.map(member => member.node))
  }

  for (const root of roots) {
    if (visits.has(keyOf(root))) continue
    const path = [enter(root)]
    for (let visit = path.at(-1); visit !== undefined; visit = path.at(-1)) {
      const step = visit.pending.next()
      if (step.done !== true) {
        const known = visits.get(keyOf(step.value))
        if (known === undefined) path.push(enter(step.value))
        else if (!known.closed) visit.lowest = Math.min(visit.lowest, known.index)
        continue
      }
      path.pop()
      if (visit.lowest === visit.index) close(visit)
      const parent = path.at(-1)
      if (parent !== undefined) parent.lowest = Math.min(parent.lowest, visit.lowest)
    }
  }
  return components
}

/** The edges of an automaton that an analysis looks at. */
type Edges = (state: State) => Ways

/** For a state, the others in which another attempt can be after the same text. */
type Partners = ReadonlyMap<State, readonly State[]>

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
function followPairs (starts: readonly State[], edges: Edges, found: Found): boolean {
  const pending = starts.flatMap(state => [state, state])
  const seen = new Set(starts.map(({ id }) => id * IDS + id))
  for (let other = pending.pop(), one = pending.pop(); one !== undefined && other !== undefined; other = pending.pop(), one = pending.pop()) {
    const nextOfOther = edges(other)
    for (const nextOne of edges(one).keys()) {
      follow(nextOfOther.size)
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
function partnersOf (start: State, edges: Edges): Partners {
  const partners = new Map<State, State[]>()
  followPairs([start], edges, (_, __, one, other, isNew) => {
    if (isNew && one !== other) {
      addPartner(partners, one, other)
      addPartner(partners, other, one)
    }
    return false
  })
  return partners
}

function addPartner (partners: Map<State, State[]>, state: State, partner: State): void {
  const known = partners.get(state)
  if (known === undefined) partners.set(state, [partner])
  else known.push(partner)
}

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
function shareText (first: readonly State[], second: readonly State[], partners: Partners, edges: Edges): boolean {
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
    follow(fromOne.size * fromOther.size)
    for (const nextOne of fromOne.keys()) {
      if (!insideFirst.has(nextOne)) continue
      for (const nextOther of fromOther.keys()) {
        if (!insideSecond.has(nextOther) || !meet(nextOne.characters, nextOther.characters)) continue
        follow(fromMiddle.size)
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
