/** More names than any page asks for: beyond it, nothing is echoed. */
const MOST_NAMES = 64
/** Longer than any real list of names: beyond it, nothing is echoed. */
const MOST_CHARACTERS = 4096

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

/** Whether a text is a token (RFC 9110 section 5.6.2), as method and field names are. */
export function isToken (text: string): boolean {
  return TOKEN.test(text)
}

/** Pages ask for the same few lists again and again; what is longer or comes later is read anew. */
const remembered = new Map<string, ReadonlySet<string>>()
const MOST_REMEMBERED = 256
const LONGEST_REMEMBERED = 256

/**
 * The names in an `Access-Control-Request-Headers` value: lower-cased, each once, in their order; what is no token is
 * left out. `null` where there are too many to look at.
 */
export function requestedHeaderNames (value: string): ReadonlySet<string> | null {
  if (value.length > MOST_CHARACTERS) return null
  const known = remembered.get(value)
  if (known !== undefined) return known
  const names = readNames(value)
  if (names !== null && value.length <= LONGEST_REMEMBERED && remembered.size < MOST_REMEMBERED) remembered.set(value, names)
  return names
}

function readNames (value: string): ReadonlySet<string> | null {
  const names = new Set<string>()
  for (let start = 0; start <= value.length;) {
    const comma = value.indexOf(',', start)
    const end = comma === -1 ? value.length : comma
    const name = value.slice(start, end).trim().toLowerCase()
    if (isToken(name)) names.add(name)
    if (names.size > MOST_NAMES) return null
    start = end + 1
  }
  return names
}
