import { domainToASCII, domainToUnicode } from 'node:url'

/** No longer origin is read. "://", a port, and a domain of the greatest length leave 38 characters for the scheme. */
export const MAX_ORIGIN_LENGTH = 300

const COLON = 0x3A
const MAX_PORT = 65535

/** The parts of a serialised origin (RFC 6454, section 6.2). */
interface OriginParts {
  /** Without the colon. */
  scheme: string
  /** IPv6 addresses with their brackets. */
  host: string
  /** `''` for the default port of the scheme. */
  port: string
}

/**
 * True for an `Origin` header that is a serialised origin as browsers send it (RFC 6454, section 6.2; HTML,
 * [serialization of an origin](https://html.spec.whatwg.org/#ascii-serialisation-of-an-origin)). False for `null` and
 * `file://`, which stand for any sandboxed page or local file. Runs for each request: it reads at most 300 characters, each
 * once, and makes no object.
 */
export function isSerialisedOrigin (value: string): boolean {
  return value.length <= MAX_ORIGIN_LENGTH && endOfHostOf(value) !== -1
}

/** @returns `null` unless {@link isSerialisedOrigin} holds */
export function parseOrigin (value: string): OriginParts | null {
  if (value.length > MAX_ORIGIN_LENGTH) return null
  const hostEnd = endOfHostOf(value)
  if (hostEnd === -1) return null
  const schemeEnd = value.indexOf(':')
  return {
    scheme: value.slice(0, schemeEnd),
    host: value.slice(schemeEnd + 3, hostEnd),
    port: value.slice(hostEnd + 1)
  }
}

/** @returns the index after the host; -1 where anything in the value is wrong, the port included */
function endOfHostOf (value: string): number {
  if (LETTER[value.charCodeAt(0)] !== 1) return -1
  const schemeEnd = endOfRun(value, 1, SCHEME)
  if (!value.startsWith('://', schemeEnd)) return -1
  const defaultPort = defaultPortOf(value, schemeEnd)
  const hostEnd = endOfHost(value, schemeEnd + 3, defaultPort !== NO_DEFAULT_PORT)
  return hostEnd === -1 || hostEnd === value.length || isPort(value, hostEnd, defaultPort) ? hostEnd : -1
}

const NO_DEFAULT_PORT = 0

/** The port that an http(s) origin leaves out. Browsers know none for other [schemes](https://url.spec.whatwg.org/#special-scheme). */
function defaultPortOf (value: string, schemeEnd: number): number {
  if (schemeEnd === 4 && value.startsWith('http')) return 80
  return schemeEnd === 5 && value.startsWith('https') ? 443 : NO_DEFAULT_PORT
}

/** True if the rest is a colon and a port as browsers write it: a decimal that is not the default. */
function isPort (value: string, start: number, defaultPort: number): boolean {
  if (value.charCodeAt(start) !== COLON || endOfRun(value, start + 1, DECIMAL) !== value.length) return false
  const port = readNumber(value, start + 1, value.length)
  return port > 0 && port <= MAX_PORT && port !== defaultPort
}

const PUNYCODE_LABEL = /(?:^|\.)xn--/

/**
 * Writes a host as the host parser of browsers does ([URL, section 3.5](https://url.spec.whatwg.org/#host-parsing)).
 * `URL.canParse` can't be used: after many calls, Node 20 refuses hosts with letters of Latin-1.
 *
 * @returns `null` where the host parser refuses the host
 */
export function canonicalHost (host: string): string | null {
  const canonical = domainToASCII(host)
  if (canonical === '') return null
  return !PUNYCODE_LABEL.test(canonical) || isPunycode(canonical) ? canonical : null
}

/**
 * True if each label that begins with `xn--` is valid Punycode of a label that needs it (UTS #46, section 4.1). From
 * Node 24 on, `domainToASCII` does not check, and no Node refuses the Punycode of plain ASCII. So the host is decoded,
 * which leaves invalid labels as they are, and encoded again.
 */
function isPunycode (host: string): boolean {
  const decoded = domainToUnicode(host)
  return !PUNYCODE_LABEL.test(decoded) && domainToASCII(decoded) === host
}

/** A set of characters: 1 at the code of each. */
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

const DECIMAL = setOf('0123456789')

const HEXADECIMAL = setOf('0123456789abcdef')

const LETTER = setOf('abcdefghijklmnopqrstuvwxyz')

/** A scheme after its first letter (RFC 3986, section 3.1), in lower case, as browsers send it. */
const SCHEME = setOf('abcdefghijklmnopqrstuvwxyz0123456789+-.')

/**
 * The characters of a domain's label, as the host parser writes it: visible ASCII in lower case, but for the dot and the
 * [forbidden domain code points](https://url.spec.whatwg.org/#forbidden-domain-code-point).
 */
const LABEL = visibleBut('#%/:<>?@[\\]^|.ABCDEFGHIJKLMNOPQRSTUVWXYZ')

/** An opaque host, of schemes other than http(s): no [forbidden code points](https://url.spec.whatwg.org/#forbidden-host-code-point). */
const OPAQUE_HOST = visibleBut('#/:<>?@[\\]^|')

/** The index of the first character at or after `start` that is not in the set, or the length. */
function endOfRun (value: string, start: number, set: Characters): number {
  let index = start
  while (index < value.length && set[value.charCodeAt(index)] === 1) index++
  return index
}

/** The greatest length of a domain name, without a dot at its end (RFC 1035, section 2.3.4). */
export const MAX_DOMAIN_LENGTH = 253
const MAX_LABEL_LENGTH = 63

const DOT = 0x2E
const ZERO = 0x30
const LOWER_X = 0x78
const OPENING_BRACKET = 0x5B
const CLOSING_BRACKET = 0x5D

/**
 * Finds where the host of a serialised origin ends.
 *
 * @param value a text whose host begins at `start`
 * @param http true for the schemes http and https; hosts of others are opaque ([URL, section 3.5](https://url.spec.whatwg.org/#host-parsing))
 * @returns the index after the host, or -1 if no valid host stands there
 */
export function endOfHost (value: string, start: number, http: boolean): number {
  if (value.charCodeAt(start) === OPENING_BRACKET) return endOfIPv6(value, start)
  return http ? endOfDomainOrIPv4(value, start) : endOfOpaqueHost(value, start)
}

/** No `::` has come yet. */
const NO_GAP = -1

const IPV6_PIECES = 8
const MAX_PIECE_LENGTH = 4

/**
 * Reads an IPv6 address in the one form that browsers send
 * ([IPv6 serializer](https://url.spec.whatwg.org/#concept-ipv6-serializer)): eight pieces without leading zeros, where `::`
 * stands for the first of the longest runs of zeros, if that is longer than one.
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
      // A zero beside `::` would belong to its run.
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
 * Accepts a dot after the last label, since a browser sends it if the page's address has it. Refuses other empty labels,
 * since no name with one can be resolved.
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

/** True for a last label that [makes the host an IPv4 address](https://url.spec.whatwg.org/#ends-in-a-number-checker). */
function isNumber (value: string, start: number): boolean {
  const hexadecimal = value.charCodeAt(start) === ZERO && value.charCodeAt(start + 1) === LOWER_X
  const digits = hexadecimal ? start + 2 : start
  const end = endOfRun(value, digits, hexadecimal ? HEXADECIMAL : DECIMAL)
  return end > start && LABEL[value.charCodeAt(end)] !== 1
}

/** True for an address in the one form that [browsers send](https://url.spec.whatwg.org/#concept-ipv4-serializer). */
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

/** @returns infinity where no decimal number stands there, or one with leading zeros */
function readNumber (value: string, start: number, end: number): number {
  if (start === end || (value.charCodeAt(start) === ZERO && end - start > 1)) return Infinity
  let number = 0
  for (let index = start; index < end; index++) number = number * 10 + value.charCodeAt(index) - ZERO
  return number
}
