import { isList, show } from '../text.js'
import { CorsConfigError } from './issue.js'

/** Options as they were given, not yet checked: only own and defined keys, in their order. */
export type GivenOptions = Readonly<Record<string, unknown>>

const EXAMPLE = '{ origin: \'https://app.example.com\' }'

/**
 * Copies what was given as options, lists too, so that nothing changes once it has been checked.
 *
 * @param value anything
 * @param whose for the message of the error
 * @throws CorsConfigError where it is no object
 */
export function readOptions (value: unknown, whose: string): GivenOptions {
  if (typeof value !== 'object' || value === null || isList(value)) throw notOptions(value, whose)
  const given = Object.entries(value).filter(([, item]) => item !== undefined)
  return Object.fromEntries(given.map(([option, item]: [string, unknown]) => [option, isList(item) ? Object.freeze([...item]) : item]))
}

function notOptions (value: unknown, whose: string): CorsConfigError {
  const example = typeof value === 'function' ? `{ delegator: request => (${EXAMPLE}) }` : EXAMPLE
  return new CorsConfigError([{
    code: 'invalid-type',
    path: '',
    value,
    message: `the options must be an object such as ${example}, not ${show(value)}`,
    fix: null
  }], whose)
}
