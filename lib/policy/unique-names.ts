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
const SPACES = 0x20202020

/** The bytes of tokens, each in lower case; all others are 0. */
const LOWER_CASE = Uint8Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte)
  return isToken(character) ? character.toLowerCase().charCodeAt(0) : 0
})
/** Two bytes of tokens, each in lower case; 0 where one of them is another. */
const LOWER_CASE_PAIRS = new Uint16Array(2 ** 16)
LOWER_CASE.forEach((low, first) => {
  if (low) LOWER_CASE.forEach((high, second) => { if (high) LOWER_CASE_PAIRS[first | second << 8] = low | high << 8 })
})

/** Header values are bytes, as which Node reads them; who calls without a server may give other characters. */
const NO_BYTES = /[\u0100-\uffff]/g
/** How many bytes are read at once. */
const WORD = 4
/** The value that is being read, with a comma after it. */
const input = Buffer.alloc(MOST_CHARACTERS + WORD)
const inputWords = new DataView(input.buffer, input.byteOffset, input.length)
/** The names that were found in it, each with a comma and a space after it. */
const output = Buffer.alloc(MOST_CHARACTERS + 2 * MOST_NAMES + WORD)
const outputWords = new DataView(output.buffer, output.byteOffset, output.length)
/** Where they begin there, plus one: each at its hash, or in the next place that was free. */
const places = new Uint16Array(256)
/** Another one in each process, so that hardly anybody can think up names that have the same hash. */
const FACTOR = 2 ** 30 + 2 * Math.floor(2 ** 29 * Math.random()) + 1
/** How often names that differ may share a place: real lists have some ten, but luck and patience find more. */
const MOST_COLLISIONS = 256
/** Of the list that is being read, so far. */
let collisions = 0
/** Of the name that was copied last. */
let hash = 0

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
  collisions = 0
  let items = 0
  let names = 0
  let start = 0
  for (let at = 0; at <= length; at++) {
    at = afterWhiteSpace(at)
    const size = copyToken(at, start)
    at = afterWhiteSpace(at + size)
    if (++items > MOST_ITEMS) return null
    if (input[at] !== COMMA) {
      at = input.indexOf(COMMA, at)
    } else if (size > 0 && isNew(start, start + size)) {
      if (++names > MOST_NAMES || collisions > MOST_COLLISIONS) return null
      start += size
      output[start++] = COMMA
      output[start++] = SPACE
    }
  }
  return output.toString('latin1', 0, Math.max(0, start - 2))
}

/** White space may be around names (RFC 9110, section 5.6.1). */
function afterWhiteSpace (at: number): number {
  while (inputWords.getInt32(at) === SPACES) at += WORD
  while (input[at] === SPACE || input[at] === TAB) at++
  return at
}

/** Copies what there is of a token, in lower case, and gives its size. */
function copyToken (from: number, to: number): number {
  let mixed = 0
  let at = from
  let end = to
  for (;;) {
    const word = inputWords.getInt32(at, true)
    const low = LOWER_CASE_PAIRS[word & 0xFFFF]
    const high = LOWER_CASE_PAIRS[word >>> 16]
    if (!low || !high) break
    const lower = low | high << 16
    outputWords.setInt32(end, lower, true)
    mixed = mix(mixed, lower)
    at += WORD
    end += WORD
  }
  for (let lower = lowerCase(at); lower; lower = lowerCase(++at)) {
    output[end++] = lower
    mixed = mix(mixed, lower)
  }
  hash = mixed
  return at - from
}

/** The byte there in lower case, or 0 where it is none of a token. */
function lowerCase (at: number): number | undefined {
  const byte = input[at]
  return byte && LOWER_CASE[byte]
}

/** Without the shift, the high bits of two words could make up for each other, whatever the factor is. */
function mix (mixed: number, next: number): number {
  const product = Math.imul(mixed ^ next, FACTOR)
  return product ^ product >>> 15
}

/** Whether no name before is the one that was copied last. */
function isNew (start: number, end: number): boolean {
  let place = Math.imul(hash, FACTOR) >>> 24
  for (let other = places[place]; other; other = places[place]) {
    if (isSame(other - 1, start, end)) return false
    collisions++
    place = (place + 1) % places.length
  }
  places[place] = start + 1
  return true
}

function isSame (other: number, start: number, end: number): boolean {
  while (start + WORD <= end && outputWords.getInt32(other) === outputWords.getInt32(start)) { other += WORD; start += WORD }
  while (start < end && output[other] === output[start]) { other++; start++ }
  return start === end && output[other] === COMMA
}
