import type { AST } from '@eslint-community/regexpp'
import { ORIGINS } from '../../origin/language.js'
import { automatonOf } from '../../regexp/automaton.js'
import { textsOf } from '../../regexp/language.js'

const MOST_TRIED = 200

/** Origins in the language of an expression; none where it is too large. */
export function originsIn (pattern: AST.Pattern, flags: string): string[] {
  const found: string[] = []
  try {
    for (const text of textsOf(automatonOf(pattern, flags, 'whole'), ORIGINS)) if (found.push(text) === MOST_TRIED) break
    return found
  } catch {
    return []
  }
}
