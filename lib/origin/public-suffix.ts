import { getPublicSuffix, parse } from 'tldts'

const OF_BOTH_SECTIONS = { allowPrivateDomains: true, extractHostname: false, detectIp: false }

/** Stands for the names that a rule with a `*` means; no rule names it itself. */
const ANY_NAME = 'any-name'

/**
 * True if names below a host belong to anyone who registers one: it is a public suffix, or the names right below it are
 * (publicsuffix.org, both sections).
 */
export function isOpenToAnyone (host: string): boolean {
  const name = withoutFinalDot(host)
  return isPublicSuffix(name) || isPublicSuffix(`${ANY_NAME}.${name}`)
}

/** True if registries give out names directly below a host (publicsuffix.org, ICANN section). */
export function isIcannSuffix (host: string): boolean {
  const name = withoutFinalDot(host)
  return getPublicSuffix(name, { ...OF_BOTH_SECTIONS, allowPrivateDomains: false }) === name && isListed(name)
}

/** Top-level names that are reserved (RFC 2606, RFC 6762, RFC 8375), and so in no list. */
const RESERVED = /\.(?:test|example|invalid|local|internal|home\.arpa)$/

/** True if a host is a name below a public suffix, or a reserved one, so that it need not be the beginning of a longer one. */
export function isListedName (host: string): boolean {
  const { isIcann, domain } = parse(host, { ...OF_BOTH_SECTIONS, allowPrivateDomains: false, validateHostname: false })
  return !host.endsWith('.') && ((isIcann === true && domain !== null) || RESERVED.test(host))
}

function withoutFinalDot (host: string): string {
  return host.endsWith('.') ? host.slice(0, -1) : host
}

function isPublicSuffix (host: string): boolean {
  return getPublicSuffix(host, OF_BOTH_SECTIONS) === host && isListed(host)
}

/** Where no rule of the list matches, the last label counts as the suffix (publicsuffix.org, "Algorithm"). */
function isListed (suffix: string): boolean {
  if (suffix.includes('.')) return true
  const { isIcann, isPrivate } = parse(suffix, OF_BOTH_SECTIONS)
  return isIcann === true || isPrivate === true
}
