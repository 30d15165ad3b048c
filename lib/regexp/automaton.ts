import type { AST } from '@eslint-community/regexpp'
import { ANY_CHARACTER, type CharacterNode, type Characters, charactersOfNode } from './characters.js'
import {
  asNonEmpty, asOptional, COUNTLESS, emptyFragment, type Fragment, inAlternation, type State, stateFragment, union, type Ways
} from './fragment.js'

/** An expression as a nondeterministic automaton whose states are its characters and character classes. */
export interface Automaton {
  /** In the order of the expression, the start first. A path through them is an attempt to match. */
  readonly states: readonly State[]
  readonly start: State
  readonly whole: Fragment
  /** States after which the search ends, because the expression has matched whatever follows. */
  readonly settled: ReadonlySet<State>
  /** A part whose cost the automaton does not express. */
  readonly opaque: AST.Backreference | CharacterNode | null
  /** A quantifier that has to repeat, many times, what can be empty: any of its turns may then be. */
  readonly emptyTurns: AST.Quantifier | null
}

/** Counts up to this one are written out turn by turn; beyond, a quantifier is taken as unlimited. */
export const MOST_TURNS = 4

/** An exact count is written out as long as it takes no more states than this. */
const MOST_STATES_OF_EXACT_COUNT = 64

/** Written by hand, nothing that matches origins or paths comes near these. */
export const MOST_STATES = 2000
const MOST_EDGES = 6000

/** Thrown for an expression that is too large to be checked: whatever can't be checked is refused. */
export class TooLarge extends Error {}

/** Returns what an attempt gives, or `otherwise` for an expression that is too large, for these checks or for the engine. */
export function unlessTooLarge<T> (attempt: () => T, otherwise: T): T {
  try {
    return attempt()
  } catch {
    return otherwise
  }
}

/** How much of the subject a match takes: all of it, some from its start, or any part. */
type Extent = 'whole' | 'prefix' | 'anywhere'

/** The flags and groups around a place of an expression. */
interface Surroundings {
  readonly ignoreCase: boolean
  readonly quantified: boolean
  readonly looking: boolean
  /** Directly in a lookbehind, which is matched from its end to its start. */
  readonly backwards: boolean
  /** In a lookbehind at any depth: what is read there may have been read before, in another order. */
  readonly reread: boolean
}

const OUTERMOST: Surroundings = { ignoreCase: false, quantified: false, looking: false, backwards: false, reread: false }

/**
 * Builds the automaton of an expression.
 *
 * @param flags those of the expression.
 * @throws TooLarge
 */
export function automatonOf (pattern: AST.Pattern, flags: string, extent: Extent): Automaton {
  const builder = new Builder(/[uv]/.exec(flags)?.[0] ?? '')
  const start = builder.state(null, ANY_CHARACTER, OUTERMOST)
  const whole = builder.alternatives(pattern.alternatives, { ...OUTERMOST, ignoreCase: flags.includes('i') })
  const entrance = stateFragment(start)
  if (extent === 'anywhere') builder.connect(entrance.last, entrance.first)
  builder.connect(entrance.last, whole.first)
  const settled = extent === 'whole' ? new Set<State>() : whole.settled
  return { states: builder.states, start, whole, settled, opaque: builder.opaque, emptyTurns: builder.emptyTurns }
}

class Builder {
  readonly states: State[] = []
  opaque: Automaton['opaque'] = null
  emptyTurns: Automaton['emptyTurns'] = null
  private readonly mode: string
  private edges = 0

  constructor (mode: string) {
    this.mode = mode
  }

  state (node: CharacterNode | null, characters: Characters, { quantified, looking }: Surroundings): State {
    const state = { id: this.states.length, node, characters, quantified, looking, next: new Map() }
    if (this.states.push(state) > MOST_STATES) throw new TooLarge()
    return state
  }

  alternatives (alternatives: readonly AST.Alternative[], surroundings: Surroundings): Fragment {
    return inAlternation(alternatives.map(({ elements }) => {
      const inOrder = surroundings.backwards ? elements.toReversed() : elements
      return this.inSequence(inOrder.map(element => this.element(element, surroundings)))
    }))
  }

  private element (node: AST.Element, surroundings: Surroundings): Fragment {
    switch (node.type) {
      case 'Quantifier': return this.quantifier(node, surroundings)
      case 'Group': return this.alternatives(node.alternatives, { ...surroundings, ignoreCase: ignoresCase(node, surroundings) })
      case 'CapturingGroup': return this.alternatives(node.alternatives, surroundings)
      case 'Assertion': return this.assertion(node, surroundings)
      case 'Backreference':
        this.opaque = node
        return emptyFragment(1, false)
      default: return this.character(node, surroundings)
    }
  }

  private character (node: CharacterNode, surroundings: Surroundings): Fragment {
    // Strings in a class take several characters at once: an exotic way to write a group
    if (this.mode === 'v' && node.raw.includes('\\q{')) this.opaque = node
    const characters = surroundings.reread
      ? ANY_CHARACTER
      : charactersOfNode(node, surroundings.ignoreCase ? `i${this.mode}` : this.mode)
    return stateFragment(this.state(node, characters, surroundings))
  }

  /** A lookaround is a way of its own that leads nowhere else, tried wherever its place is reached. */
  private assertion (node: AST.Assertion, surroundings: Surroundings): Fragment {
    if (node.kind !== 'lookahead' && node.kind !== 'lookbehind') return emptyFragment(1, false)
    const backwards = node.kind === 'lookbehind'
    const body = this.alternatives(node.alternatives, { ...surroundings, looking: true, backwards, reread: surroundings.reread || backwards })
    return { ...emptyFragment(Math.max(1, body.empty), false), first: body.first }
  }

  private quantifier (node: AST.Quantifier, surroundings: Surroundings): Fragment {
    if (node.max === 0) return emptyFragment(1, true)
    const inside = { ...surroundings, quantified: true }
    const statesBefore = this.states.length
    const body = this.element(node.element, inside)
    const size = this.states.length - statesBefore
    if (size === 0) return node.min === 0 ? asOptional(body) : emptyFragment(body.empty ** node.min, body.free)

    const turns = (count: number): Fragment[] => Array.from({ length: count }, () => this.element(node.element, inside))
    if (node.max <= MOST_TURNS || (node.min === node.max && node.max * size <= MOST_STATES_OF_EXACT_COUNT)) {
      const copies = [body, ...turns(node.max - 1)]
      const mandatory = copies.slice(0, node.min)
      const optional = copies.slice(node.min).reverse()
      const tail = optional.reduce((rest, copy) =>
        asOptional(this.inSequence([asNonEmpty(copy), rest])), emptyFragment(1, true))
      return this.inSequence([...mandatory, tail])
    }

    if (body.empty > 0 && node.min > 1) this.emptyTurns = node
    this.connect(body.last, body.first)
    if (node.min === 0) return asOptional(body)
    if (body.empty === 0) return body
    return this.inSequence([...turns(1), asOptional(body)])
  }

  /** Draws an edge from each of `from` to each of `to`. */
  connect (from: Ways, to: Ways): void {
    this.edges += from.size * to.size
    if (this.edges > MOST_EDGES) throw new TooLarge()
    for (const [source, leaving] of from) {
      for (const [target, entering] of to) {
        source.next.set(target, Math.min(COUNTLESS, (source.next.get(target) ?? 0) + leaving * entering))
      }
    }
  }

  /** One fragment after the other. */
  private inSequence (fragments: Iterable<Fragment>): Fragment {
    let whole = emptyFragment(1, true)
    for (const fragment of fragments) {
      this.connect(whole.last, fragment.first)
      whole = {
        empty: Math.min(COUNTLESS, whole.empty * fragment.empty),
        free: whole.free && fragment.free,
        first: union(whole.first, fragment.first, whole.empty),
        last: union(fragment.last, whole.last, fragment.empty),
        settled: fragment.free ? new Set([...whole.settled, ...fragment.settled]) : fragment.settled
      }
    }
    return whole
  }
}

/** `(?i:…)` and `(?-i:…)` turn letter case off and on for a group (ECMA-262, 2025). */
function ignoresCase ({ modifiers }: AST.Group, { ignoreCase }: Surroundings): boolean {
  if (modifiers === null) return ignoreCase
  return modifiers.add.ignoreCase || (ignoreCase && modifiers.remove?.ignoreCase !== true)
}
