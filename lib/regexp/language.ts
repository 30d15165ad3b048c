import { type Automaton, TooLarge } from './automaton.js'
import { type Characters, charactersOf, meet, PRINTABLE } from './characters.js'
import type { State } from './fragment.js'

/**
 * A language as a deterministic automaton, whose states are texts: what of a text read so far still counts.
 * There have to be few of them, however long the text.
 */
export interface Language {
  readonly start: string
  /** The state after one more character, or `null` where no text of the language goes on so. */
  readonly next: (state: string, character: string) => string | null
  /** True if a text that leads to the state is in the language. */
  readonly includes: (state: string) => boolean
}

/** An expression and a language can be in so many states together. */
const MOST_PAIRS = 30_000

/** Letters first, so that examples can be read. */
const ALPHABET = Array.from(`abcdefghijklmnopqrstuvwxyz1234567890${PRINTABLE}`, character => ({ character, set: charactersOf(character) }))

/** Characters that lead from one state of a language to another. */
interface Step {
  readonly to: string
  readonly characters: Characters
}

/** A state of an expression and one of a language that the same text leads to: one of their product. */
interface Pair {
  readonly state: State
  readonly other: string
  readonly text: string
}

/**
 * Texts of a language that an expression may match, shortest first and none of them empty: one for each pair of states in
 * which both can end. Assertions count for nothing, so that the expression may refuse some of them; but where there are none,
 * it matches none.
 *
 * @throws TooLarge
 */
export function * textsOf ({ start, whole }: Automaton, language: Language): Generator<string> {
  const steps = new Map<string, Step[]>()
  const seen = new Set([`${start.id} ${language.start}`])
  // An array grows while it is gone through
  const pairs: Pair[] = [{ state: start, other: language.start, text: '' }]
  for (const { state, other, text } of pairs) {
    const known = steps.get(other) ?? stepsFrom(other, language)
    steps.set(other, known)
    for (const next of state.next.keys()) {
      for (const { to, characters } of known) {
        const key = `${next.id} ${to}`
        if (next.looking || seen.has(key) || !meet(next.characters, characters)) continue
        if (seen.add(key).size > MOST_PAIRS) throw new TooLarge()
        const longer = text + characterOf(next.characters, characters)
        if (whole.last.has(next) && language.includes(to)) yield longer
        pairs.push({ state: next, other: to, text: longer })
      }
    }
  }
}

function stepsFrom (state: string, language: Language): Step[] {
  const byTarget = new Map<string, string>()
  for (const character of PRINTABLE) {
    const to = language.next(state, character)
    if (to !== null) byTarget.set(to, (byTarget.get(to) ?? '') + character)
  }
  return Array.from(byTarget, ([to, characters]) => ({ to, characters: charactersOf(characters) }))
}

/** The first character of both sets, which have one in common. */
function characterOf (one: Characters, other: Characters): string {
  return ALPHABET.filter(({ set }) => meet(set, one) && meet(set, other)).slice(0, 1).map(({ character }) => character).join('')
}
