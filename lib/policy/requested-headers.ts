/** More names than any page asks for: beyond it, nothing is echoed. */
const MOST_NAMES = 64
/** What else may stand between its commas: the same names again, nothing at all, and what is no name. */
const MOST_ITEMS = 128
/** Longer than any real list of names: beyond it, nothing is echoed. */
const MOST_CHARACTERS = 4096

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

/** Whether a text is a token (RFC 9110 section 5.6.2), as method and field names are. */
export function isToken (text: string): boolean {
  return TOKEN.test(text)
}

/** What a preflight asks for. */
export interface RequestedHeaders {
  /** Lower-cased, each once, in their order; what is no token is left out. */
  readonly names: ReadonlySet<string>
  /** The same as a list to be sent. */
  readonly list: string
}

/** Pages ask for the same few lists again and again; what is longer or comes later is read anew. */
const remembered = new Map<string, RequestedHeaders>()
const MOST_REMEMBERED = 256
const LONGEST_REMEMBERED = 256

/** Reads an `Access-Control-Request-Headers` value; `null` where there is too much to look at. */
export function readRequestedHeaders (value: string): RequestedHeaders | null {
  if (value.length > MOST_CHARACTERS) return null
  const known = remembered.get(value)
  if (known !== undefined) return known
  const requested = read(value)
  if (requested !== null && value.length <= LONGEST_REMEMBERED && remembered.size < MOST_REMEMBERED) remembered.set(value, requested)
  return requested
}

function read (value: string): RequestedHeaders | null {
  if (hasTooManyItems(value)) return null
  const names = new Set<string>()
  let list = ''
  for (const item of value.toLowerCase().split(',')) {
    const name = item.trim()
    if (!isToken(name) || names.has(name)) continue
    if (names.size === MOST_NAMES) return null
    names.add(name)
    list += list === '' ? name : `, ${name}`
  }
  return { names, list }
}

function hasTooManyItems (value: string): boolean {
  let items = 1
  for (let comma = value.indexOf(','); comma !== -1; comma = value.indexOf(',', comma + 1)) {
    if (++items > MOST_ITEMS) return true
  }
  return false
}
