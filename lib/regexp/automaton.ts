import type { AST } from '@eslint-community/regexpp'

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
const MOST_STATES = 2000
const MOST_EDGES = 6000

/** Thrown for an expression that is too large to be checked: whatever can't be checked is refused. */
export class TooLarge extends Error {}

/** How much of the subject a match takes: all of it, some from its start, or any part. */
type Extent = 'whole' | 'prefix' | 'anywhere'

/** What holds at a place of an expression. */
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
  readonly #mode: string
  #edges = 0

  constructor (mode: string) {
    this.#mode = mode
  }

  state (node: CharacterNode | null, characters: Characters, { quantified, looking }: Surroundings): State {
    const state = { id: this.states.length, node, characters, quantified, looking, next: new Map() }
    if (this.states.push(state) > MOST_STATES) throw new TooLarge()
    return state
  }

  alternatives (alternatives: readonly AST.Alternative[], surroundings: Surroundings): Fragment {
    return inAlternation(alternatives.map(({ elements }) => {
      const inOrder = surroundings.backwards ? elements.toReversed() : elements
      return this.#inSequence(inOrder.map(element => this.#element(element, surroundings)))
    }))
  }

  #element (node: AST.Element, surroundings: Surroundings): Fragment {
    switch (node.type) {
      case 'Quantifier': return this.#quantifier(node, surroundings)
      case 'Group': return this.alternatives(node.alternatives, { ...surroundings, ignoreCase: ignoresCase(node, surroundings) })
      case 'CapturingGroup': return this.alternatives(node.alternatives, surroundings)
      case 'Assertion': return this.#assertion(node, surroundings)
      case 'Backreference':
        this.opaque = node
        return emptyFragment(1, false)
      default: return this.#character(node, surroundings)
    }
  }

  #character (node: CharacterNode, surroundings: Surroundings): Fragment {
    // Strings in a class take several characters at once: an exotic way to write a group
    if (this.#mode === 'v' && node.raw.includes('\\q{')) this.opaque = node
    const characters = surroundings.reread
      ? ANY_CHARACTER
      : charactersOfNode(node, surroundings.ignoreCase ? `i${this.#mode}` : this.#mode)
    return stateFragment(this.state(node, characters, surroundings))
  }

  /** A lookaround is a way of its own that leads nowhere else, tried wherever its place is reached. */
  #assertion (node: AST.Assertion, surroundings: Surroundings): Fragment {
    if (node.kind !== 'lookahead' && node.kind !== 'lookbehind') return emptyFragment(1, false)
    const backwards = node.kind === 'lookbehind'
    const body = this.alternatives(node.alternatives, { ...surroundings, looking: true, backwards, reread: surroundings.reread || backwards })
    return { ...emptyFragment(Math.max(1, body.empty), false), first: body.first }
  }

  #quantifier (node: AST.Quantifier, surroundings: Surroundings): Fragment {
    if (node.max === 0) return emptyFragment(1, true)
    const inside = { ...surroundings, quantified: true }
    const statesBefore = this.states.length
    const body = this.#element(node.element, inside)
    const size = this.states.length - statesBefore
    if (size === 0) return node.min === 0 ? asOptional(body) : emptyFragment(body.empty ** node.min, body.free)

    const turns = (count: number): Fragment[] => Array.from({ length: count }, () => this.#element(node.element, inside))
    if (node.max <= MOST_TURNS || (node.min === node.max && node.max * size <= MOST_STATES_OF_EXACT_COUNT)) {
      const copies = [body, ...turns(node.max - 1)]
      const mandatory = copies.slice(0, node.min)
      const optional = copies.slice(node.min).reverse()
      const tail = optional.reduce((rest, copy) =>
        asOptional(this.#inSequence([asNonEmpty(copy), rest])), emptyFragment(1, true))
      return this.#inSequence([...mandatory, tail])
    }

    if (body.empty > 0 && node.min > 1) this.emptyTurns = node
    this.connect(body.last, body.first)
    if (node.min === 0) return asOptional(body)
    if (body.empty === 0) return body
    return this.#inSequence([...turns(1), asOptional(body)])
  }

  /** Draws an edge from each of `from` to each of `to`. */
  connect (from: Ways, to: Ways): void {
    this.#edges += from.size * to.size
    if (this.#edges > MOST_EDGES) throw new TooLarge()
    for (const [source, leaving] of from) {
      for (const [target, entering] of to) {
        source.next.set(target, Math.min(COUNTLESS, (source.next.get(target) ?? 0) + leaving * entering))
      }
    }
  }

  /** One fragment after the other. */
  #inSequence (fragments: Iterable<Fragment>): Fragment {
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

/**
 * A set of the printable ASCII characters U+0021 to U+007E, one bit each. A serialised origin (RFC 6454
 * section 6.2) and a URL path (WHATWG URL, "URL-path string", percent-encoded) hold no others.
 */
export interface Characters {
  /** U+0020 to U+003F: signs and digits. */
  readonly signs: number
  /** U+0040 to U+005F: capital letters. */
  readonly capitals: number
  /** U+0060 to U+007F: small letters. */
  readonly small: number
}

/** A part of an expression that takes exactly one character. */
export type CharacterNode = AST.Character | AST.CharacterClass | AST.CharacterSet | AST.ExpressionCharacterClass

export const PRINTABLE = Array.from({ length: 0x7e - 0x20 }, (_, index) => String.fromCharCode(0x21 + index)).join('')

/** The set of the printable ASCII characters in a text. */
export function charactersOf (text: string): Characters {
  const blocks = { 1: 0, 2: 0, 3: 0 }
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    const block = code >> 5
    if (block === 1 || block === 2 || block === 3) blocks[block] |= 1 << (code & 31)
  }
  return { signs: blocks[1], capitals: blocks[2], small: blocks[3] }
}

/** The characters of a set, in the order of their codes. */
export function textOf (characters: Characters): string {
  return Array.from(PRINTABLE).filter(character => meet(charactersOf(character), characters)).join('')
}

/** Every printable ASCII character. */
const ANY_CHARACTER = charactersOf(PRINTABLE)

/** Whether two sets have a character in common. */
export function meet (one: Characters, other: Characters): boolean {
  return ((one.signs & other.signs) | (one.capitals & other.capitals) | (one.small & other.small)) !== 0
}

/** Whether three sets have a character in common. */
export function allMeet (one: Characters, other: Characters, third: Characters): boolean {
  return ((one.signs & other.signs & third.signs) |
    (one.capitals & other.capitals & third.capitals) |
    (one.small & other.small & third.small)) !== 0
}

/** Whether a set stands for at most one character, letter case aside: `[.]` is a way to write `\.`. */
export function isSingle ({ signs, capitals, small }: Characters): boolean {
  const letters = capitals | small
  return (signs & (signs - 1)) === 0 && (letters & (letters - 1)) === 0 && (signs === 0 || letters === 0)
}

/** Answers of the engine by flags and text. Bounded, since the texts are users' own. */
const answers = new Map<string, Characters>()
const MOST_ANSWERS = 2000

/**
 * The characters that a part of an expression matches. The engine is asked, with the part alone: this is
 * exact for case folding, `\p{…}` and set operations without knowing their rules.
 *
 * @param flags `u` or `v` as in the expression, and `i` where it holds at that place.
 */
export function charactersOfNode (node: CharacterNode, flags: string): Characters {
  if (node.type !== 'Character') return askEngine(node.raw, flags)
  if (!flags.includes('i')) return charactersOf(String.fromCodePoint(node.value))
  const hex = node.value.toString(16)
  return askEngine(flags === 'i' ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`, flags)
}

function askEngine (raw: string, flags: string): Characters {
  const key = `${flags}/${raw}`
  const known = answers.get(key)
  if (known !== undefined) return known
  const characters = charactersOf((PRINTABLE.match(new RegExp(raw, `${flags}g`)) ?? []).join(''))
  if (answers.size === MOST_ANSWERS) answers.clear()
  answers.set(key, characters)
  return characters
}

/** One place in an expression that takes a character. */
export interface State {
  readonly id: number
  /** What takes the character; `null` for the start, before anything was taken. */
  readonly node: CharacterNode | null
  readonly characters: Characters
  /** Whether a quantifier stands around it, at any distance. */
  readonly quantified: boolean
  /** Whether it is part of a lookahead or lookbehind, which takes nothing away from the subject. */
  readonly looking: boolean
  /** Where the next character can be taken, and in how many ways one gets there. */
  readonly next: Map<State, number>
}

/** Above every id. */
export const IDS = 2 ** 11

/** States, and in how many ways each is reached from, or reaches, the edge of a fragment. */
export type Ways = ReadonlyMap<State, number>

/** What a part of an expression contributes to the automaton (Glushkov 1961, with paths counted). */
interface Fragment {
  /** In how many ways it matches the empty text. */
  readonly empty: number
  /** Whether one of these ways depends on no assertion. */
  readonly free: boolean
  readonly first: Ways
  readonly last: Ways
  /** The last states after which the fragment has matched, whatever follows. */
  readonly settled: ReadonlySet<State>
}

/** More ways than anyone counts; keeps products of products finite. */
const COUNTLESS = 1e9

const NO_WAYS: Ways = new Map()
const NO_STATES: ReadonlySet<State> = new Set()

/** Matches the empty text in some number of ways. */
function emptyFragment (empty: number, free: boolean): Fragment {
  return { empty: Math.min(empty, COUNTLESS), free, first: NO_WAYS, last: NO_WAYS, settled: NO_STATES }
}

/** Matches what a single state takes. */
function stateFragment (state: State): Fragment {
  const ways = new Map([[state, 1]])
  return { empty: 0, free: false, first: ways, last: ways, settled: new Set([state]) }
}

/** One fragment or another. */
function inAlternation (fragments: readonly Fragment[]): Fragment {
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
function asOptional (fragment: Fragment): Fragment {
  return { ...fragment, empty: 1, free: true }
}

/** The fragment as it is where it has to take something. */
function asNonEmpty (fragment: Fragment): Fragment {
  return { ...fragment, empty: 0, free: false }
}

/** The union of two disjoint sets of states, the ways of the second multiplied. */
function union (one: Ways, other: Ways, factor: number): Ways {
  if (factor === 0) return one
  const ways = new Map(one)
  for (const [state, count] of other) ways.set(state, Math.min(COUNTLESS, count * factor))
  return ways
}
