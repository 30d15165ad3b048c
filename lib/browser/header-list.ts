import { isToken } from '../http/token.js'

/**
 * Headers in any usual form: an object (with several values in an array, as in Node), or pairs in an array, a `Map`, a
 * generator or a `Headers`.
 */
export type HeadersLike = Iterable<readonly [string, string]> | Readonly<Record<string, string | readonly string[] | undefined>>

/**
 * A header list: names in lower case, one entry for each line.
 *
 * @see https://fetch.spec.whatwg.org/#concept-header-list
 */
export type HeaderList = readonly (readonly [name: string, value: string])[]

/**
 * Removes leading and trailing HTTP whitespace.
 *
 * @see https://fetch.spec.whatwg.org/#concept-header-value-normalize
 */
export function normalizeValue (value: string): string {
  return value.replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, '')
}

/**
 * Reads header lines in any form.
 *
 * @param whose names the headers in errors
 * @throws TypeError for anything that is not {@link HeadersLike}: no header may get lost silently
 */
export function readHeaders (headers: unknown, whose: string): [name: string, value: string][] {
  if (typeof headers === 'object' && headers !== null) {
    if (Symbol.iterator in headers) return Array.from(headers as Iterable<unknown>, pair => readPair(pair, whose))
    if (isPlainObject(headers)) {
      return Object.entries(headers).flatMap(([name, value]) =>
        [value].flat().filter(one => one !== undefined).map(one => readPair([name, one], whose)))
    }
  }
  throw new TypeError(`${whose} must be an object, pairs, a Map or a Headers, not ${nameOf(headers)}`)
}

function readPair (pair: unknown, whose: string): [name: string, value: string] {
  if (!isPair(pair)) throw new TypeError(`${whose} must be pairs of a name and a value, not ${nameOf(pair)}`)
  const [name, value] = pair
  if (typeof name !== 'string') throw new TypeError(`${whose} must have texts for names, not ${nameOf(name)}`)
  if (typeof value !== 'string') throw new TypeError(`${whose} must have a text for ${name}, not ${nameOf(value)}`)
  return [name, value]
}

function isPair (value: unknown): value is [unknown, unknown] {
  return Array.isArray(value) && value.length === 2
}

/** True for an object literal, of any realm; not for a `Promise` or a `Date`, whose own keys are no headers. */
function isPlainObject (value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || (typeof prototype === 'object' && Object.getPrototypeOf(prototype) === null)
}

function nameOf (value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  return typeof value === 'object' && value !== null ? Object.prototype.toString.call(value) : String(value)
}

/** Copies header lines into a header list. */
export function toHeaderList (headers: Iterable<readonly [string, string]>): HeaderList {
  return Array.from(headers, ([name, value]) => [name.toLowerCase(), normalizeValue(value)] as const)
}

/** All values of a name, one for each line. */
export function getLines (list: HeaderList, name: string): string[] {
  return list.filter(([other]) => other === name).map(([, value]) => value)
}

/**
 * The values of a name, joined by a comma and a space; `null` if there are none.
 *
 * @see https://fetch.spec.whatwg.org/#concept-header-list-get
 */
export function getHeader (list: HeaderList, name: string): string | null {
  const lines = getLines(list, name)
  return lines.length === 0 ? null : lines.join(', ')
}

/**
 * Extracts the values of a header whose grammar is a list of tokens: `#method` or `#field-name`. Empty elements are ignored
 * (RFC 9110, section 5.6.1.2). Anything else that is no token makes the whole header a failure.
 *
 * @see https://fetch.spec.whatwg.org/#extract-header-list-values
 */
export function extractTokens (list: HeaderList, name: string): string[] | null | 'failure' {
  const lines = getLines(list, name)
  if (lines.length === 0) return null
  const elements = lines.flatMap(line => line.split(',')).map(normalizeValue).filter(element => element !== '')
  return elements.every(isToken) ? elements : 'failure'
}

/**
 * Extracts the value of `Access-Control-Max-Age`, which may have one line only. The standard wants `delta-seconds`
 * (RFC 9111, section 1.2.2); Chromium and WebKit read a signed number of 64 bits, and a negative one as 0.
 */
export function extractSeconds (list: HeaderList, name: string): number | null | 'failure' {
  const [value, ...others] = getLines(list, name)
  if (value === undefined) return null
  const isNumber = others.length === 0 && /^[+-]?[0-9]+$/.test(value)
  return isNumber && Math.abs(Number(value)) < 2 ** 63 ? Math.max(0, Number(value)) : 'failure'
}

/**
 * Reads the bytes of a header value as UTF-8, as Chromium's DevTools protocol does; `null` if they are not. A value with a
 * character above U+00FF is decoded already.
 */
export function decodeUtf8 (value: string): string | null {
  const bytes = Array.from(value, character => character.charCodeAt(0))
  if (bytes.some(byte => byte > 0xff)) return value
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes))
  } catch {
    return null
  }
}
