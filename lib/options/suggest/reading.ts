import type { AST } from '@eslint-community/regexpp'
import { type CharacterNode, charactersOfNode, textOf } from '../../regexp/characters.js'

/*
 * Signs for what an expression leaves open, and for its anchors. None of them occurs in an origin.
 */
const ANY_TEXT_OR_NONE = '*'
const ANY_TEXT = '!'
const LABEL_OR_NONE = '<'
const LABEL = '>'
const NUMBER = '#'
const START = '^'
const END = '|'

/** More than this is no longer a hint. */
const MOST_READINGS = 16

/** One of the texts that an expression was written for. */
export interface Reading {
  /** With signs for what is left open: `*` and `!` for any text, `<` and `>` for a label, `#` for a number. */
  readonly text: string
  readonly opensAtStart: boolean
  readonly opensAtEnd: boolean
}

/** Reads an expression as texts with gaps; `null` where that could not say what it says. */
export function readingsOf (pattern: AST.Pattern, flags: string): Reading[] | null {
  const texts = ofAlternatives(pattern.alternatives, flags.replace(/[^iuv]/g, ''))
  return texts?.every(text => !/.\^|\|./s.test(text)) === true ? [...new Set(texts)].map(readingOf) : null
}

function readingOf (text: string): Reading {
  const bare = text.replaceAll(START, '').replaceAll(END, '')
  // What any text may precede or follow is as open as what is not anchored
  const startsOpen = !/:\/\//.test(bare) && /^[*!]/.test(bare)
  const core = startsOpen ? bare.slice(1) : bare
  return { text: core, opensAtStart: startsOpen || !text.startsWith(START), opensAtEnd: !text.endsWith(END) }
}

function ofAlternatives (alternatives: readonly AST.Alternative[], flags: string): string[] | null {
  const found: string[] = []
  for (const { elements } of alternatives) {
    const texts = elements.reduce<string[] | null>((before, element) => {
      const after = ofElement(element, flags)
      return before === null || after === null ? null : limited(before.flatMap(start => after.map(end => start + end)))
    }, [''])
    if (texts === null) return null
    found.push(...texts)
  }
  return limited(found)
}

function limited (texts: string[]): string[] | null {
  return texts.length > MOST_READINGS ? null : texts
}

function ofElement (element: AST.Element, flags: string): string[] | null {
  switch (element.type) {
    case 'Assertion': return element.kind === 'start' ? [START] : element.kind === 'end' ? [END] : null
    case 'Group': return element.modifiers === null ? ofAlternatives(element.alternatives, flags) : null
    case 'CapturingGroup': return ofAlternatives(element.alternatives, flags)
    case 'Quantifier': return ofQuantifier(element, flags)
    case 'Backreference': return null
    default: return ofCharacter(element, flags)
  }
}

function ofCharacter (node: CharacterNode, flags: string): string[] | null {
  // An unescaped dot was meant as one
  if (node.type === 'CharacterSet' && node.kind === 'any') return ['.']
  if (node.type === 'Character') {
    const character = String.fromCodePoint(node.value)
    return [flags.includes('i') ? character.toLowerCase() : character]
  }
  const text = textOf(charactersOfNode(node, flags))
  return text.length === 1 ? [text] : null
}

function ofQuantifier ({ element, min, max }: AST.Quantifier, flags: string): string[] | null {
  if (max === 1) {
    const once = ofElement(element, flags)
    return min === 0 && once !== null ? ['', ...once] : once
  }
  if (element.type === 'Group' || element.type === 'CapturingGroup') {
    const turns = ofElement(element, flags)
    if (turns?.every(turn => /^[*!<>]\.$/.test(turn)) !== true) return null
    return min === 0 ? ['', `${ANY_TEXT}.`] : [`${ANY_TEXT}.`]
  }
  if (element.type === 'Assertion' || element.type === 'Backreference') return null
  const text = textOf(charactersOfNode(element, flags))
  // The `/*` of a pattern, as in `https://*.example.com`
  if (text === '/' && max === Infinity) return [`/${ANY_TEXT_OR_NONE}`]
  // So many characters are not any label, and so many digits not any number
  return (DIGITS.test(text) ? min > 1 : max < LONGEST_LABEL) ? null : repeated(text, min)
}

const DIGITS = /^[0-9]+$/
const LONGEST_LABEL = 61

/** The sign for characters that are repeated: part of a host, a label, a number. */
function repeated (text: string, min: number): string[] | null {
  if (text.length < 2) return null
  if (DIGITS.test(text)) return [NUMBER]
  if (!/[a-z]/.test(text)) return null
  if (text.includes('.')) return [min === 0 ? ANY_TEXT_OR_NONE : ANY_TEXT]
  return [min === 0 ? LABEL_OR_NONE : LABEL]
}
