import { MAX_ORIGIN_LENGTH } from './parse.js'
import type { OriginPattern, Wildcard } from './pattern.js'
import { readRegExp } from '../text.js'

/** Says of one origin, as a browser sent it, whether it is among those it was made of. */
export type OriginMatcher = (origin: string) => boolean

/** The origins that a matcher is made of. */
export interface OriginSet {
  /** Origins that match byte for byte; `null` and `file://` where they are wanted. */
  readonly exact: readonly string[]
  readonly patterns: readonly OriginPattern[]
  readonly regexps: readonly RegExp[]
  /** The origins that patterns and regular expressions are asked about: serialised origins, and `null` where that is wanted. */
  readonly wellFormed: OriginMatcher
}

/**
 * Makes the matcher of a set of origins. Exact origins take constant time; patterns take time bound to the length of
 * the origin asked about, however many they are; next to nothing is allocated for an origin that is refused.
 */
export function originMatcher (origins: OriginSet): OriginMatcher {
  const { wellFormed } = origins
  const isExact = exactMatcher(origins.exact)
  const others: OriginMatcher[] = []
  if (origins.patterns.length > 0) others.push(patternMatcher(origins.patterns))
  // A copy can't be changed from outside after it has been checked.
  for (const given of origins.regexps) {
    const { source, flags } = readRegExp(given)
    const regexp = new RegExp(source, flags)
    others.push(origin => regexp.test(origin))
  }
  if (others.length === 0) return isExact
  return origin => {
    if (isExact(origin)) return true
    if (!wellFormed(origin)) return false
    for (const matches of others) {
      if (matches(origin)) return true
    }
    return false
  }
}

/** A look-up in a set has to read the whole origin for its hash: a few are compared sooner, and what is too long is in none. */
const FEW = 8

function exactMatcher (origins: readonly string[]): OriginMatcher {
  if (origins.length <= FEW) return origin => origins.includes(origin)
  const set = new Set(origins)
  return origin => origin.length <= MAX_ORIGIN_LENGTH && set.has(origin)
}

const OPENING_BRACKET = 0x5B

/** Patterns with one end: the same scheme, port, and text after the `*`. */
interface Ending extends Pick<OriginPattern, 'scheme' | 'suffix' | 'port'> {
  readonly wildcards: Set<Wildcard>
  /** The texts before a `*` inside the first label. */
  readonly prefixes: Set<string>
  /** By length, whether there is a prefix that long. */
  readonly prefixLengths: Uint8Array
}

const MAX_LABEL_LENGTH = 63

/**
 * Patterns are found by a hash of their host and port. That of the host is computed from its end, character by character,
 * and where a pattern may end, one look-up or two tell which do. Where a `*` is inside the first label, the text before it
 * is looked up the same way. So the time grows with the length of the origin, and not with the number of patterns.
 */
function patternMatcher (patterns: readonly OriginPattern[]): OriginMatcher {
  const byHash = new Map<number, Ending[]>()
  /** By length, whether there is a suffix that long: most characters need no look-up. */
  const lengths = new Uint8Array(MAX_ORIGIN_LENGTH + 1)
  for (const pattern of patterns) {
    addTo(endingOf(pattern, byHash), pattern)
    lengths[pattern.suffix.length] = 1
  }
  const longest = lengths.lastIndexOf(1)
  return origin => {
    const hostStart = origin.indexOf(':') + 3
    const hostEnd = endOfHost(origin, hostStart)
    const last = Math.max(hostStart, hostEnd - longest)
    const port = hashOf(origin, hostEnd, origin.length)
    let host = 0
    for (let i = hostEnd; i >= last; i--) {
      if (i < hostEnd) host = mix(host, origin.charCodeAt(i))
      if (lengths[hostEnd - i] !== 1) continue
      if (isAmong(byHash.get(mix(host, port)) ?? NONE, origin, hostStart, i, hostEnd)) return true
      if (isAmong(byHash.get(mix(host, ANY_PORT)) ?? NONE, origin, hostStart, i, hostEnd)) return true
    }
    return false
  }
}

const NONE: readonly Ending[] = []

/** In place of the hash of a port. */
const ANY_PORT = 7919

function endingOf ({ scheme, suffix, port }: OriginPattern, byHash: Map<number, Ending[]>): Ending {
  let host = 0
  for (let i = suffix.length - 1; i >= 0; i--) host = mix(host, suffix.charCodeAt(i))
  const hash = mix(host, port === null ? ANY_PORT : hashOf(port, 0, port.length))
  const endings = byHash.get(hash) ?? []
  byHash.set(hash, endings)
  const known = endings.find(ending => ending.scheme === scheme && ending.suffix === suffix && ending.port === port)
  if (known !== undefined) return known
  const ending = { scheme, suffix, port, wildcards: new Set<Wildcard>(), prefixes: new Set<string>(), prefixLengths: new Uint8Array(MAX_LABEL_LENGTH + 1) }
  endings.push(ending)
  return ending
}

function addTo (ending: Ending, { wildcard, prefix }: OriginPattern): void {
  ending.wildcards.add(wildcard)
  if (wildcard !== 'part') return
  ending.prefixes.add(prefix)
  ending.prefixLengths[prefix.length] = 1
}

/** True if an origin, whose host is looked at from `i` on, ends like one of these and begins as it has to. */
function isAmong (endings: readonly Ending[], origin: string, hostStart: number, i: number, hostEnd: number): boolean {
  for (const ending of endings) if (endsLike(ending, origin, hostStart, i, hostEnd) && beginsLike(ending, origin, hostStart, i)) return true
  return false
}

function endsLike ({ scheme, suffix, port }: Ending, origin: string, hostStart: number, i: number, hostEnd: number): boolean {
  return suffix.length === hostEnd - i &&
    scheme.length === hostStart &&
    origin.startsWith(scheme) &&
    origin.startsWith(suffix, i) &&
    (port === null || (port.length === origin.length - hostEnd && origin.endsWith(port)))
}

function beginsLike ({ wildcards, prefixes, prefixLengths }: Ending, origin: string, hostStart: number, i: number): boolean {
  if (i === hostStart) return wildcards.has('none')
  if (wildcards.has('labels') || wildcards.has('host')) return true
  if (prefixes.size === 0) return false
  // What the `*` stands for are letters, digits and hyphens, at least one: nothing before the first other character may be it
  if (i - hostStart > MAX_LABEL_LENGTH) return false
  for (let length = i - hostStart - 1; length >= 0 && isOfLabel(origin.charCodeAt(hostStart + length)); length--) {
    if (prefixLengths[length] === 1 && prefixes.has(origin.slice(hostStart, hostStart + length))) return true
  }
  return false
}

const HYPHEN = 0x2D
const ZERO = 0x30
const NINE = 0x39
const LOWER_A = 0x61
const LOWER_Z = 0x7A

function isOfLabel (code: number): boolean {
  return (code >= LOWER_A && code <= LOWER_Z) || (code >= ZERO && code <= NINE) || code === HYPHEN
}

/** Where the host ends: before the port's colon, which is none of those in an IPv6 address. */
function endOfHost (origin: string, hostStart: number): number {
  const colon = origin.indexOf(':', origin.charCodeAt(hostStart) === OPENING_BRACKET ? origin.indexOf(']') : hostStart)
  return colon === -1 ? origin.length : colon
}

function hashOf (text: string, start: number, end: number): number {
  let hash = 0
  for (let i = start; i < end; i++) hash = mix(hash, text.charCodeAt(i))
  return hash
}

function mix (hash: number, character: number): number {
  return (Math.imul(hash, 31) + character) | 0
}
