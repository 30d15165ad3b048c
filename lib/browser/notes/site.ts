/** Tells the registrable domain of a host, `null` for addresses and bare suffixes. */
export type DomainOf = (host: string) => string | null

/** The public suffix list, private section included, as browsers use it: loaded when a note needs it. */
export async function loadDomains (): Promise<DomainOf> {
  const { getDomain } = await import('tldts')
  return host => getDomain(host, { allowPrivateDomains: true })
}

/** HTML, "same site": schemes count too. */
export function isSameSite (origin: string, url: URL, domainOf: DomainOf): boolean {
  if (origin === 'null' || !URL.canParse(origin)) return false
  const page = new URL(origin)
  if (page.protocol !== url.protocol) return false
  if (page.hostname === url.hostname) return true
  const domain = domainOf(page.hostname)
  return domain !== null && domain === domainOf(url.hostname)
}
