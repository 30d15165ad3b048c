import { domainToASCII } from 'node:url'

/**
 * A host as the host parser of browsers writes it (WHATWG URL, section 3.5), or `null` where it refuses the host.
 * `URL.canParse` is no help: once it is called often, Node 20 refuses what has letters of Latin-1.
 */
export function canonicalHost (host: string): string | null {
  const canonical = domainToASCII(host)
  return canonical === '' ? null : canonical
}
