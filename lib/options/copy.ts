import { isList, show } from '../text.js'
import { CorsConfigError } from './issue.js'

/** Options before they are checked: their own keys that are not `undefined`, in their order. */
export type GivenOptions = Readonly<Record<string, unknown>>

const EXAMPLE = '{ origin: \'https://app.example.com\' }'

/**
 * Copies options, lists too, so that nothing changes after the check.
 *
 * @param value anything
 * @param whose names the options in the error
 * @throws CorsConfigError if the value is no object
 */
export function readOptions (value: unknown, whose: string): GivenOptions {
  if (typeof value !== 'object' || value === null || isList(value)) throw notOptions(value, whose)
  const given = Object.entries(value).filter(([, item]) => item !== undefined)
  return Object.fromEntries(given.map(([option, item]: [string, unknown]) => [option, isList(item) ? Object.freeze([...item]) : item]))
}

function notOptions (value: unknown, whose: string): CorsConfigError {
  return new CorsConfigError([{
    code: 'invalid-type',
    path: '',
    value,
    message: `the options must be an object, not ${show(value)}`,
    fix: typeof value === 'function' ? `{ delegator: request => (${EXAMPLE}) }` : EXAMPLE
  }], whose)
}
