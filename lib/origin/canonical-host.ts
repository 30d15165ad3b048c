import { domainToASCII, domainToUnicode } from 'node:url'

const PUNYCODE_LABEL = /(?:^|\.)xn--/

/**
 * A host as the host parser of browsers writes it (WHATWG URL, section 3.5), or `null` where it refuses the host.
 * `URL.canParse` is no help: once it is called often, Node 20 refuses what has letters of Latin-1.
 */
export function canonicalHost (host: string): string | null {
  const canonical = domainToASCII(host)
  if (canonical === '') return null
  return !PUNYCODE_LABEL.test(canonical) || isPunycode(canonical) ? canonical : null
}

/**
 * Whether each label that begins with `xn--` is the Punycode of a label that may be written so (UTS #46, section 4.1).
 * From Node 24 on, `domainToASCII` no longer looks, and every Node lets pass what encodes plain ASCII; so the host is
 * decoded, which leaves invalid labels as they are, and encoded again.
 */
function isPunycode (host: string): boolean {
  const decoded = domainToUnicode(host)
  return !PUNYCODE_LABEL.test(decoded) && domainToASCII(decoded) === host
}
