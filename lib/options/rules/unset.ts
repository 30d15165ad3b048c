import { validHost } from '../../origin/validate.js'
import { quote } from '../../text.js'
import type { Problem } from '../issue.js'

/** The rest that a variable which is not set leaves in a text: as one of the labels of a host, or as all of it. */
const UNSET = /(?:^|\.)undefined(?:\.|$)|^(?:null|nan)$/

/** The host of an origin or a pattern; `null` for what is neither, or was made with a variable that is not set. */
export function givenHost (value: string): string | null {
  const host = validHost(value)
  return host === null || UNSET.test(host) ? null : host
}

/** The source of an expression made of a variable that is not set: `new RegExp('')` is written `/(?:)/`. */
const UNSET_SOURCE = /^\^?(?:\(\?:\)|undefined)?\$?$/

/** True for an expression that was made with nothing but a variable that is not set. */
export function isUnset (source: string): boolean {
  return UNSET_SOURCE.test(source)
}

/** `origin-invalid` of `https://${process.env.HOST}` where that is not set: a valid origin, but nobody's. */
export function unsetProblem (value: string): Problem | null {
  if (validHost(value) === null) return null
  return {
    code: 'origin-invalid',
    value,
    message: `${quote(value)} looks like it was made with an environment variable that is not set`,
    fix: null
  }
}
