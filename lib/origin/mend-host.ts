import { canonicalHost } from './canonical-host.js'
import { isUsableOrigin } from './usable.js'

/** A clause that has the origin as its subject. */
export const UPPER_CASE_HOST = 'has upper case in the host, which browsers send in lower case'

/**
 * A host without `*` as browsers write it.
 *
 * @param http whether the scheme is http or https: the host of others is opaque, and its letters keep their case
 * @param found what is wrong is added here, as clauses that have the origin as their subject
 * @returns `null` where the host is not valid, and the right one can't be known
 */
export function mendHost (written: string, http: boolean, found: Set<string>): string | null {
  const host = mendDots(written, found)
  const mended = http ? mendCharacters(host, found) : host
  if (mended !== null && isUsableOrigin(`${http ? 'http' : 'x'}://${mended}`)) return mended
  found.add(written === '' ? 'has no host' : 'has a host that is not valid')
  return null
}

function mendDots (written: string, found: Set<string>): string {
  const host = written.replace(/\.+$/, '')
  if (host !== written) found.add('has a dot at the end of the host')
  const dotted = host.replace(/\.{2,}/g, '.')
  if (dotted !== host) found.add('has an empty label in the host')
  return dotted
}

function mendCharacters (host: string, found: Set<string>): string | null {
  const canonical = canonicalHost(host)
  const lower = host.toLowerCase()
  if (/[^\p{ASCII}]/u.test(host)) found.add('has letters in the host that are not ASCII, which browsers send as Punycode')
  else if (lower !== host) found.add(UPPER_CASE_HOST)
  else if (canonical !== null && canonical !== host) found.add('has a host in another form than the one that browsers send')
  return canonical
}
