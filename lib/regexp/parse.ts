import { type AST, RegExpParser } from '@eslint-community/regexpp'
import type { RegExpText } from '../text.js'

/** Beyond this the parser is not asked. Written by hand, nothing that matches origins or paths comes near it. */
export const LONGEST_SOURCE = 2000

/** Parser and analyses descend recursively: the bound keeps any source from exhausting the stack. */
const DEEPEST_NESTING = 100

const BACKSLASH = '\\'.charCodeAt(0)
const OPENING = new Set(['(', '['].map(bracket => bracket.charCodeAt(0)))
const CLOSING = new Set([')', ']'].map(bracket => bracket.charCodeAt(0)))

const parser = new RegExpParser({ ecmaVersion: 2025 })

/**
 * Parses an expression, unless it is too long, too deeply nested, or newer than the parser.
 *
 * @returns the parsed expression, or in words why there is none.
 */
export function parseRegExp ({ source, flags }: RegExpText): AST.Pattern | string {
  if (source.length > LONGEST_SOURCE) return `is too long to be checked: ${source.length} characters, where ${LONGEST_SOURCE} can be`
  if (nestingOf(source) > DEEPEST_NESTING) return 'is nested too deeply to be checked'
  try {
    return parser.parsePattern(source, 0, source.length, { unicode: flags.includes('u'), unicodeSets: flags.includes('v') })
  } catch {
    return 'uses syntax that cannot be checked'
  }
}

/** An upper bound: a bracket inside a character class, which nests nothing, is counted too. */
function nestingOf (source: string): number {
  let depth = 0
  let deepest = 0
  for (let index = 0; index < source.length; index++) {
    const code = source.charCodeAt(index)
    if (code === BACKSLASH) index++
    else if (OPENING.has(code)) deepest = Math.max(deepest, ++depth)
    else if (CLOSING.has(code)) depth--
  }
  return deepest
}
