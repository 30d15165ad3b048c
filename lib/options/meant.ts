import type { TSchema } from '@sinclair/typebox'
import { nearest } from '../near.js'
import { quote } from '../text.js'
import { ABOUT, type About, type Described } from './schema-types.js'

// Guesses the meaning of values of a wrong type. A fix is a promise: a value without a clear meaning gets none, and the
// message has an example instead.

const YES = new Set<unknown>(['true', 'yes', 'on', '1', 1, 'include', 'always', '*'])
const NO = new Set<unknown>(['false', 'no', 'off', '0', 0, '', 'omit', 'same-origin', 'never'])

/** A path, as other libraries take it, in which an expression needs to escape only slashes; all below it where it ends in one, or in a `*`. */
const PLAIN_PATH = /^((?:\/[\w~-]+)+)(\/(?:\*{1,2}|\(\.\*\))?)?$/

/**
 * Guesses the value that was meant, as JavaScript source.
 *
 * @param schema the schema of the option
 * @param value a value that the option doesn't take
 * @returns `null` if the meaning is not clear
 */
export function meantBy (schema: Described<TSchema>, value: unknown): string | null {
  const about = schema[ABOUT]
  switch (schema.type) {
    case 'boolean': return truth(value)
    case 'integer': return wholeNumber(value, schema)
    case 'array': return choicesMeant(about, value)
  }
  if (schema.title === 'RegExp') return expression(value)
  return value === true ? about.meantByTrue ?? null : choiceMeant(about, value)
}

/** A list of one choice, or of those that an object has switched on. */
function choicesMeant (about: About, value: unknown): string | null {
  const isObject = typeof value === 'object' && value !== null
  const names = isObject ? Object.entries(value).filter(([, isOn]) => isOn === true).map(([name]) => name) : [value]
  const meant = names.map(name => choiceMeant(about, name))
  if (meant.includes(null)) return typeof value === 'string' || value === false ? '[]' : null
  return `[${meant.join(', ')}]`
}

function truth (value: unknown): string | null {
  const word = typeof value === 'string' ? value.trim().toLowerCase() : value
  if (YES.has(word)) return 'true'
  return NO.has(word) ? 'false' : null
}

/** The nearest number in the range; where there is a default, that, since a status means nothing like the one beside it. */
function wholeNumber (value: unknown, { minimum, maximum, default: byDefault }: TSchema): string | null {
  const number = typeof value === 'string' && /^\s*-?\d+(?:\.\d+)?\s*$/.test(value) ? Number(value) : value
  if (typeof number !== 'number' || Number.isNaN(number)) return null
  const whole = Math.trunc(number)
  const nearest = Math.min(Number(maximum), Math.max(Number(minimum), whole))
  return String(nearest === whole ? nearest : byDefault ?? nearest)
}

function expression (value: unknown): string | null {
  const [, path, below] = typeof value === 'string' ? PLAIN_PATH.exec(value) ?? [] : []
  return path === undefined ? null : `/^${path.replaceAll('/', '\\/')}${below === undefined ? '(?:\\/|$)' : '\\/'}/`
}

/** The choice with the letters of a text, or the nearest, in any case, and with any other characters between them. */
export function choiceMeant ({ choices = [] }: About, value: unknown): string | null {
  if (typeof value !== 'string') return null
  const byLetters = new Map(choices.map(choice => [lettersOf(choice), choice]))
  const letters = lettersOf(value)
  const found = byLetters.get(letters) ?? byLetters.get(nearest(letters, byLetters.keys()) ?? '')
  return found === undefined ? null : quote(found)
}

function lettersOf (text: string): string {
  return text.toLowerCase().replace(/[^a-z]/g, '')
}
