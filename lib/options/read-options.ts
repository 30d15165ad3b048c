import { isList, isRevoked, show } from '../origin/source.js'
import type { IssueList } from './issue-list.js'
import { CorsConfigError } from './issue.js'

/** Options as they were given, not yet checked: only own and defined keys, in their order. */
export type GivenOptions = Readonly<Record<string, unknown>>

/** A list of more can't be meant; a sparse one of billions would keep the server from starting. */
const MAX_ITEMS = 2_000_000

const EXAMPLE = '{ origin: \'https://app.example.com\' }'

/** There are some twenty. */
const MAX_OPTIONS = 1000

/**
 * Copies what was given as options, lists too, and reads each value once: nothing can change or throw after that.
 *
 * @param value anything
 * @param issues what can't be read is added here, and left out
 * @param whose for the message of the error
 * @throws CorsConfigError where there are no options to be read at all
 */
export function readOptions (value: unknown, issues: IssueList, whose: string): GivenOptions {
  const entries: Array<[string, unknown]> = []
  for (const option of keysOf(value, whose)) {
    try {
      const read = copyOf(Reflect.get(Object(value), option))
      if (read !== undefined) entries.push([option, read])
    } catch (error) {
      issues.add({ option }, {
        code: 'invalid-type',
        value: undefined,
        message: error instanceof TooManyItems ? error.message : 'can\'t be read, because reading it throws',
        fix: null
      })
    }
  }
  return Object.fromEntries(entries)
}

class TooManyItems extends Error {}

function copyOf (value: unknown): unknown {
  if (isRevoked(value)) throw new TypeError('a revoked proxy')
  if (!isList(value)) return value
  const { length } = value
  if (length > MAX_ITEMS) throw new TooManyItems(`is a list of more than ${MAX_ITEMS} items`)
  const items: unknown[] = []
  for (let index = 0; index < length; index++) {
    const item = value[index]
    if (isRevoked(item)) throw new TypeError('a list with a revoked proxy')
    items.push(item)
  }
  return Object.freeze(items)
}

function keysOf (value: unknown, whose: string): string[] {
  if (typeof value !== 'object' || value === null || isList(value)) {
    throw notOptions(value, `are to be an object, and not ${show(value)}`, whose)
  }
  const keys = listed(value, whose)
  if (keys.length <= MAX_OPTIONS) return keys
  throw notOptions(value, `are ${keys.length}, which is more than there can be`, whose)
}

function listed (value: object, whose: string): string[] {
  try {
    return Object.keys(value)
  } catch {
    throw notOptions(value, 'can\'t be read, because listing them throws', whose)
  }
}

function notOptions (value: unknown, problem: string, whose: string): CorsConfigError {
  return new CorsConfigError([{
    code: 'invalid-type',
    path: '',
    value,
    message: `the options ${problem}`,
    fix: typeof value === 'function' ? `{ delegator: request => (${EXAMPLE}) }` : EXAMPLE
  }], whose)
}
