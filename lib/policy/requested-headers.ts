import { isToken } from '../http/token.js'

/** More names, or a longer list, than any page sends. Strangers do, and echoing it would make them our work (A8). */
const MOST_NAMES = 64
const MOST_CHARACTERS = 1024

/** Optional white space around the items of a list (RFC 9110, section 5.6.1). `trim()` would take a no-break space too. */
const AROUND = /^[ \t]+|[ \t]+$/g

/**
 * The names of an `Access-Control-Request-Headers` value: in lower case, each once, in their order. What is no token is
 * left out.
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
 * Whether a name is requested beside those that are allowed.
 *
 * @param allowed - in lower case, as browsers send them: most lists need no other look
 */
export function requestsOther (value = '', allowed: ReadonlySet<string>): boolean {
  return !value.split(',').every(item => allowed.has(item)) && requestedNames(value).some(name => !allowed.has(name))
}

/** The requested names as one list to send back; `null` where they are more than is echoed. */
export function echoedNames (value = ''): string | null {
  if (value.length > MOST_CHARACTERS) return null
  const names = requestedNames(value)
  return names.length > MOST_NAMES ? null : names.join(', ')
}
