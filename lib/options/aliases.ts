import { BoundedMap } from '../bounded-map.js'
import { nearest } from '../near.js'
import { ABOUT } from './schema-types.js'
import { CorsOptionsSchema } from './schema.js'

const OPTIONS = Object.entries(CorsOptionsSchema.properties)

const BY_NAME = new Map(OPTIONS.flatMap(([option, schema]) =>
  [option.toLowerCase(), ...schema[ABOUT].aliases ?? []].map((name): [string, string] => [name, option])))

/** Longer names are no misspelling of an option, and take long to compare. */
const MAX_NAME_LENGTH = 40

/**
 * Guesses the option that an unknown name means: by the names in other libraries, then by spelling, then by shared words.
 *
 * @returns `null` if none is near
 */
export function optionMeantBy (name: string): string | null {
  return name.length > MAX_NAME_LENGTH ? null : guessed.remember(name, () => guess(name))
}

/** Fixes are judged with all names in the options, one after the other. */
const guessed = new BoundedMap<string, string | null>(1000)

function guess (name: string): string | null {
  const plain = name.toLowerCase().replace(/[_\- .]/g, '')
  return BY_NAME.get(plain) ?? BY_NAME.get(plain.replace(/^cors/, '')) ?? BY_NAME.get(nearest(plain, BY_NAME.keys()) ?? '') ?? mostAlike(name)
}

/** The only option that shares two words with a name, as `optionsSuccessStatus` does with `originSuccessStatus`. */
function mostAlike (name: string): string | null {
  const words = new Set(wordsOf(name))
  const [alike, ...others] = OPTIONS.filter(([option]) => wordsOf(option).filter(word => words.has(word)).length >= 2)
  return alike === undefined || others.length > 0 ? null : alike[0]
}

function wordsOf (name: string): string[] {
  return name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase().split(/[^a-z]+/)
}

/** As in `{ config: { cors: { origin } } }`; an object may contain itself. */
const DEEPEST = 3

/** True for an object in which somebody has put `origin`, by any of its names, for a part of the application or an environment. */
export function holdsOrigin (value: unknown, depth = DEEPEST): boolean {
  if (depth === 0 || typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return Object.entries(value).some(([name, inner]) => optionMeantBy(name) === 'origin' || holdsOrigin(inner, depth - 1))
}
