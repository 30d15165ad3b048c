import { METHODS } from 'node:http'
import { normaliseMethod } from '../../http/methods.js'
import { isToken } from '../../http/token.js'
import { isList, listSource, quote, shorten } from '../../text.js'
import type { CorsIssueCode, Problem } from '../issue.js'
import type { Rules } from './rule.js'

/** Far more than a page needs, or servers usually accept in headers; looking at more would hold up the start of the server. */
const MAX_NAMES = 1000
const MAX_TEXT_LENGTH = 20_000

/** One name of a list of methods or headers, with its place. */
interface Name {
  /** `null` where the list is one text. */
  readonly index: number | null
  readonly name: string
}

/**
 * Looks at each name of an option, and reports what is wrong with it.
 *
 * @param code the problem of a list that is too long
 */
function checkNames (
  option: 'methods' | 'allowedHeaders' | 'exposedHeaders',
  code: CorsIssueCode,
  { own, issues }: Rules,
  problemOf: (name: string) => Problem | null
): void {
  const value = own[option]
  if (isTooLong(value)) {
    issues.add({ option }, {
      code,
      value,
      message: `${option} is longer than it can be: at most ${MAX_NAMES} names are read, or ${MAX_TEXT_LENGTH} characters`,
      fix: null
    })
  }
  for (const { index, name } of namesIn(value)) {
    const problem = problemOf(name)
    if (problem !== null) issues.add({ option, index }, problem)
  }
}

function isTooLong (value: unknown): boolean {
  if (typeof value === 'string') return value.length > MAX_TEXT_LENGTH || value.split(',').length > MAX_NAMES
  return isList(value) && (value.length > MAX_NAMES || lengthOf(value) > MAX_TEXT_LENGTH)
}

function lengthOf (names: readonly unknown[]): number {
  return names.reduce<number>((sum, name) => sum + (typeof name === 'string' ? name.length : 0), 0)
}

/**
 * The names in a list, or in a text with commas: there, each once. None where it is too long. What is no text is left to
 * the schema.
 */
export function namesIn (value: unknown): Name[] {
  if (isTooLong(value)) return []
  if (typeof value === 'string') {
    return Array.from(new Set(value.split(',').map(name => name.trim())), name => ({ index: null, name }))
  }
  const names: Name[] = []
  if (!isList(value)) return names
  for (const [index, name] of value.entries()) if (typeof name === 'string') names.push({ index, name })
  return names
}

/** The names that a text holds that is not one, as JavaScript source; `null` where it holds none. */
function namesSource (text: string): string | null {
  const names = text.slice(0, 1000).split(/[\s,;]+/).filter(name => name !== '')
  if (names.length === 0 || !names.every(isToken)) return null
  return names.length === 1 ? names.map(quote).join('') : listSource(names).slice(1, -1)
}

/** Fetch, section 2.2.2, "forbidden request-header"; by name, in lower case. */
const FORBIDDEN_IN_REQUESTS = new Set([
  'accept-charset', 'accept-encoding', 'connection', 'content-length', 'cookie', 'cookie2', 'date', 'dnt', 'expect', 'host',
  'keep-alive', 'origin', 'referer', 'set-cookie', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'via'
])

/** The same, by how they begin. Those of CORS itself are among them, also those that the standard does not know yet. */
const FORBIDDEN_BEGINNING = /^(?:access-control-request-|proxy-|sec-)/

/** Fetch, section 2.2.2, "forbidden response-header name". */
const FORBIDDEN_IN_RESPONSES = new Set(['set-cookie', 'set-cookie2'])

/** `header-invalid`, `header-forbidden` and `header-misplaced`. */
export function checkHeaders (rules: Rules): void {
  checkNames('allowedHeaders', 'header-invalid', rules, name => invalidName(name) ?? problemInRequests(name, name.toLowerCase()))
  checkNames('exposedHeaders', 'header-invalid', rules, name => invalidName(name) ?? problemInResponses(name, name.toLowerCase()))
}

function invalidName (value: string): Problem | null {
  if (isToken(value)) return null
  const what = value.trim() === '' ? 'is empty' : 'is not the name of a header'
  return {
    code: 'header-invalid',
    value,
    message: `${quote(shorten(value))} ${what}`,
    fix: namesSource(value.replace(/:.*/s, ''))
  }
}

function problemInRequests (value: string, name: string): Problem | null {
  const shown = quote(shorten(value))
  if (name === 'cookie') {
    return { code: 'header-forbidden', value, message: `${shown} is never set by a page: browsers send cookies with credentials`, fix: 'credentials: true' }
  }
  if (FORBIDDEN_IN_REQUESTS.has(name) || FORBIDDEN_BEGINNING.test(name)) {
    return { code: 'header-forbidden', value, message: `${shown} is never set by a page, only by the browser itself: leave it out`, fix: null }
  }
  if (name.startsWith('access-control-') || name === 'timing-allow-origin') {
    return { code: 'header-misplaced', value, message: `${shown} is a header of the server's answer, which the plugin sends: leave it out`, fix: null }
  }
  return null
}

function problemInResponses (value: string, name: string): Problem | null {
  const shown = quote(shorten(value))
  if (FORBIDDEN_IN_RESPONSES.has(name)) {
    return { code: 'header-forbidden', value, message: `${shown} is never shown to a page by a browser: leave it out`, fix: null }
  }
  if (name === 'origin' || name.startsWith('access-control-request-')) {
    return { code: 'header-misplaced', value, message: `${shown} is a header of the browser's request, not of an answer: leave it out`, fix: null }
  }
  return null
}

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
