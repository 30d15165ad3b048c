import { isToken } from '../http/token.js'

/** More than any page asks for. Longer lists are not echoed: they would cost time and answer nobody (A8). */
const MOST_NAMES = 64
const MOST_CHARACTERS = 1024

/** The white space around the items of a list (RFC 9110, section 5.6.1). `trim()` would remove a no-break space too. */
const AROUND = /^[ \t]+|[ \t]+$/g

/**
 * Reads the names of an `Access-Control-Request-Headers` value: in lower case, each once, in their order. Leaves out what
 * is no token.
 */
export function requestedNames (value = ''): string[] {
  const names = new Set<string>()
  for (const item of value.split(',')) {
    const name = item.replace(AROUND, '')
    if (isToken(name)) names.add(name.toLowerCase())
  }
  return [...names]
}

/**
 * True if names are requested that are not allowed. Browsers send lower case, so most lists need only the first look.
 *
 * @param allowed - in lower case
 */
export function requestsOther (value = '', allowed: ReadonlySet<string>): boolean {
  return !value.split(',').every(item => allowed.has(item)) && requestedNames(value).some(name => !allowed.has(name))
}

/** The requested names as one value to send back; `null` if they are too many to be echoed. */
export function echoedNames (value = ''): string | null {
  if (value.length > MOST_CHARACTERS) return null
  const names = requestedNames(value)
  return names.length > MOST_NAMES ? null : names.join(', ')
}
