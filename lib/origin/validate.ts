import { isIcannSuffix } from './public-suffix.js'
import { canonicalHost, endOfHost, isSerialisedOrigin, MAX_DOMAIN_LENGTH, MAX_ORIGIN_LENGTH } from './parse.js'
import { OF_NO_PAGE, schemesNear } from './schemes.js'

/** The beginning of a pattern's host. */
export const ANY_LABELS = '*.'

const ANY_PORT = ':*'

/**
 * Texts that are neither an origin nor a pattern seldom have this form, and one that has it may still not be valid. Of the signs
 * that the standard allows in hosts, those are left out that in options are what is left of a list, of quotation marks,
 * or of a template; in names of the web, they are what is left of a query or of a sentence. Files have an opaque origin.
 */
const FORM = /^(?!file:)([a-z][a-z0-9+.-]*):\/\/([\w!%&+.=~*-]+|\[[0-9a-f:]+\])(?::(?:\d+|\*))?$/

const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'

/**
 * Origins and patterns as nearly all are, which are valid but for their length and their Punycode: host names that don't
 * end in a number, IPv4 addresses, and ports below 60000. The engine compiles an expression at once, and the parser only
 * when it has run for a while; by then a long list has been read.
 */
const COMMON = new RegExp(
  `^https?://((?:\\*\\.)?(?:[a-z0-9-]{1,63}\\.)*[a-z][a-z0-9-]{0,62}|${OCTET}(?:\\.${OCTET}){3})` +
  '(?::(?:[1-9]\\d{0,3}|[1-5]\\d{4}|\\*))?$(?<!^http:.*:80)(?<!^https:.*:443)'
)

/** Addresses with a range or a placeholder for a number, which could be names, though no registry has such. */
const RANGE = /^\d+\.(?:[\d.]*-[\d.-]*|(?:\d+\.)*x{1,3}(?:\.x{1,3})*)$/

/**
 * True if a text in the options can ever equal an origin that a browser sends or, as a pattern, match one.
 * `'*'`, `'null'` and `'file://'` are none of these.
 */
export function isValidOrigin (value: string): boolean {
  return validHost(value) !== null
}

/**
 * The host of a usable origin or pattern, as it is written.
 *
 * @returns `null` where {@link isValidOrigin} does not hold
 */
export function validHost (value: string): string | null {
  if (value.length > MAX_ORIGIN_LENGTH + ANY_PORT.length) return null
  const host = COMMON.exec(value)?.[1] ?? uncommonHost(value)
  return host !== null && !RANGE.test(host) && host.replace(/\.$/, '').length <= MAX_DOMAIN_LENGTH && isCanonical(host) ? host : null
}

function uncommonHost (value: string): string | null {
  const [, scheme, host] = FORM.exec(value) ?? []
  // A scheme one letter from these two is no application's own, but misspelled.
  if (scheme === undefined || host === undefined || OF_NO_PAGE.has(scheme) || schemesNear(scheme).length > 0) return null
  const http = scheme === 'http' || scheme === 'https'
  return (http && /[!%&+=~]/.test(host)) || !isValid(value, host, http) ? null : host
}

function isValid (value: string, host: string, http: boolean): boolean {
  if (host.includes('*') && !hasRightWildcard(host, http)) return false
  const example = value.replace(host, exampleOf(host))
  return isSerialisedOrigin(example.endsWith(ANY_PORT) ? example.slice(0, -ANY_PORT.length) : example)
}

/** Letters, digits and hyphens around one `*`, with a name behind the label. */
const PART_OF_LABEL = /^[a-z0-9-]*\*[a-z0-9-]*\.(.+)$/

function hasRightWildcard (host: string, http: boolean): boolean {
  if (host === '*') return !http
  if (host.startsWith(ANY_LABELS)) return host !== ANY_LABELS && !host.includes('*', 1) && endOfHost(exampleOf(host), 0, true) === host.length
  const [, name] = PART_OF_LABEL.exec(host) ?? []
  // Whoever registers a name chooses its letters: `https://*shop.example` would let in evilshop.example
  return http && name !== undefined && /^[^.*]+\.[^*]*[^.*]/.test(name) && !isIcannSuffix(name)
}

function isCanonical (host: string): boolean {
  if (!host.startsWith('[') && !host.includes('xn--')) return true
  const example = exampleOf(host)
  return canonicalHost(example) === example
}

/** One of the hosts of a pattern. */
function exampleOf (host: string): string {
  return host.replace('*', 'a')
}
