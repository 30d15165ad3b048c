import { DECIMAL, HEXADECIMAL, LABEL, OPAQUE_HOST, endOfRun } from './characters.js'

/** The longest name of the domain name system, in characters, without a dot at its end (RFC 1035, section 2.3.4). */
export const MAX_DOMAIN_LENGTH = 253
const MAX_LABEL_LENGTH = 63

const DOT = 0x2E
const ZERO = 0x30
const COLON = 0x3A
const LOWER_X = 0x78
const OPENING_BRACKET = 0x5B
const CLOSING_BRACKET = 0x5D

/**
 * Finds where the host of a serialised origin ends. These functions run for each request: they look at every character
 * once, and make no object.
 *
 * @param value a text whose host begins at `start`
 * @param http whether the host is that of a URL with the scheme http or https; others are opaque (WHATWG URL, 3.5)
 * @returns the index after the host, or -1 if there is no valid one
 */
export function endOfHost (value: string, start: number, http: boolean): number {
  if (value.charCodeAt(start) === OPENING_BRACKET) return endOfIPv6(value, start)
  return http ? endOfDomainOrIPv4(value, start) : endOfOpaqueHost(value, start)
}

/** No `::` yet; otherwise, how many pieces stand before it. */
const NO_GAP = -1

const IPV6_PIECES = 8
const MAX_PIECE_LENGTH = 4

/**
 * An IPv6 address in the one form that browsers send (WHATWG URL, "IPv6 serializer"): eight pieces without leading zeros,
 * of which `::` stands for the first of the longest runs of zeros, if that is longer than one.
 */
function endOfIPv6 (value: string, start: number): number {
  let index = start + 1
  let pieces = 0
  let gap = NO_GAP
  let zeros = 0
  let longestBefore = 0
  let longestAfter = 0
  while (value.charCodeAt(index) !== CLOSING_BRACKET) {
    if (gap === NO_GAP && value.startsWith('::', index)) {
      // A zero beside it belonged to the run that it stands for
      if (zeros > 0) return -1
      gap = pieces
      index += 2
      if (value.charCodeAt(index) === CLOSING_BRACKET) break
      if (value.charCodeAt(index) === ZERO) return -1
    } else if (pieces > 0) {
      if (value.charCodeAt(index) !== COLON) return -1
      index++
    }
    const end = endOfRun(value, index, HEXADECIMAL)
    const isZero = value.charCodeAt(index) === ZERO
    if (end === index || end - index > (isZero ? 1 : MAX_PIECE_LENGTH) || ++pieces > IPV6_PIECES) return -1
    zeros = isZero ? zeros + 1 : 0
    if (gap === NO_GAP) longestBefore = Math.max(longestBefore, zeros)
    else longestAfter = Math.max(longestAfter, zeros)
    index = end
  }
  const left = IPV6_PIECES - pieces
  const isShortest = gap === NO_GAP ? left === 0 && longestBefore < 2 : left >= 2 && longestBefore < left && longestAfter <= left
  return isShortest ? index + 1 : -1
}

function endOfOpaqueHost (value: string, start: number): number {
  const end = endOfRun(value, start, OPAQUE_HOST)
  return end > start ? end : -1
}

/**
 * A dot after the last label is let pass, because a browser sends it where it stands in the page's address; other empty
 * labels are not, because no name with one can be resolved.
 */
function endOfDomainOrIPv4 (value: string, start: number): number {
  let lastLabel = start
  let labelStart = start
  for (;;) {
    const labelEnd = endOfRun(value, labelStart, LABEL)
    const dotFollows = value.charCodeAt(labelEnd) === DOT
    if (labelEnd - labelStart > MAX_LABEL_LENGTH) return -1
    if (labelEnd > labelStart) lastLabel = labelStart
    else if (dotFollows || labelStart === start) return -1
    if (!dotFollows) {
      if (labelEnd - start > MAX_DOMAIN_LENGTH + 1) return -1
      return isNumber(value, lastLabel) && !isIPv4(value, start, labelEnd) ? -1 : labelEnd
    }
    labelStart = labelEnd + 1
  }
}

/** Whether a label makes the host an IPv4 address: digits, or `0x` (WHATWG URL, "ends in a number checker"). */
function isNumber (value: string, start: number): boolean {
  const hexadecimal = value.charCodeAt(start) === ZERO && value.charCodeAt(start + 1) === LOWER_X
  const digits = hexadecimal ? start + 2 : start
  const end = endOfRun(value, digits, hexadecimal ? HEXADECIMAL : DECIMAL)
  return end > start && LABEL[value.charCodeAt(end)] !== 1
}

/** Whether an address is in the one form that browsers send (WHATWG URL, "IPv4 serializer"). */
function isIPv4 (value: string, start: number, end: number): boolean {
  let index = start
  for (let part = 0; part < 4; part++) {
    if (part > 0 && value.charCodeAt(index++) !== DOT) return false
    const digits = index
    index = endOfRun(value, digits, DECIMAL)
    if (readNumber(value, digits, index) > 255) return false
  }
  return index === end
}

/** The decimal number that stands there, or infinity where there is none, or one with leading zeros. */
export function readNumber (value: string, start: number, end: number): number {
  if (start === end || (value.charCodeAt(start) === ZERO && end - start > 1)) return Infinity
  let number = 0
  for (let index = start; index < end; index++) number = number * 10 + value.charCodeAt(index) - ZERO
  return number
}
