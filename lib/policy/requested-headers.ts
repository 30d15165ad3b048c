/** More names than any page asks for: beyond it, nothing is echoed. */
const MOST_NAMES = 64
/** What else may stand between its commas: the same names again, nothing at all, and what is no name. */
const MOST_ITEMS = 128
/** Longer than any real list of names: beyond it, nothing is echoed. */
const MOST_CHARACTERS = 4096

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

/** Names as browsers list them (Fetch, "CORS-unsafe request-header names"): looked at in one go. */
const TOKENS = /^[!#$%&'*+.^_`|~0-9a-z-]+(?:,[!#$%&'*+.^_`|~0-9a-z-]+)*$/

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

/** The long one that was read last, since what is asked about one preflight is asked in one go. */
let last: { readonly value: string, readonly requested: RequestedHeaders | null } | null = null

/** Reads an `Access-Control-Request-Headers` value; `null` where there is too much to look at. */
export function readRequestedHeaders (value: string): RequestedHeaders | null {
  if (value.length > LONGEST_REMEMBERED) return readLong(value)
  const known = remembered.get(value)
  if (known !== undefined) return known
  const requested = read(value)
  if (requested !== null && remembered.size < MOST_REMEMBERED) remembered.set(value, requested)
  return requested
}

function readLong (value: string): RequestedHeaders | null {
  if (value.length > MOST_CHARACTERS) return null
  if (last?.value !== value) last = { value, requested: read(value) }
  return last.requested
}

function read (value: string): RequestedHeaders | null {
  if (hasTooManyItems(value)) return null
  const lower = value.toLowerCase()
  const items = lower.split(',')
  const names = new Set(TOKENS.test(lower) ? items : items.map(item => item.trim()).filter(isToken))
  return names.size > MOST_NAMES ? null : { names, list: [...names].join(', ') }
}

function hasTooManyItems (value: string): boolean {
  let items = 1
  for (let comma = value.indexOf(','); comma !== -1; comma = value.indexOf(',', comma + 1)) {
    if (++items > MOST_ITEMS) return true
  }
  return false
}
