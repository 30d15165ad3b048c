import { isList, isRevoked, show } from '../text.js'
import { CorsConfigError, type IssueList, type Problem } from './issue.js'

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
  const read = new Map<string, unknown>()
  for (const option of keysOf(value, whose)) {
    try {
      const copy = copyOf(Reflect.get(Object(value), option))
      if (copy !== undefined) read.set(option, copy)
    } catch (error) {
      issues.add({ option }, unreadable(error))
    }
  }
  // Reading an option may have revoked one that was read before.
  for (const [option, copy] of read) {
    if (!isRevoked(copy) && !(isList(copy) && copy.some(isRevoked))) continue
    issues.add({ option }, unreadable(null))
    read.delete(option)
  }
  return Object.fromEntries(read)
}

class TooManyItems extends Error {}

function unreadable (error: unknown): Problem {
  return {
    code: 'invalid-type',
    value: undefined,
    message: error instanceof TooManyItems ? error.message : 'can\'t be read, because reading it throws',
    fix: null
  }
}

function copyOf (value: unknown): unknown {
  if (!isList(value)) return value
  // A number from here on: what a proxy has as its length may be converted to another one each time.
  const length = Math.min(value.length, MAX_ITEMS + 1)
  if (length > MAX_ITEMS) throw new TooManyItems(`is a list of more than ${MAX_ITEMS} items`)
  const items: unknown[] = []
  for (let index = 0; index < length; index++) items.push(value[index])
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
