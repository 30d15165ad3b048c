import { METHODS } from 'node:http'
import { quote, shorten } from '../../origin/source.js'
import { normaliseMethod } from '../../method.js'
import { isToken } from '../../token.js'
import type { Problem } from '../issue-list.js'
import { checkNames, namesSource } from './names.js'
import type { Rules } from './rule.js'

/** In any case: no browser sends these (Fetch, section 2.2.1, "forbidden method"). */
const FORBIDDEN = new Set(['CONNECT', 'TRACE', 'TRACK'])

/** Node's own list, so that it is right for the version that runs. */
const KNOWN = new Set(METHODS)

/** `method-invalid` and `method-forbidden`. */
export function checkMethods (rules: Rules): void {
  checkNames('methods', 'method-invalid', rules, problemOf)
}

function problemOf (value: string): Problem | null {
  const shown = quote(shorten(value))
  if (!isToken(value)) {
    const what = value.trim() === '' ? 'is empty' : 'is not the name of a method'
    return { code: 'method-invalid', value, message: `${shown} ${what}`, fix: namesSource(value) }
  }
  const upper = value.toUpperCase()
  if (FORBIDDEN.has(upper)) {
    return { code: 'method-forbidden', value, message: `${shown} is a method that no browser sends: leave it out`, fix: null }
  }
  if (normaliseMethod(value) === upper || !KNOWN.has(upper)) return null
  return {
    code: 'method-invalid',
    value,
    message: `${shown} is not the same method as ${quote(upper)}: browsers send it in the case in which the page writes it`,
    fix: quote(upper)
  }
}
