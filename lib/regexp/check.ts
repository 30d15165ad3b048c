import type { AST } from '@eslint-community/regexpp'
import { literalOf, readRegExp, type RegExpText } from '../text.js'
import { anchoredSource, isAnchored } from './anchors.js'
import { automatonOf } from './automaton.js'
import { Work } from './budget.js'
import { type Looseness, loosenessOf } from './loose.js'
import { LONGEST_SOURCE, parseRegExp } from './parse.js'
import { type Slowness, slownessOf } from './slow.js'
import { flattenedSource, intendedOrigins, listed, narrowedSource, withoutRefusedFlags } from './suggest.js'

/** Why a regular expression is refused, and what to write instead. */
export interface RegExpProblem {
  readonly kind: 'flags' | 'unanchored' | 'loose' | 'slow'
  /** A sentence without its full stop, for the person who wrote the expression. */
  readonly message: string
  /** JavaScript to write in its place, or advice where none can be computed; `null` if there is neither. */
  readonly fix: string | null
}

/** Where an expression is used: its subjects differ in length and in what may surround a match. */
type Use = 'origin' | 'urls'

/** What the analyses found. */
interface Findings {
  readonly pattern: AST.Pattern | null
  readonly anchored: boolean
  readonly looseness: Looseness | null
  readonly slowness: Slowness | null
}

/**
 * Problems of a regular expression that is to match serialised origins: ASCII, at most 300 characters.
 * Returns in bounded time, and never throws, for any regular expression.
 *
 * @param work what it and those before it may cost together
 */
export function originRegExpProblems (regexp: RegExp, work = Work.ofMany(1)): readonly RegExpProblem[] {
  return remembered('origin', readRegExp(regexp), work)
}

const INSTEAD_OF_REGEXPS = 'a list of origins, or a pattern such as \'https://*.example.com\''

/** What is wrong with an expression where those before it have used up what the checks of a list may cost. */
export function tooLargeProblem (work: Work): RegExpProblem {
  return { kind: 'slow', message: tooLarge(work), fix: INSTEAD_OF_REGEXPS }
}

/** Those that {@link originRegExpProblems} finds by the flags alone. */
export function regExpFlagsProblems (regexp: RegExp): readonly RegExpProblem[] {
  return flagsProblems(readRegExp(regexp))
}

/**
 * Problems of a regular expression that is to match URL paths, of up to 16 KB. It need not be anchored; where it
 * is not, the search for a place to start counts as one more loop.
 */
export function urlsRegExpProblems (regexp: RegExp): readonly RegExpProblem[] {
  return remembered('urls', readRegExp(regexp), Work.ofMany(1))
}

/**
 * Routes are validated one by one, and most repeat the expressions of their registration. What the checks cost is charged
 * each time, so that what comes of a list does not depend on what came before.
 */
const verdicts = new Map<string, { readonly problems: readonly RegExpProblem[], readonly cost: number }>()
const MOST_VERDICTS = 500

function remembered (use: Use, text: RegExpText, work: Work): readonly RegExpProblem[] {
  if (text.source.length > LONGEST_SOURCE) return problemsOf(use, text, work)
  const key = `${use}${literalOf(text)}`
  const known = verdicts.get(key)
  if (known !== undefined && known.cost <= work.left) {
    work.spend(known.cost)
    return known.problems
  }
  const before = work.left
  const problems = problemsOf(use, text, work)
  // Where others have used up what there was, this one has not been looked at.
  if (work.isTooMuch) return problems
  if (verdicts.size === MOST_VERDICTS) verdicts.clear()
  verdicts.set(key, { problems, cost: before - work.left })
  return problems
}

function problemsOf (use: Use, text: RegExpText, work: Work): RegExpProblem[] {
  const findings = findingsOf(use, text, work)
  const problems = [...flagsProblems(text), ...(use === 'origin' ? openProblems(findings, text, work) : [])]
  if (findings.slowness !== null) problems.push(slowProblem(use, findings.slowness, text, work))
  return problems
}

function findingsOf (use: Use, text: RegExpText, together: Work): Findings {
  let parsed: Pick<Findings, 'pattern' | 'anchored'> = { pattern: null, anchored: true }
  try {
    const work = together.ofOne()
    const pattern = parseRegExp(text, work)
    if (typeof pattern === 'string') return { ...parsed, looseness: null, slowness: { message: `the expression ${pattern}`, quantifier: null } }
    const anchoredAtStart = isAnchored(pattern, 'start')
    parsed = { pattern, anchored: anchoredAtStart && isAnchored(pattern, 'end') }
    const extent = use === 'origin' ? 'whole' : anchoredAtStart ? 'prefix' : 'anywhere'
    const automaton = automatonOf(pattern, text.flags, extent, work)
    return { ...parsed, looseness: loosenessOf(automaton, text.source), slowness: slownessOf(automaton, work) }
  } catch {
    // TooMuchWork, or a limit of the engine: whatever can't be checked is refused
    return { ...parsed, looseness: null, slowness: { message: tooLarge(together), quantifier: null } }
  }
}

function tooLarge (together: Work): string {
  return `${together.isTooMuch ? 'the expressions in the list up to this one are' : 'the expression is'} too large to be checked`
}

function flagsProblems ({ source, flags }: RegExpText): RegExpProblem[] {
  const kept = withoutRefusedFlags(flags)
  if (kept === flags) return []
  const refused = Array.from(flags.replace(/[^gmy]/g, ''), flag => `"${flag}"`).join(', ')
  return [{
    kind: 'flags',
    message: `the flags g and y make a match depend on the one before, and m lets ^ and $ match inside the subject; found ${refused}`,
    fix: source.length > LONGEST_SOURCE ? null : literalOf({ source, flags: kept })
  }]
}

/** What lets through origins that the author did not mean. */
function openProblems ({ pattern, anchored, looseness }: Findings, text: RegExpText, work: Work): RegExpProblem[] {
  if (pattern === null || (anchored && looseness === null)) return []
  const flags = withoutRefusedFlags(text.flags)
  const problems: RegExpProblem[] = []
  const intended = intendedOrigins(pattern, text)
  const written = intended === null ? null : listed(intended.origins)
  const looseFix = looseness === null ? null : written ?? narrowedLiteral(pattern, looseness, flags, work)
  if (!anchored) {
    problems.push({
      kind: 'unanchored',
      message: 'the expression has to match the whole origin: without ^ and $ around every alternative it also matches longer origins that contain the text',
      fix: looseFix ?? (intended?.withScheme === false ? written : literalOf({ source: anchoredSource(pattern), flags }))
    })
  }
  if (looseness !== null) problems.push({ kind: 'loose', message: looseness.message, fix: looseFix })
  return problems
}

/** The expression anchored and with its open parts narrowed, if nothing is wrong with it then. */
function narrowedLiteral ({ raw }: AST.Pattern, { parts }: Looseness, flags: string, work: Work): string | null {
  try {
    const narrowed = parseRegExp({ source: narrowedSource(raw, parts), flags }, work)
    return typeof narrowed === 'string' ? null : literalIfSound({ source: anchoredSource(narrowed), flags }, 'origin', work)
  } catch {
    return null
  }
}

function slowProblem (use: Use, { message, quantifier }: Slowness, { source, flags }: RegExpText, work: Work): RegExpProblem {
  const flattened = quantifier === null ? null : flattenedSource(source, quantifier)
  const rewritten = flattened === null ? null : literalIfSound({ source: flattened, flags: withoutRefusedFlags(flags) }, use, work)
  return { kind: 'slow', message, fix: rewritten ?? (use === 'origin' ? INSTEAD_OF_REGEXPS : null) }
}

/** A literal to propose, unless it would be refused again. */
function literalIfSound (text: RegExpText, use: Use, work: Work): string | null {
  const { anchored, looseness, slowness } = findingsOf(use, text, work)
  const sound = slowness === null && (use === 'urls' || (anchored && looseness === null))
  return sound ? literalOf(text) : null
}
