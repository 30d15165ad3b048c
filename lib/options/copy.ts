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
 * @param otherwise says in the error what they may be beside an object
 * @throws CorsConfigError if the value is no object
 */
export function readOptions (value: unknown, whose: string, otherwise: string = ''): GivenOptions {
  if (typeof value !== 'object' || value === null || isList(value)) throw notOptions(value, whose, otherwise)
  const given = Object.entries(value).filter(([, item]) => item !== undefined)
  return Object.fromEntries(given.map(([option, item]: [string, unknown]) => [option, isList(item) ? Object.freeze([...item]) : item]))
}

function notOptions (value: unknown, whose: string, otherwise: string): CorsConfigError {
  const example = typeof value === 'function' ? `{ delegator: request => (${EXAMPLE}) }` : EXAMPLE
  return new CorsConfigError([{
    code: 'invalid-type',
    path: '',
    value,
    message: `the options must be an object such as ${example}${otherwise}, not ${show(value)}`,
    fix: null
  }], whose)
}
