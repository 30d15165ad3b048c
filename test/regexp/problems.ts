import { checkRegExp, type CheckedRegExp, type RegExpProblem } from '../../lib/regexp/check.js'
import { regExpFixes, urlsFixes } from '../../lib/options/suggest/regexp.js'
import { readRegExp } from '../../lib/text.js'

/** A problem of an expression, and the best that could be written in its place. */
interface Suggested extends RegExpProblem {
  readonly fix: string | null
}

function suggested (checked: CheckedRegExp, fixes: (checked: CheckedRegExp) => string[]): Suggested[] {
  return checked.problems.map(problem => ({ ...problem, fix: fixes(checked)[0] ?? null }))
}

/** What is wrong with an expression that is to match origins. */
export function originRegExpProblems (regexp: RegExp): Suggested[] {
  return suggested(checkRegExp(readRegExp(regexp), 'whole'), regExpFixes)
}

/** What is wrong with an expression that is to match paths. */
export function urlsRegExpProblems (regexp: RegExp): Suggested[] {
  return suggested(checkRegExp(readRegExp(regexp), 'part'), urlsFixes)
}
