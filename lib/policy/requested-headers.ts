import { uniqueNames } from './unique-names.js'

/** What a preflight asks for: lower-cased, each once, in their order; what is no token is left out. */
export class RequestedHeaders {
  /** As a list to be sent. */
  readonly list: string
  #names: readonly string[] | null = null

  constructor (list: string) {
    this.list = list
  }

  get names (): readonly string[] {
    this.#names ??= this.list === '' ? [] : this.list.split(', ')
    return this.#names
  }
}

/** Pages ask for the same few lists again and again; what is longer or comes later is read anew. */
const remembered = new Map<string, RequestedHeaders>()
const MOST_REMEMBERED = 256
const LONGEST_REMEMBERED = 256

/** The long one that was read last, since what is asked about one preflight is asked in one go. */
let last: { readonly value: string, readonly requested: RequestedHeaders | null } | null = null

/** Reads an `Access-Control-Request-Headers` value; `null` where there is too much to look at. */
export function readRequestedHeaders (value = ''): RequestedHeaders | null {
  if (value.length > LONGEST_REMEMBERED) return readLong(value)
  const known = remembered.get(value)
  if (known !== undefined) return known
  const requested = read(value)
  if (requested !== null && remembered.size < MOST_REMEMBERED) remembered.set(value, requested)
  return requested
}

function readLong (value: string): RequestedHeaders | null {
  if (last?.value !== value) last = { value, requested: read(value) }
  return last.requested
}

function read (value: string): RequestedHeaders | null {
  const list = uniqueNames(value)
  return list === null ? null : new RequestedHeaders(list)
}
