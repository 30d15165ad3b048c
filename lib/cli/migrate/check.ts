import type * as t from '@babel/types'
import { CorsConfigError, type CorsIssue } from '../../options/issue.js'
import { parseCorsOptions, parseRouteOverride } from '../../options/parse.js'
import { isPattern } from '../../origin/pattern.js'
import { quote } from '../../text.js'
import type { Migration } from './migration.js'
import { SOME_FUNCTION, type Value } from './values.js'

/** More combinations than these are not checked: the server does, when it starts. */
const MOST_COMBINATIONS = 64

/** Options, as far as they can be known. */
type Values = ReadonlyMap<string, Value>

type Combination = Record<string, unknown>

/**
 * Has the parser of the options say what it would refuse, for every combination of what they may be.
 *
 * @param whereOf where an option is written
 */
export function checkValues (values: Values, whereOf: (name: string) => t.Node, migration: Migration): void {
  const issues = combinations(values, { origin: SOME_FUNCTION }).flatMap(options => issuesOf(() => parseCorsOptions(options)))
  remark(issues, whereOf, migration)
  remarkPatterns(values, whereOf, migration)
}

/**
 * Does the same for what a route has, over the options of the registrations that it may have.
 */
export function checkOverride (values: Values, registered: readonly Values[], whereOf: (name: string) => t.Node, migration: Migration): void {
  const known = registered.length === 0 ? [new Map<string, Value>()] : registered
  const bases = known.flatMap(options => combinations(options, { origin: SOME_FUNCTION })).filter(base => issuesOf(() => parseCorsOptions(base)).length === 0)
  const overrides = combinations(values, {})
  const pairs = bases.flatMap(base => overrides.map(override => ({ base, override }))).slice(0, MOST_COMBINATIONS)
  const issues = pairs.flatMap(({ base, override }) => issuesOf(() => parseRouteOverride(override, parseCorsOptions(base), '')))
  remark(issues, whereOf, migration)
  remarkPatterns(values, whereOf, migration)
}

/** Origins with a `*`, which were texts like any other. */
function remarkPatterns (values: Values, whereOf: (name: string) => t.Node, { remarks }: Migration): void {
  for (const origin of (values.get('origin')?.alternatives ?? []).flat()) {
    if (typeof origin !== 'string' || !isPattern(origin) || issuesOf(() => parseCorsOptions({ origin })).length > 0) continue
    remarks.add(whereOf('origin'), 'origin-pattern', `${quote(origin)} is a pattern here, and matches. There, it was compared as a text, which no browser sends`,
      'Nothing, if all origins that match may call; else leave it out')
  }
}

function combinations (values: Values, start: Combination): Combination[] {
  let found = [start]
  for (const [name, { alternatives }] of values) {
    if (alternatives.length > 0) found = found.flatMap(combination => alternatives.map(value => ({ ...combination, [name]: value }))).slice(0, MOST_COMBINATIONS)
  }
  return found
}

function remark (issues: readonly CorsIssue[], whereOf: (name: string) => t.Node, { remarks }: Migration): void {
  for (const { code, path, message, fix } of issues) {
    const [, name = ''] = path.split('/')
    remarks.add(whereOf(name), code, message, fix)
  }
}

function issuesOf (parse: () => unknown): readonly CorsIssue[] {
  try {
    parse()
    return []
  } catch (error) {
    // The parser throws nothing else.
    return [error].filter(thrown => thrown instanceof CorsConfigError).flatMap(({ issues }) => issues)
  }
}
