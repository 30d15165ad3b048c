import { isToken } from './token.js'
import { type FieldValue, fieldText } from './vary.js'

/**
 * Writes a list of field names as a header value: each name once, as it was first written. Beside `*` stands only
 * `Authorization`, which it does not cover (A7).
 *
 * @see https://fetch.spec.whatwg.org/#http-new-header-syntax
 */
export function headerList (names: readonly string[]): string {
  const unique = new Map<string, string>()
  for (const name of names) {
    const key = name.toLowerCase()
    if (!unique.has(key)) unique.set(key, name)
  }
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
  const names = `${fieldText(present)},${fieldText(added)}`.split(',').map(name => name.trim())
  return headerList(names.filter(name => isToken(name) && !(credentials && name === '*')))
}
