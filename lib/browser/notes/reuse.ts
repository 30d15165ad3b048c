import { getHeader, type HeaderList } from '../header-list.js'
import { variesBy } from '../../http/field-values.js'
import type { Outcome } from '../outcome.js'
import type { CorsNote } from '../verdict.js'
import { isSameSite, loadDomains } from './site.js'

/** Types that elements of a page load without CORS. */
const embeddable =
  /^(?:image|font|audio|video)\/|^text\/(?:css|(?:java|ecma)script)\b|^application\/(?:(?:x-)?(?:java|ecma)script|(?:x-)?font-|vnd\.ms-fontobject|ogg)/i

/** Notes on other uses of the answer: by plain elements of the page, and by other pages from a cache. */
export async function reuseNotes (outcome: Outcome): Promise<CorsNote[]> {
  return [...await elementNotes(outcome), ...cacheNotes(outcome)]
}

function resourcePolicy ({ request, answers, blocked }: Outcome): string | null {
  const headers = answers.at(-1)?.headers
  if (blocked !== null || headers === undefined || request.responseTainting !== 'cors') return null
  return embeddable.test(getHeader(headers, 'content-type') ?? '') ? getHeader(headers, 'cross-origin-resource-policy') : null
}

async function elementNotes (outcome: Outcome): Promise<CorsNote[]> {
  const policy = resourcePolicy(outcome)
  const { origin, url } = outcome.request
  const isKept = policy === 'same-origin' || (policy === 'same-site' && !isSameSite(origin, url, await loadDomains()))
  return isKept
    ? [{
        code: 'resource-policy',
        message: `The answer has Cross-Origin-Resource-Policy: ${policy} (Helmet's default is same-origin): fetch() gets it, but plain elements (<img>, <script>, <link>, <audio>, <video>) and no-cors calls do not, whatever CORS says.`,
        fix: 'Send Cross-Origin-Resource-Policy: cross-origin with it, or load it with the attribute crossorigin.',
        where: 'server'
      }]
    : []
}

function cacheNotes ({ request, answers, blocked }: Outcome): CorsNote[] {
  const last = answers.at(-1)
  if (blocked !== null || last === undefined || request.responseTainting !== 'cors') return []
  const origin = getHeader(last.headers, 'access-control-allow-origin')
  const isRead = last.request.method === 'GET' || last.request.method === 'HEAD'
  return origin === '*' || variesBy('origin', getHeader(last.headers, 'vary') ?? '') || !isRead || !mayBeCached(last.headers)
    ? []
    : [{
        code: 'vary-missing',
        message: `The answer names the origin ${String(origin)}, may be cached, and has no Vary: Origin: a cache may hand it to a page of another origin, which is then blocked.`,
        fix: 'Send Vary: Origin with every answer of that URL, to requests without Origin too.',
        where: 'server'
      }]
}

/** A note on an answer that was made for a page of another origin, and came from a cache. */
export function staleNotes ({ blocked }: Outcome): CorsNote[] {
  if (blocked?.failure.name !== 'AllowOriginMismatch') return []
  const { headers } = blocked.response
  const sign = fromCache(headers)
  return sign === null || variesBy('origin', getHeader(headers, 'vary') ?? '')
    ? []
    : [{
        code: 'vary-missing',
        message: `A cache answered (${sign}) with what was made for another origin, ${blocked.failure.parameter}: the answer has no Vary: Origin, so that caches hand it to everybody.`,
        fix: 'Send Vary: Origin with every answer of that URL, to requests without Origin too, and empty the cache.',
        where: 'server'
      }]
}

/** The header by which a cache says that it answered; `null` if none does. */
function fromCache (headers: HeaderList): string | null {
  const age = getHeader(headers, 'age')
  if (age !== null && Number(age) > 0) return `Age: ${age}`
  for (const name of ['x-cache', 'cf-cache-status', 'x-vercel-cache', 'cdn-cache']) {
    const value = getHeader(headers, name)
    if (value !== null && /\bhit\b/i.test(value)) return `${name}: ${value}`
  }
  return null
}

/** True for an answer with a lifetime (RFC 9111, section 4.2.1), or one that caches work out from `Last-Modified` (4.2.2). */
function mayBeCached (headers: HeaderList): boolean {
  const control = getHeader(headers, 'cache-control')?.toLowerCase() ?? ''
  if (/\bno-store\b|\bno-cache\b/.test(control)) return false
  const lifetimes = [...control.matchAll(/\b(?:s-maxage|max-age)="?(\d+)/g)].map(([, seconds]) => Number(seconds))
  if (lifetimes.length > 0) return lifetimes.some(seconds => seconds > 0)
  if (/\bpublic\b|\bimmutable\b/.test(control)) return true
  return ['expires', 'last-modified', 'age'].some(name => getHeader(headers, name) !== null && getHeader(headers, name) !== '0')
}
