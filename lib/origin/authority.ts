import { canonicalHost } from './canonical-host.js'

/** What stands between `://` and the path of a URL, without user information (RFC 3986, section 3.2). */
export interface Authority {
  host: string
  /** What stands after the colon; `null` without a colon. */
  port: string | null
}

/** What an origin can't have after its host and port. */
const TAILS = [
  { form: /^\/$/, clause: 'ends with a slash' },
  { form: /^\/[^?#]/, clause: 'has a path' },
  { form: /^[^#]*\?/, clause: 'has a query' },
  { form: /#/, clause: 'has a fragment' }
]

/**
 * Reads the authority at the start of a text.
 *
 * @param found what an origin can't have beside it is added here, as clauses that have the origin as their subject
 */
export function readAuthority (text: string, found: Set<string>): Authority {
  const tail = text.replace(/^[^/?#]+/, '')
  const authority = text.slice(0, text.length - tail.length)
  const hostAndPort = authority.slice(authority.lastIndexOf('@') + 1)
  if (hostAndPort !== authority) found.add('has user information')
  for (const { form, clause } of TAILS) if (form.test(tail)) found.add(clause)

  const bracketed = inBrackets(hostAndPort)
  if (bracketed !== hostAndPort) found.add('has an IPv6 address without brackets')
  const colon = bracketed.indexOf(':', bracketed.indexOf(']') + 1)
  if (colon === -1) return { host: bracketed, port: null }
  return { host: bracketed.slice(0, colon), port: bracketed.slice(colon + 1) }
}

/** An IPv6 address without brackets can't be told from one with a port, but for the one that people write. */
function inBrackets (hostAndPort: string): string {
  if (/^::1(?::\d+)?$/.test(hostAndPort)) return hostAndPort.replace('::1', '[::1]')
  return canonicalHost(`[${hostAndPort}]`) === null ? hostAndPort : `[${hostAndPort}]`
}
