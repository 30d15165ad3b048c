import { extractTokens, type HeaderList } from './header-list.js'
import type { PageRequest } from './page-request.js'

/** Fetch, "CORS-safelisted response-header name". */
const safelisted = ['cache-control', 'content-language', 'content-length', 'content-type', 'expires', 'last-modified', 'pragma']

/** Fetch, "forbidden response-header name". */
const forbidden = ['set-cookie', 'set-cookie2']

/** Fetch, "main fetch", step 14: the names, in lower case and sorted, that the filtered response keeps. */
export function readableHeaders (request: PageRequest, headers: HeaderList): string[] {
  const names = [...new Set(headers.map(([name]) => name))].filter(name => !forbidden.includes(name)).sort()
  // 14.2. A basic filtered response keeps all but the forbidden names.
  if (request.responseTainting === 'basic') return names
  // 14.1.1. Let headerNames be the result of extracting header list values given `Access-Control-Expose-Headers`.
  const extracted = extractTokens(headers, 'access-control-expose-headers')
  const headerNames = extracted === null || extracted === 'failure' ? [] : extracted.map(name => name.toLowerCase())
  // 14.1.2. If request's credentials mode is not "include" and headerNames contains `*`, then all of them.
  if (request.credentials !== 'include' && headerNames.includes('*')) return names
  // 14.1.3. Otherwise those listed, where a `*` only stands for a header of that name.
  return names.filter(name => safelisted.includes(name) || headerNames.includes(name))
}
