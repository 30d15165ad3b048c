/** A set of characters, by code: 1 for those in it. */
type Characters = Uint8Array

function setOf (characters: string): Characters {
  const set = new Uint8Array(256)
  for (const character of characters) set[character.charCodeAt(0)] = 1
  return set
}

/** The visible ASCII characters that are not in `forbidden`. */
function visibleBut (forbidden: string): Characters {
  const set = new Uint8Array(256).fill(1, 0x21, 0x7F)
  for (const character of forbidden) set[character.charCodeAt(0)] = 0
  return set
}

export const DECIMAL = setOf('0123456789')

export const HEXADECIMAL = setOf('0123456789abcdef')

export const LETTER = setOf('abcdefghijklmnopqrstuvwxyz')

/** A scheme after its first letter (RFC 3986, section 3.1), in lower case, as browsers send it. */
export const SCHEME = setOf('abcdefghijklmnopqrstuvwxyz0123456789+-.')

/**
 * One label of a domain as the host parser gives it: visible ASCII in lower case, without the forbidden domain code
 * points (WHATWG URL, section 3.1) and the dot.
 */
export const LABEL = visibleBut('#%/:<>?@[\\]^|.ABCDEFGHIJKLMNOPQRSTUVWXYZ')

/** An opaque host, which schemes other than http(s) have: no forbidden host code points (WHATWG URL, section 3.1). */
export const OPAQUE_HOST = visibleBut('#/:<>?@[\\]^|')

/** The index of the first character at or after `start` that is not in the set, or the length. */
export function endOfRun (value: string, start: number, set: Characters): number {
  let index = start
  while (index < value.length && set[value.charCodeAt(index)] === 1) index++
  return index
}
