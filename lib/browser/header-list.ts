import { isToken } from '../http/token.js'

/** A header list as in the Fetch Standard, "2.2.2. Headers": names in lower case, one entry for each line. */
export type HeaderList = readonly (readonly [name: string, value: string])[]

/** Removes leading and trailing HTTP whitespace bytes (Fetch, "normalize a byte sequence"). */
export function normalizeValue (value: string): string {
  return value.replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, '')
}

/** Copies what a server or a script gave into a header list. */
export function toHeaderList (headers: Iterable<readonly [string, string]>): HeaderList {
  return Array.from(headers, ([name, value]) => [name.toLowerCase(), normalizeValue(value)] as const)
}

/** All values of a name, one for each line (Fetch, step 3 of "extract header list values"). */
export function getLines (list: HeaderList, name: string): string[] {
  return list.filter(([other]) => other === name).map(([, value]) => value)
}

/** Fetch, "get": the values of a name joined by a comma and a space, or `null` without any. */
export function getHeader (list: HeaderList, name: string): string | null {
  const lines = getLines(list, name)
  return lines.length === 0 ? null : lines.join(', ')
}

/**
 * Fetch, "extract header list values", for headers whose grammar is a list of tokens: `#method` or `#field-name`.
 * Recipients must ignore empty elements (RFC 9110, section 5.6.1.2); anything else that is no token is a failure of
 * the whole header.
 */
export function extractTokens (list: HeaderList, name: string): string[] | null | 'failure' {
  const lines = getLines(list, name)
  if (lines.length === 0) return null
  const elements = lines.flatMap(line => line.split(',')).map(normalizeValue).filter(element => element !== '')
  return elements.every(isToken) ? elements : 'failure'
}

/** As above for `delta-seconds` (RFC 9111, section 1.2.2), of which only one line is allowed. */
export function extractSeconds (list: HeaderList, name: string): number | null | 'failure' {
  const [value, ...others] = getLines(list, name)
  if (value === undefined) return null
  return others.length === 0 && /^[0-9]+$/.test(value) ? Number(value) : 'failure'
}

/**
 * Reads the bytes of a header value as UTF-8, as Chromium's DevTools protocol does. `null` if they are not: a
 * character above U+00FF means that the sender has decoded them before.
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
