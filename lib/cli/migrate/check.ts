import type * as t from '@babel/types'
import { CorsConfigError, type CorsIssue } from '../../options/issue.js'
import { parseCorsOptions } from '../../options/parse.js'
import type { Migration } from './remarks.js'
import { SOME_FUNCTION, type Value } from './values.js'

/** More combinations than these are not checked: the server does, when it starts. */
const MOST_COMBINATIONS = 64

/**
 * Has the parser of the options say what it would refuse, for every combination of what they may be.
 *
 * @param whereOf where an option is written
 */
export function checkValues (values: ReadonlyMap<string, Value>, whereOf: (name: string) => t.Node, { remarks }: Migration): void {
  let combinations: Array<Record<string, unknown>> = [{ origin: SOME_FUNCTION }]
  for (const [name, { alternatives }] of values) {
    if (alternatives.length > 0) combinations = combinations.flatMap(combination => alternatives.map(value => ({ ...combination, [name]: value }))).slice(0, MOST_COMBINATIONS)
  }
  for (const { code, path, message, fix } of combinations.flatMap(issuesOf)) {
    const [, name = ''] = path.split('/')
    remarks.add(whereOf(name), code, message, fix)
  }
}

function issuesOf (options: unknown): CorsIssue[] {
  try {
    parseCorsOptions(options)
    return []
  } catch (error) {
    // The parser throws nothing else.
    return [error].filter(thrown => thrown instanceof CorsConfigError).flatMap(({ issues }) => issues)
  }
}
