import type { CorsNoteCode } from '../../../browser/index.js'

/** The texts about an allowed call. */
interface About {
  readonly short: string
  readonly headline: string
  readonly end: string
  readonly header: string | null
  readonly says: string
}

/** The texts for notes on calls that are allowed. */
export const SURPRISES: ReadonlyMap<CorsNoteCode, About> = new Map([
  ['cookie-not-kept', { short: 'the cookie is lost', headline: 'The browser drops the cookie', end: 'without the cookie', header: 'set-cookie', says: 'Dropped.' }],
  ['headers-not-exposed', { short: 'not every header can be read', headline: 'The page may read the answer, but not all its headers', end: 'but for some headers', header: 'access-control-expose-headers', says: 'the page may not read some headers.' }],
  ['resource-policy', { short: 'plain elements may not load it', headline: 'fetch() may read it, plain elements may not', end: 'as it should', header: 'cross-origin-resource-policy', says: 'This line keeps it from plain elements.' }],
  ['vary-missing', { short: 'a cache may mix up origins', headline: 'A cache may hand this answer to another origin', end: 'as it should', header: 'vary', says: 'it has to have Origin.' }],
  ['redirect', { short: 'a redirect changed it', headline: 'A redirect changed the call on its way', end: 'of another call', header: null, says: '' }],
  ['null-origin', { short: 'everybody else is, too', headline: 'Allowing “null” lets everybody in', end: 'as may everybody', header: 'access-control-allow-origin', says: 'This line lets everybody in.' }],
  ['local-network', { short: 'Chrome asks its user first', headline: 'Chrome asks its user before it lets the page call here', end: 'once the user agrees', header: null, says: '' }]
])
