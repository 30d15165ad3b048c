import type { Test } from 'tap'
import { CorsConfigError, type CorsIssue, type CorsIssueCode } from '../../lib/options/issue.js'
import { parseCorsOptions } from '../../lib/options/parse.js'

/** What is expected of one issue: its code, its place, and what it says to write instead. */
export type Expected = readonly [code: CorsIssueCode, path: string, fix: string | RegExp | null]

/** The issues that something throws; none where it throws nothing. */
export function issuesOf (parse: () => unknown): CorsIssue[] {
  try {
    parse()
    return []
  } catch (error) {
    if (error instanceof CorsConfigError) return error.issues
    throw error
  }
}

/** Holds the issues of some options against those expected, all of them, in their order. */
export function refuses (t: Test, options: unknown, expected: readonly Expected[], name: string): void {
  holds(t, issuesOf(() => parseCorsOptions(options)), expected, name)
}

/** Holds issues against those expected. */
export function holds (t: Test, issues: CorsIssue[], expected: readonly Expected[], name: string): void {
  t.same(issues.map(({ code, path }) => [code, path]), expected.map(([code, path]) => [code, path]), `${name} is refused`)
  for (const [index, [, , fix]] of expected.entries()) {
    const found = issues[index]?.fix ?? null
    if (fix instanceof RegExp) t.match(found, fix, `${name} has a fix`)
    else t.equal(found, fix, `${name} has its fix`)
  }
}

/** Options that have nothing wrong with them. */
export function accepts (t: Test, options: unknown, name: string): void {
  t.same(issuesOf(() => parseCorsOptions(options)), [], `${name} is accepted`)
}
