import { MAX_ORIGIN_LENGTH } from './parse.js'
import type { OriginPattern } from './pattern.js'
import { readRegExp } from '../text.js'

/** Says of one origin, as a browser sent it, whether it is among those it was made of. */
export type OriginMatcher = (origin: string) => boolean

/** What a matcher is made of. */
export interface OriginSet {
  /** Origins that match byte for byte; `null` and `file://` where they are wanted. */
  readonly exact: readonly string[]
  readonly patterns: readonly OriginPattern[]
  readonly regexps: readonly RegExp[]
  /** What patterns and regular expressions may be asked about: serialised origins, and `null` where that is wanted. */
  readonly wellFormed: OriginMatcher
}

/**
 * Makes the matcher of a set of origins. Exact origins take constant time; patterns take time bound to the length of
 * the origin asked about, however many they are; nothing is allocated for an origin that is refused.
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

/**
 * Patterns are found by a hash of their host that is computed from its end, character by character: at each label of
 * the origin one look-up tells which patterns may end there, so that neither slices nor a walk over patterns are needed.
 */
function patternMatcher (patterns: readonly OriginPattern[]): OriginMatcher {
  const byHash = new Map<number, OriginPattern[]>()
  /** By length, whether there is a host that long: most labels need no look-up. */
  const lengths = new Uint8Array(MAX_ORIGIN_LENGTH + 1)
  for (const pattern of patterns) {
    const hash = hashFromEnd(pattern.host)
    const others = byHash.get(hash)
    if (others === undefined) byHash.set(hash, [pattern])
    else others.push(pattern)
    lengths[pattern.host.length] = 1
  }
  const longest = lengths.lastIndexOf(1)
  return origin => {
    const hostStart = origin.indexOf(':') + 3
    const hostEnd = endOfHost(origin, hostStart)
    const last = Math.max(hostStart, hostEnd - longest)
    let hash = 0
    for (let i = hostEnd - 1; i >= last; i--) {
      hash = mix(hash, origin.charCodeAt(i))
      if (lengths[hostEnd - i] !== 1) continue
      for (const pattern of byHash.get(hash) ?? NONE) {
        if (matchesAt(pattern, origin, hostStart, i, hostEnd)) return true
      }
    }
    return false
  }
}

const NONE: readonly OriginPattern[] = []

function matchesAt ({ scheme, host, anyLabels, port }: OriginPattern, origin: string, hostStart: number, i: number, hostEnd: number): boolean {
  return anyLabels === (i !== hostStart) &&
    host.length === hostEnd - i &&
    scheme.length === hostStart &&
    origin.startsWith(scheme) &&
    origin.startsWith(host, i) &&
    (port === null || (port.length === origin.length - hostEnd && origin.endsWith(port)))
}

/** Where the host ends: before the port's colon, which is none of those in an IPv6 address. */
function endOfHost (origin: string, hostStart: number): number {
  const colon = origin.indexOf(':', origin.charCodeAt(hostStart) === OPENING_BRACKET ? origin.indexOf(']') : hostStart)
  return colon === -1 ? origin.length : colon
}

function hashFromEnd (text: string): number {
  let hash = 0
  for (let i = text.length - 1; i >= 0; i--) hash = mix(hash, text.charCodeAt(i))
  return hash
}

function mix (hash: number, character: number): number {
  return (Math.imul(hash, 31) + character) | 0
}
