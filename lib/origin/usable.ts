import { canonicalHost } from './canonical-host.js'
import { MAX_DOMAIN_LENGTH } from './host.js'
import { parseOrigin } from './parse.js'

/** Schemes that no page has as its origin: those of WebSockets are addresses only, and files have an opaque origin. */
const NO_ORIGIN = new Set(['ws', 'wss', 'file'])

/** Allowed in hosts by the standard; in options they are what is left of a list, of quotation marks, or of a template. */
const LEFTOVER = /[*,;'"`(){}$]/

/**
 * Whether a text in the options can ever equal an origin that a browser sends or, as a pattern, match one.
 * `'*'`, `'null'` and `'file://'` are none of these.
 */
export function isUsableOrigin (value: string): boolean {
  return exampleHost(value) !== null
}

/**
 * The host of a usable origin or, for a pattern, of one that it matches: there, a domain name has to come after the `*`.
 *
 * @returns `null` where {@link isUsableOrigin} does not hold
 */
export function exampleHost (value: string): string | null {
  if (!value.includes('*')) return usableHost(value)
  const host = usableHost(value.replace(/:\*$/, '').replace('://*.', '://a.'))
  return host !== null && value.includes('://*.') ? usableHost(`http://${host}`) : host
}

/** The host of an origin that can be configured, or `null`. */
function usableHost (value: string): string | null {
  const origin = parseOrigin(value)
  if (origin === null || NO_ORIGIN.has(origin.scheme)) return null
  const { host } = origin
  if (host.length > MAX_DOMAIN_LENGTH || host.endsWith('.') || LEFTOVER.test(host)) return null
  const needsParser = host.startsWith('[') || host.includes('xn--')
  return needsParser && canonicalHost(host) !== host ? null : host
}
