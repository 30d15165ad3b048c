import { getLines } from '../header-list.js'
import { isSameOrigin, type PageRequest } from '../page-request.js'
import { isLoopback } from '../../http/hosts.js'
import type { Outcome } from '../outcome.js'
import type { CorsNote } from '../verdict.js'
import { isSameSite, loadDomains, type DomainOf } from './site.js'

/** Cookies of load balancers and firewalls, which no page needs. */
const infrastructure = /^(?:__cf|_cfuvid|cf_|awsalb|arraffinity|bigip|incap_|visid_incap|nlbi_|ak_bmsc|bm_s|datadome)/i

interface Cookie {
  name: string
  attributes: ReadonlyMap<string, string>
}

/** Notes on cookies that the browser does not store, or does not send in such a call. */
export async function cookieNotes ({ request, answers, blocked }: Outcome): Promise<CorsNote[]> {
  const isSet = answers.some(({ kind, headers }) => kind === 'actual' && getLines(headers, 'set-cookie').length > 0)
  if (blocked !== null || !isSet) return []
  const domainOf = await loadDomains()
  // Cookies that are lost for one reason share a note.
  const losses = new Map<string, { loss: Lost, names: Set<string> }>()
  for (const { kind, request: { url }, headers } of answers) {
    if (kind === 'preflight') continue
    for (const cookie of getLines(headers, 'set-cookie').map(readCookie)) {
      const loss = infrastructure.test(cookie.name) ? null : lossOf(cookie, new URL(url), request, domainOf)
      if (loss === null) continue
      const { names } = losses.get(loss.why) ?? { names: new Set() }
      losses.set(loss.why, { loss, names: names.add(cookie.name) })
    }
  }
  return Array.from(losses.values(), ({ loss: { why, fix, where }, names }) => ({
    code: 'cookie-not-kept',
    message: `The answer sets the cookie ${[...names].join(' and ')}, which the browser does not keep: ${why}.`,
    fix,
    where
  }))
}

/** The reason why a cookie is not kept. */
interface Lost {
  why: string
  fix: string
  where: CorsNote['where']
}

function lossOf ({ name, attributes }: Cookie, url: URL, { origin, credentials }: PageRequest, domainOf: DomainOf): Lost | null {
  const isForeign = !isSameOrigin(origin, url)
  if (credentials === 'omit' || (credentials === 'same-origin' && isForeign)) {
    return {
      why: `the call is made without credentials (credentials: '${credentials}')`,
      fix: "Call with credentials: 'include' (withCredentials of XMLHttpRequest and axios), and let the server allow credentials.",
      where: 'page'
    }
  }
  const inServer = (why: string, fix: string): Lost => ({ why, fix, where: 'server' })
  const isSecure = attributes.has('secure')
  // RFC 6265bis, section 5.7: loopback counts as secure in Chromium and Firefox.
  const isTrusted = url.protocol === 'https:' || isLoopback(url.hostname)
  if (isSecure && !isTrusted) return inServer('it is Secure, and the answer came over plain http', 'Serve the API over https.')
  const domain = attributes.get('domain')?.replace(/^\./, '').toLowerCase() ?? ''
  if (domain !== '' && domain !== url.hostname && !(url.hostname.endsWith(`.${domain}`) && domainOf(domain) !== null)) {
    return inServer(
      `its Domain is ${domain}, which ${url.hostname.endsWith(`.${domain}`) ? 'is a public suffix' : `does not cover ${url.hostname}`}`,
      'Leave the Domain attribute out.'
    )
  }
  if (/^__secure-/i.test(name) && !isSecure) return inServer('its prefix __Secure- demands the attribute Secure', 'Add Secure.')
  if (/^__host-/i.test(name) && (!isSecure || domain !== '' || attributes.get('path') !== '/')) {
    return inServer('its prefix __Host- demands Secure, Path=/ and no Domain', 'Set it with Secure, with Path=/ and without Domain.')
  }
  const sameSite = attributes.get('samesite')?.toLowerCase()
  const isOfSite = isSameSite(origin, url, domainOf)
  if (sameSite === 'none' && !isSecure) {
    return inServer('it is SameSite=None without Secure', `Add Secure${isOfSite ? '' : ' and Partitioned'}, and serve the API over https.`)
  }
  if (sameSite === 'none' || isOfSite) return null
  const named = sameSite === 'strict' || sameSite === 'lax'
  return inServer(
    `${named ? `it is SameSite=${sameSite === 'lax' ? 'Lax' : 'Strict'}` : 'it has no SameSite, which counts as Lax'}, and ${origin} and ${url.origin} are different sites`,
    unitedBy(origin, url, domainOf) ??
      `${ONE_SITE} Across sites, ${isTrusted ? '' : 'serve the API over https and '}set it with SameSite=None; Secure; Partitioned: Chromium and Firefox then keep it for the site of this page, and Safari may not.`
  )
}

/** The change that makes one site of two that differ by little; `null` for others. */
function unitedBy (origin: string, url: URL, domainOf: DomainOf): string | null {
  if (!URL.canParse(origin)) return null
  const page = new URL(origin)
  const twin = new URL(url)
  twin.protocol = page.protocol
  if (isSameSite(origin, twin, domainOf)) return 'http: and https: count as different sites, whatever the name: serve both over https.'
  return page.hostname !== url.hostname && isLoopback(page.hostname) && isLoopback(url.hostname)
    ? `Open the page and call the API under one name: both at ${url.hostname}, or both at ${page.hostname}.`
    : null
}

const ONE_SITE = 'Bring page and API under one site, such as app.example.com and api.example.com: that works in every browser.'

/** Reads the name and the attributes of a cookie (RFC 6265bis, section 5.6). */
function readCookie (line: string): Cookie {
  const [pair = '', ...attributes] = line.split(';')
  return {
    name: pair.includes('=') ? pair.slice(0, pair.indexOf('=')).trim() : '',
    attributes: new Map(attributes.map(attribute => {
      const [name = '', value = ''] = attribute.split('=')
      return [name.trim().toLowerCase(), value.trim()] as const
    }))
  }
}
