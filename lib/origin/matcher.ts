import type { OriginPattern } from './pattern.js'
import { readRegExp } from './regexp/read.js'

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

function exactMatcher (origins: readonly string[]): OriginMatcher {
  const [only] = origins
  if (origins.length === 1) return origin => origin === only
  const set = new Set(origins)
  return origin => set.has(origin)
}

/** A pattern in the form that is compared: what must begin, and what must end, the origin around the wildcards. */
interface Tail {
  /** `https://` */
  readonly scheme: string
  /** `.example.com` behind a wildcard label, or the whole host where only the port is a wildcard. */
  readonly host: string
  readonly wholeHost: boolean
  /** `:8080`, empty for the default port, `null` for any port or none. */
  readonly port: string | null
}

const DOT = 0x2e
const COLON = 0x3a
const CLOSING_BRACKET = 0x5d

/**
 * Patterns are found by a hash of their host that is computed from its end, character by character: at each label of
 * the origin one look-up tells which patterns may end there, so that neither slices nor a walk over patterns are needed.
 */
function patternMatcher (patterns: readonly OriginPattern[]): OriginMatcher {
  const tails = new Map<number, Tail[]>()
  for (const { scheme, suffix, host, port } of patterns) {
    const text = suffix ?? host ?? ''
    const tail: Tail = { scheme: `${scheme}://`, host: text, wholeHost: suffix === null, port: port === null || port === '' ? port : `:${port}` }
    const hash = hashFromEnd(text)
    const others = tails.get(hash)
    if (others === undefined) tails.set(hash, [tail])
    else others.push(tail)
  }
  return origin => {
    const hostStart = origin.indexOf('://') + 3
    const hostEnd = endOfHost(origin)
    let hash = 0
    for (let i = hostEnd - 1; i >= hostStart; i--) {
      const character = origin.charCodeAt(i)
      hash = mix(hash, character)
      if (i !== hostStart && character !== DOT) continue
      for (const tail of tails.get(hash) ?? NONE) {
        if (matchesTail(tail, origin, hostStart, i, hostEnd)) return true
      }
    }
    return false
  }
}

const NONE: readonly Tail[] = []

function matchesTail (tail: Tail, origin: string, hostStart: number, tailStart: number, hostEnd: number): boolean {
  return tail.wholeHost === (tailStart === hostStart) &&
    tail.host.length === hostEnd - tailStart &&
    tail.scheme.length === hostStart &&
    origin.startsWith(tail.scheme) &&
    origin.startsWith(tail.host, tailStart) &&
    (tail.port === null || (tail.port.length === origin.length - hostEnd && origin.endsWith(tail.port)))
}

/** Where the host ends: before the port's colon, which is not one of an IPv6 address. */
function endOfHost (origin: string): number {
  for (let i = origin.length - 1; ; i--) {
    const character = origin.charCodeAt(i)
    if (character === CLOSING_BRACKET) return i + 1
    if (character === COLON) return origin.startsWith('//', i + 1) ? origin.length : i
  }
}

function hashFromEnd (text: string): number {
  let hash = 0
  for (let i = text.length - 1; i >= 0; i--) hash = mix(hash, text.charCodeAt(i))
  return hash
}

function mix (hash: number, character: number): number {
  return (Math.imul(hash, 31) + character) | 0
}
