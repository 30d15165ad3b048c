import { DECIMAL, LETTER, SCHEME, endOfRun } from './characters.js'
import { endOfHost, readNumber } from './host.js'

/** The longest origin that is looked at: "://", a port, and a domain of the greatest length leave 38 for the scheme. */
export const MAX_ORIGIN_LENGTH = 300

const COLON = 0x3A
const MAX_PORT = 65535

/** The parts of a serialised origin (RFC 6454, section 6.2). */
export interface OriginParts {
  /** Without the colon. */
  scheme: string
  /** IPv6 addresses with their brackets. */
  host: string
  /** `''` where none is written: that of the scheme. */
  port: string
}

/**
 * Whether the value of an `Origin` header is a serialised origin as browsers send it (RFC 6454, section 6.2; WHATWG
 * HTML, "serialization of an origin"), and neither `null` nor `file://`: those stand for any sandboxed page or local
 * file. Runs for each request, in time linear in at most 300 characters, and makes no object.
 */
export function isSerialisedOrigin (value: string): boolean {
  return value.length <= MAX_ORIGIN_LENGTH && endOfHostOf(value) !== -1
}

/** The parts of a value for which {@link isSerialisedOrigin} holds, otherwise `null`. */
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

/** The index after the host, or -1 where anything in the value, the port included, is not right. */
function endOfHostOf (value: string): number {
  if (LETTER[value.charCodeAt(0)] !== 1) return -1
  const schemeEnd = endOfRun(value, 1, SCHEME)
  if (!value.startsWith('://', schemeEnd)) return -1
  const defaultPort = defaultPortOf(value, schemeEnd)
  const hostEnd = endOfHost(value, schemeEnd + 3, defaultPort !== NO_DEFAULT_PORT)
  return hostEnd === -1 || hostEnd === value.length || isPort(value, hostEnd, defaultPort) ? hostEnd : -1
}

const NO_DEFAULT_PORT = 0

/** The port that an http(s) origin leaves out; for other schemes, browsers know none (WHATWG URL, "special scheme"). */
function defaultPortOf (value: string, schemeEnd: number): number {
  if (schemeEnd === 4 && value.startsWith('http')) return 80
  return schemeEnd === 5 && value.startsWith('https') ? 443 : NO_DEFAULT_PORT
}

/** Whether a colon and a port make up the rest, the port as browsers write it: a decimal that is not the default. */
function isPort (value: string, start: number, defaultPort: number): boolean {
  if (value.charCodeAt(start) !== COLON || endOfRun(value, start + 1, DECIMAL) !== value.length) return false
  const port = readNumber(value, start + 1, value.length)
  return port > 0 && port <= MAX_PORT && port !== defaultPort
}
