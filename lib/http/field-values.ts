import { isToken } from './token.js'

/** The types in which Node and Fastify hold a header's value. */
export type FieldValue = number | string | readonly string[] | undefined

/** The header lines of a message, in the letter case in which they were sent: Node's `rawHeaders` has names and values in turn. */
export function headerLines (rawHeaders: readonly string[]): Array<[name: string, value: string]> {
  return rawHeaders.flatMap((name, i): Array<[string, string]> => i % 2 === 0 ? [[name, String(rawHeaders[i + 1])]] : [])
}

/** A header's value as one text. */
export function fieldText (value: FieldValue): string {
  return value === undefined ? '' : [value].flat().join(', ')
}

/** The names of a list in a header value (RFC 9110, section 5.6.1). */
export function namesIn (value: string): string[] {
  return value.split(',').map(name => name.trim()).filter(name => name !== '')
}

/** Names by their lower case: each once, as it was first written. */
function byLowerCase (names: readonly string[]): Map<string, string> {
  const unique = new Map<string, string>()
  for (const name of names) {
    const key = name.toLowerCase()
    if (!unique.has(key)) unique.set(key, name)
  }
  return unique
}

/**
 * Adds field names to a `Vary` value (RFC 9110 section 12.5.5). Each name stays once, whatever its letter case, as it was
 * first written. `*` stands alone: it already says that everything matters.
 */
export function addToVary (present: string, added: string): string {
  if (present === '' || present === added) return added
  const names = namesIn(`${present},${added}`)
  return names.includes('*') ? '*' : [...byLowerCase(names).values()].join(', ')
}

/** True if a `Vary` value names a request header, given in lower case, or says with `*` that everything matters. */
export function variesBy (name: string, vary: string): boolean {
  return namesIn(vary.toLowerCase()).some(item => item === name || item === '*')
}

/**
 * Writes a list of field names as a header value: each name once, as it was first written. Beside `*` stands only
 * `Authorization`, which it does not cover (A7).
 *
 * @see https://fetch.spec.whatwg.org/#http-new-header-syntax
 */
export function headerList (names: readonly string[]): string {
  const unique = byLowerCase(names)
  if (!unique.has('*')) return [...unique.values()].join(', ')
  const authorization = unique.get('authorization')
  return authorization === undefined ? '*' : `*, ${authorization}`
}

/**
 * Adds names to `Access-Control-Expose-Headers` (A11). Leaves out what is no name; with credentials, `*` is a name that
 * nobody means.
 *
 * @see https://fetch.spec.whatwg.org/#cors-protocol-and-credentials
 */
export function addExposed (present: FieldValue, added: FieldValue, credentials: boolean): string {
  const names = namesIn(`${fieldText(present)},${fieldText(added)}`)
  return headerList(names.filter(name => isToken(name) && !(credentials && name === '*')))
}
