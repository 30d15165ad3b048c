/** More names than any page asks for: beyond it, nothing is echoed. */
const MOST_NAMES = 64
/** Longer than any real list of names: beyond it, nothing is echoed. */
const MOST_CHARACTERS = 4096

/** A token of RFC 9110 section 5.6.2, with the comma and the optional white space that separate tokens in a list. */
const LIST_OF_TOKENS = /^[\t ,!#$%&'*+.^_`|~0-9A-Za-z-]*$/
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

/** Whether a text is a token (RFC 9110 section 5.6.2), as method and field names are. */
export function isToken (text: string): boolean {
  return TOKEN.test(text)
}

/**
 * The names in an `Access-Control-Request-Headers` value: lower-cased, each once, in their order; what is no token is
 * left out. `null` where there are too many to look at.
 */
export function requestedHeaderNames (value: string): ReadonlySet<string> | null {
  if (value.length > MOST_CHARACTERS) return null
  const clean = LIST_OF_TOKENS.test(value)
  const names = new Set<string>()
  for (const item of value.split(',')) {
    const name = item.trim().toLowerCase()
    if (name === '' || !(clean ? !name.includes(' ') && !name.includes('\t') : isToken(name))) continue
    if (names.size === MOST_NAMES && !names.has(name)) return null
    names.add(name)
  }
  return names
}
