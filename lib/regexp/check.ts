import type { AST } from '@eslint-community/regexpp'
import { BoundedMap } from '../bounded-map.js'
import { literalOf, type RegExpText } from '../text.js'
import { isAnchored } from './anchors.js'
import { automatonOf } from './automaton.js'
import { type Looseness, loosenessOf } from './loose.js'
import { LONGEST_SOURCE, parseRegExp } from './parse.js'
import { type Slowness, slownessOf } from './slow.js'

/** Why a regular expression is refused. */
export interface RegExpProblem {
  readonly kind: 'flags' | 'unanchored' | 'loose' | 'slow'
  /** A sentence without its full stop, for the person who wrote the expression. */
  readonly message: string
}

/** The part of the subject that has to match: the whole of a short one, or any part of a long one. */
type Extent = 'whole' | 'part'

/** The result of checking an expression. */
export interface CheckedRegExp {
  readonly text: RegExpText
  /** `null` where it can't be parsed. */
  readonly pattern: AST.Pattern | null
  readonly problems: readonly RegExpProblem[]
  readonly looseness: Looseness | null
  readonly slowness: Slowness | null
}

/** Routes are validated one by one, and most repeat the expressions of their registration. */
const checked = new BoundedMap<string, CheckedRegExp>(500)

/**
 * Finds the problems of an expression. Returns in bounded time, and never throws, for any regular expression.
 *
 * @param extent `whole` for subjects of at most 300 characters that are to match from end to end, such as origins; `part`
 * for those of up to 16 KB, such as paths, where the search for a place to start counts as one more loop
 */
export function checkRegExp (text: RegExpText, extent: Extent): CheckedRegExp {
  if (text.source.length > LONGEST_SOURCE) return checkNew(text, extent)
  return checked.remember(`${extent}${literalOf(text)}`, () => checkNew(text, extent))
}

function checkNew (text: RegExpText, extent: Extent): CheckedRegExp {
  const { pattern, anchored, looseness, slowness } = findingsOf(text, extent)
  const problems = flagsProblems(text)
  if (extent === 'whole' && !anchored) problems.push({ kind: 'unanchored', message: UNANCHORED })
  if (extent === 'whole' && looseness !== null) problems.push({ kind: 'loose', message: looseness.message })
  if (slowness !== null) problems.push({ kind: 'slow', message: slowness.message })
  return { text, pattern, problems, looseness, slowness }
}

interface Findings extends Pick<CheckedRegExp, 'pattern' | 'looseness' | 'slowness'> {
  readonly anchored: boolean
}

function findingsOf (text: RegExpText, extent: Extent): Findings {
  const pattern = parseRegExp(text)
  if (typeof pattern === 'string') return { pattern: null, anchored: true, looseness: null, slowness: { message: `the expression ${pattern}`, quantifier: null } }
  const anchoredAtStart = isAnchored(pattern, 'start')
  const anchored = anchoredAtStart && isAnchored(pattern, 'end')
  try {
    const automaton = automatonOf(pattern, text.flags, extent === 'whole' ? 'whole' : anchoredAtStart ? 'prefix' : 'anywhere')
    return { pattern, anchored, looseness: loosenessOf(automaton, text.source), slowness: slownessOf(automaton) }
  } catch {
    // TooLarge, or a limit of the engine: whatever can't be checked is refused
    return { pattern, anchored, looseness: null, slowness: { message: 'the expression is too large to be checked', quantifier: null } }
  }
}

const UNANCHORED = 'without ^ and $ around every alternative, the expression also matches longer texts that contain what it says'

/** The flags under which an expression means the same at every call, and `^` and `$` are the ends of the subject. */
export function withoutRefusedFlags (flags: string): string {
  return flags.replace(/[gmy]/g, '')
}

/** Finds the problems of an expression's flags. */
export function flagsProblems ({ flags }: RegExpText): RegExpProblem[] {
  const refused = Array.from(flags.replace(/[^gmy]/g, ''), flag => `"${flag}"`).join(', ')
  if (refused === '') return []
  return [{
    kind: 'flags',
    message: `the flags g and y make a match depend on the one before, and m lets ^ and $ match inside the subject; found ${refused}`
  }]
}
