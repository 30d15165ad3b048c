import { isToken } from '../token.js'

/** More names than any page asks for. */
const MOST_NAMES = 64
/** What else may stand between the commas: the same names again, nothing at all, and what is no name. */
const MOST_ITEMS = 128
/** Longer than any real list of names. */
const MOST_CHARACTERS = 4096

const COMMA = 0x2C
const SPACE = 0x20
const TAB = 0x09

/** The bytes of tokens, each in lower case; all others are 0. */
const LOWER_CASE = Uint8Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte)
  return isToken(character) ? character.toLowerCase().charCodeAt(0) : 0
})

/** Header values are bytes, as which Node reads them; who calls without a server may give other characters. */
const NO_BYTES = /[\u0100-\uffff]/g
/** The value that is being read, with a comma after it. */
const input = Buffer.alloc(MOST_CHARACTERS + 1)
/** The names that were found in it, each with a comma and a space after it. */
const output = Buffer.alloc(MOST_CHARACTERS + 2 * MOST_NAMES)
/** Where they begin there, plus one: each at its hash, or in the next place that was free. */
const places = new Uint16Array(256)
/** Another one in each process, so that hardly anybody can think up names that have the same hash. */
const FACTOR = 2 ** 30 + 2 * Math.floor(2 ** 29 * Math.random()) + 1

/**
 * The names of a list, as a list: lower-cased, each once, in their order; what is no token is left out. It reads each
 * byte once, and makes no name a text of its own, since strangers may send as much as is looked at.
 *
 * @returns `null` where there is too much to look at
 */
export function uniqueNames (list: string): string | null {
  if (list.length > MOST_CHARACTERS) return null
  const length = input.write(list.replace(NO_BYTES, '?'), 'latin1')
  input[length] = COMMA
  places.fill(0)
  let items = 0
  let names = 0
  let start = 0
  for (let at = 0; at <= length; at++) {
    at = afterWhiteSpace(at)
    let end = start
    let hash = 0
    for (let lower = lowerCase(at); lower; lower = lowerCase(++at)) {
      output[end++] = lower
      hash = Math.imul(hash + lower, FACTOR)
    }
    at = afterWhiteSpace(at)
    if (++items > MOST_ITEMS) return null
    if (input[at] !== COMMA) {
      at = input.indexOf(COMMA, at)
    } else if (end > start && isNew(hash, start, end)) {
      if (++names > MOST_NAMES) return null
      output[end++] = COMMA
      output[end++] = SPACE
      start = end
    }
  }
  return output.toString('latin1', 0, Math.max(0, start - 2))
}

/** White space may be around names (RFC 9110, section 5.6.1). */
function afterWhiteSpace (at: number): number {
  while (input[at] === SPACE || input[at] === TAB) at++
  return at
}

/** The byte there in lower case, or 0 where it is none of a token. */
function lowerCase (at: number): number | undefined {
  const byte = input[at]
  return byte && LOWER_CASE[byte]
}

/** Hashes are mixed once more: those of names that differ little differ by multiples of one number, and would share places. */
function isNew (hash: number, start: number, end: number): boolean {
  let place = Math.imul(hash ^ hash >>> 15, FACTOR) >>> 24
  for (let other = places[place]; other; other = places[place]) {
    if (isSame(other - 1, start, end)) return false
    place = (place + 1) % places.length
  }
  places[place] = start + 1
  return true
}

function isSame (other: number, start: number, end: number): boolean {
  while (start < end && output[other] === output[start]) { other++; start++ }
  return start === end && output[other] === COMMA
}
