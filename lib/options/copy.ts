import { isList, isRegExp, show } from '../text.js'
import { isThenable } from '../thenable.js'
import { CorsConfigError } from './issue.js'

/** Options before they are checked: their own keys that are not `undefined`, in their order. */
export type GivenOptions = Readonly<Record<string, unknown>>

const EXAMPLE = '{ origin: \'https://app.example.com\' }'

/**
 * Copies options, lists too, so that nothing changes after the check.
 *
 * @param value anything
 * @param whose names the options in the error
 * @param otherwise says in the error what they may be beside an object
 * @throws CorsConfigError if the value is no object
 */
export function readOptions (value: unknown, whose: string, otherwise: string = ''): GivenOptions {
  if (typeof value !== 'object' || value === null || isList(value) || isNoRecord(value)) throw notOptions(value, whose, otherwise)
  const given = Object.entries(value).filter(([, item]) => item !== undefined)
  return Object.fromEntries(given.map(([option, item]: [string, unknown]) => [option, isList(item) ? Object.freeze([...item]) : item]))
}

/** True for an object of a class, such as a `Map`, that has no properties of its own, and so no options. */
function isNoRecord (value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  const isPlain = prototype === null || Object.getPrototypeOf(prototype) === null
  return !isPlain && Object.keys(value).length === 0
}

function notOptions (value: unknown, whose: string, otherwise: string): CorsConfigError {
  const example = typeof value === 'function' ? `{ delegator: request => (${EXAMPLE}) }` : EXAMPLE
  return new CorsConfigError([{
    code: 'invalid-type',
    path: '',
    value,
    message: `the options must be an object such as ${example}${otherwise}, not ${show(value)}${insteadOf(value)}`,
    fix: null
  }], whose)
}

/** Advice for a value that is not options, as the end of a sentence. */
function insteadOf (value: unknown): string {
  if (isThenable(value)) return ', which must be awaited first'
  if (typeof value === 'string' || isList(value) || isRegExp(value) || value instanceof URL || value instanceof Set) return ', which belongs in origin'
  if (value instanceof Map) return ', of which Object.fromEntries makes one'
  return typeof value === 'object' && value !== null ? ', whose options are not properties of its own' : ''
}
