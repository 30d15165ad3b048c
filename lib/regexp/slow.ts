import type { AST } from '@eslint-community/regexpp'
import { ambiguityOf } from './ambiguity.js'
import { type Automaton, MOST_TURNS } from './automaton.js'
import type { State } from './fragment.js'
import { quotePart } from '../text.js'

/** Why an expression can take too long. */
export interface Slowness {
  readonly message: string
  /** The quantifier to change, where there is a single one. */
  readonly quantifier: AST.Quantifier | null
}

/**
 * The time may grow as the square of the length: 90,000 steps for the longest origin. The ways to match grow
 * as one power less.
 */
const HIGHEST_DEGREE = 1

/**
 * How many ways to match one text there may be besides those that grow with its length; fewer where some grow,
 * because each multiplies the other.
 */
const MOST_WAYS = 1000
const MOST_GROWING_WAYS = 20

/**
 * Finds out if a backtracking engine can need exponential time for an expression, or time that grows as the cube of
 * the subject's length or faster.
 *
 * @throws TooLarge
 */
export function slownessOf (automaton: Automaton): Slowness | null {
  if (automaton.opaque !== null) {
    return { message: `${quotePart(automaton.opaque.raw)} makes it impossible to tell how long a match can take`, quantifier: null }
  }
  if (automaton.emptyTurns !== null) {
    const { raw, element } = automaton.emptyTurns
    return { message: `${quotePart(raw)} can match the same text in exponentially many ways, since ${quotePart(element.raw)} can also be empty`, quantifier: automaton.emptyTurns }
  }
  const { explosion, degree, loops, ways } = ambiguityOf(automaton)
  if (explosion !== null) {
    const quantifier = quantifierOf(explosion)
    return { message: `${describe(explosion)} can match the same text in exponentially many ways`, quantifier }
  }
  if (degree > HIGHEST_DEGREE) {
    return {
      message: `${[...new Set(loops.map(describe))].join(' and ')} can share out the same text in many ways: the time grows with the length of the text to the power of ${degree + 1}`,
      quantifier: null
    }
  }
  if (ways <= (degree === 0 ? MOST_WAYS : MOST_GROWING_WAYS)) return null
  return { message: 'its optional parts and alternatives can match the same text in too many ways', quantifier: null }
}

/** A loop in the words of the expression. */
function describe (loop: readonly State[]): string {
  const quantifier = quantifierOf(loop)
  return quantifier === null ? 'the search for a place to start' : quotePart(quantifier.raw)
}

/**
 * The outermost quantifier that repeats the states of a loop without limit: had it other states, they were
 * part of the loop. `null` for the search for a place to start.
 */
function quantifierOf (loop: readonly State[]): AST.Quantifier | null {
  const [node = null] = loop.flatMap(state => state.node ?? [])
  return outermostLoop(node, null)
}

function outermostLoop (node: AST.Node | null, within: AST.Quantifier | null): AST.Quantifier | null {
  if (node === null || node.type === 'Assertion') return within
  return outermostLoop(node.parent, node.type === 'Quantifier' && node.max > MOST_TURNS ? node : within)
}
