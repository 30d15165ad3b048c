import type { AST } from '@eslint-community/regexpp'
import { ORIGINS } from '../../origin/language.js'
import { automatonOf, unlessTooLarge } from '../../regexp/automaton.js'
import { textsOf } from '../../regexp/language.js'

const MOST_TRIED = 200

/** Origins in the language of an expression; none where it is too large. */
export function originsIn (pattern: AST.Pattern, flags: string): string[] {
  return unlessTooLarge(() => {
    const found: string[] = []
    for (const text of textsOf(automatonOf(pattern, flags, 'whole'), ORIGINS)) if (found.push(text) === MOST_TRIED) break
    return found
  }, [])
}
