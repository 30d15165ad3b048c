import { isToken } from './token.js'
import { type FieldValue, fieldText } from './vary.js'

/**
 * A list of field names as it is sent: each once, as it was first written; of a list with `*`, only what `*` does not cover (A7).
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
 * Adds names to `Access-Control-Expose-Headers` (A11). What is no name is left out: with
 * credentials, `*` is none that anybody means.
 *
 * @see https://fetch.spec.whatwg.org/#cors-protocol-and-credentials
 */
export function addExposed (present: FieldValue, added: FieldValue, credentials: boolean): string {
  const names = `${fieldText(present)},${fieldText(added)}`.split(',').map(name => name.trim())
  return headerList(names.filter(name => isToken(name) && !(credentials && name === '*')))
}
