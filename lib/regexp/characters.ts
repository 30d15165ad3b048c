import type { AST } from '@eslint-community/regexpp'
import { BoundedMap } from '../bounded-map.js'

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
export const ANY_CHARACTER = charactersOf(PRINTABLE)

/** True if two sets have a character in common. */
export function meet (one: Characters, other: Characters): boolean {
  return ((one.signs & other.signs) | (one.capitals & other.capitals) | (one.small & other.small)) !== 0
}

/** True if three sets have a character in common. */
export function allMeet (one: Characters, other: Characters, third: Characters): boolean {
  return ((one.signs & other.signs & third.signs) |
    (one.capitals & other.capitals & third.capitals) |
    (one.small & other.small & third.small)) !== 0
}

/** True if a set stands for at most one character, letter case aside: `[.]` is a way to write `\.`. */
export function isSingle ({ signs, capitals, small }: Characters): boolean {
  const letters = capitals | small
  return (signs & (signs - 1)) === 0 && (letters & (letters - 1)) === 0 && (signs === 0 || letters === 0)
}

/** Answers of the engine by flags and text. Bounded, since the texts are users' own. */
const answers = new BoundedMap<string, Characters>(2000)

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
  return answers.remember(`${flags}/${raw}`, () => charactersOf((PRINTABLE.match(new RegExp(raw, `${flags}g`)) ?? []).join('')))
}
