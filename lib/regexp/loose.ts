import type { AST } from '@eslint-community/regexpp'
import type { Automaton } from './automaton.js'
import { type CharacterNode, charactersOf, isSingle, meet } from './characters.js'
import type { State } from './fragment.js'
import { quotePart } from '../text.js'

/** A way in for strangers' origins, and the parts of the expression to change. */
export interface Looseness {
  readonly message: string
  /** The parts that take any character, or any of too many; empty where no narrower set would say what was meant. */
  readonly parts: readonly CharacterNode[]
}

/** They end a label, the host, or the scheme; what repeats them is not kept to one place of an origin. */
const SEPARATORS = charactersOf('./:@')

const LETTERS_AND_DIGITS = charactersOf('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789')

/**
 * Finds what in an expression can match an origin that its author did not think of: an unescaped dot; a repeated
 * class that holds a separator; a repeated class before the letters of a name, which anyone can
 * register with other letters in front.
 */
export function loosenessOf ({ states, whole }: Automaton, source: string): Looseness | null {
  const messages = new Set<string>()
  const parts = new Set<CharacterNode>()
  // The end of a host that is left open stands for any host at all
  const atEnd = new Set(Array.from(whole.last.keys(), ({ node }) => node))
  for (const state of states) {
    if (state.node === null) continue
    if (isDot(state.node)) {
      messages.add(dotMessage(state.node))
      parts.add(state.node)
    } else if (isWide(state) && state.quantified && meet(state.characters, SEPARATORS)) {
      messages.add(`${quotePart(repetitionOf(state.node).raw)} can match "." or other separators, and so hosts that belong to others`)
      parts.add(state.node)
    }
  }
  for (const message of openBeginnings(states, source)) messages.add(message)
  return messages.size === 0 ? null : { message: [...messages].join('; '), parts: [...parts].some(part => atEnd.has(part)) ? [] : [...parts] }
}

function isDot (node: CharacterNode): boolean {
  return node.type === 'CharacterSet' && node.kind === 'any'
}

/** True if a state of the match itself takes one of several characters. */
function isWide ({ node, characters, looking }: State): boolean {
  return node !== null && !looking && node.type !== 'Character' && !isDot(node) && !isSingle(characters)
}

function dotMessage (dot: CharacterNode): string {
  const repetition = repetitionOf(dot)
  return repetition === dot
    ? 'an unescaped "." matches any character, so that it stands for more than a dot'
    : `${quotePart(repetition.raw)} matches any text, and so hosts that belong to others`
}

/** The quantifier directly around a node, or the node. */
function repetitionOf (node: CharacterNode): AST.Node {
  return node.parent.type === 'Quantifier' ? node.parent : node
}

/** Places where a free choice of characters runs into the letters of a name. */
function * openBeginnings (states: readonly State[], source: string): Generator<string> {
  const free = new Set(states.filter(state => isWide(state) && state.quantified))
  // A set grows while it is gone through: a class that follows a free choice lengthens it
  for (const state of free) {
    for (const [next] of state.next) {
      if (isWide(next)) free.add(next)
      else if (state.node !== null && next.node !== null && !next.looking && !isDot(next.node) && meet(next.characters, LETTERS_AND_DIGITS)) {
        const name = /^[a-z0-9-]+/i.exec(source.slice(next.node.start))?.[0] ?? next.node.raw
        yield `${quotePart(repetitionOf(state.node).raw)} is directly followed by ${quotePart(name)}, so that it matches any name that ends in it: where names below it are meant, write "\\." before it`
      }
    }
  }
}
