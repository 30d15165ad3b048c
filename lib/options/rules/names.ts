import { isList, listSource, quote } from '../../origin/source.js'
import { isToken } from '../../token.js'
import type { CorsIssueCode } from '../issue.js'
import type { Problem } from '../issue-list.js'
import type { Rules } from './rule.js'

/** Far more than a page needs, or servers usually accept in headers; looking at more would hold up the start of the server. */
const MAX_NAMES = 1000
const MAX_TEXT_LENGTH = 20_000

/** One name of a list of methods or headers, with its place. */
export interface Name {
  /** `null` where the list is one text. */
  readonly index: number | null
  readonly name: string
}

/**
 * Looks at each name of an option, and reports what is wrong with it.
 *
 * @param code the problem of a list that is too long
 */
export function checkNames (
  option: 'methods' | 'allowedHeaders' | 'exposedHeaders',
  code: CorsIssueCode,
  { own, issues }: Rules,
  problemOf: (name: string) => Problem | null
): void {
  const value = own[option]
  if (isTooLong(value)) {
    issues.add({ option }, {
      code,
      value,
      message: `${option} is longer than it can be: at most ${MAX_NAMES} names are read, or ${MAX_TEXT_LENGTH} characters`,
      fix: null
    })
  }
  for (const { index, name } of namesIn(value)) {
    const problem = problemOf(name)
    if (problem !== null) issues.add({ option, index }, problem)
  }
}

function isTooLong (value: unknown): boolean {
  if (typeof value === 'string') return value.length > MAX_TEXT_LENGTH || value.split(',').length > MAX_NAMES
  return isList(value) && (value.length > MAX_NAMES || lengthOf(value) > MAX_TEXT_LENGTH)
}

function lengthOf (names: readonly unknown[]): number {
  return names.reduce<number>((sum, name) => sum + (typeof name === 'string' ? name.length : 0), 0)
}

/**
 * The names in a list, or in a text with commas: there, each once. None where it is too long. What is no text is left to
 * the schema.
 */
export function namesIn (value: unknown): Name[] {
  if (isTooLong(value)) return []
  if (typeof value === 'string') {
    return Array.from(new Set(value.split(',').map(name => name.trim())), name => ({ index: null, name }))
  }
  const names: Name[] = []
  if (!isList(value)) return names
  for (const [index, name] of value.entries()) if (typeof name === 'string') names.push({ index, name })
  return names
}

/** The names that a text holds that is not one, as JavaScript source; `null` where it holds none. */
export function namesSource (text: string): string | null {
  const names = text.slice(0, 1000).split(/[\s,;]+/).filter(name => name !== '')
  if (names.length === 0 || !names.every(isToken)) return null
  return names.length === 1 ? names.map(quote).join('') : listSource(names).slice(1, -1)
}
