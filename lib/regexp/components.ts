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
