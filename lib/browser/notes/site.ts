/** Finds the registrable domain of a host; `null` for addresses and public suffixes. */
export type DomainOf = (host: string) => string | null

/** Loads the public suffix list, private section included, as browsers use it: only some notes need it. */
export async function loadDomains (): Promise<DomainOf> {
  const { getDomain } = await import('tldts')
  return host => getDomain(host, { allowPrivateDomains: true })
}

/**
 * True for a URL of the page's site. Schemes count too.
 *
 * @see https://html.spec.whatwg.org/#same-site
 */
export function isSameSite (origin: string, url: URL, domainOf: DomainOf): boolean {
  if (origin === 'null' || !URL.canParse(origin)) return false
  const page = new URL(origin)
  if (page.protocol !== url.protocol) return false
  if (page.hostname === url.hostname) return true
  const domain = domainOf(page.hostname)
  return domain !== null && domain === domainOf(url.hostname)
}
