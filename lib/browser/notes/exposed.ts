import { extractTokens, getLines, type HeaderList } from '../header-list.js'
import { titleCased } from '../../http/header-names.js'
import type { Outcome } from '../outcome.js'
import type { CorsNote } from '../verdict.js'

/** Headers that a page can use in any answer. */
const alwaysWanted = new Set([
  'content-disposition', 'content-range', 'retry-after', 'deprecation', 'sunset', 'mcp-session-id', 'grpc-status', 'grpc-message',
  'upload-offset', 'upload-length', 'tus-resumable', 'x-auth-token', 'x-access-token', 'x-csrf-token', 'x-xsrf-token',
  'x-total-count', 'x-total', 'x-total-pages', 'x-page', 'x-per-page', 'x-page-count', 'x-next-page', 'x-prev-page', 'x-next-cursor',
  'total-count', 'pagination', 'x-pagination', 'x-wp-total', 'x-wp-totalpages'
])

/**
 * The headers of the answer that its page can use, but not read. Those that many servers send with every answer (an ETag,
 * a rate limit, a request id) count only if the answer gives the page a reason to read them.
 */
export function wantedHeaders ({ request, answers, readable, blocked }: Outcome): string[] {
  const last = answers.at(-1)
  if (last?.kind !== 'actual' || request.responseTainting !== 'cors' || blocked?.stage === 'redirect') return []
  const names = [...new Set(last.headers.map(([name]) => name))]
  return names.filter(name => !readable.includes(name) && isWanted(name, last.headers, last.status, last.request))
}

function isWanted (
  name: string,
  headers: HeaderList,
  status: number,
  { method, headers: sent }: { method: string, headers: Readonly<Record<string, string>> }
): boolean {
  const isWrite = method !== 'GET' && method !== 'HEAD'
  switch (name) {
    case 'location': return status < 300 || status > 399
    // Not the relations for the browser: preload, preconnect, stylesheet.
    case 'link': return getLines(headers, name).some(line => /\brel="?[^",]*\b(?:next|prev|previous|first|last|self|item|alternate)\b/i.test(line))
    // The browser itself revalidates; the page needs the ETag for conditional writes, which a weak one is no use for
    // (RFC 9110, section 13.1.1): many servers send one with every answer.
    case 'etag': return 'if-match' in sent || 'if-none-match' in sent || (isWrite && !getLines(headers, name).some(value => value.startsWith('W/')))
    // What every login sends tells a page no more than the status.
    case 'www-authenticate': return status === 401 && !getLines(headers, name).every(isBareChallenge)
    case 'x-request-id':
    case 'request-id':
    case 'x-correlation-id':
    case 'x-trace-id':
    case 'traceparent': return status >= 400
  }
  if (/^(?:x-)?rate-?limit(?:-|$)/.test(name)) return status === 429
  return alwaysWanted.has(name)
}

/** True for a challenge to log in that says nothing but for what. */
function isBareChallenge (value: string): boolean {
  const names = value.split('=').slice(0, -1).map(part => part.split(/[\s,]/).at(-1)?.toLowerCase())
  return /^(?:basic|bearer)\b/i.test(value) && names.every(name => name === 'realm' || name === 'charset')
}

/** A note on headers that the page can use, but not read. */
export function exposedNotes (outcome: Outcome): CorsNote[] {
  const last = outcome.answers.at(-1)
  const wanted = outcome.blocked === null ? wantedHeaders(outcome) : []
  if (last === undefined || wanted.length === 0) return []
  const names = wanted.map(titleCased)
  const kept = exposedBy(last.headers).filter(name => !wanted.includes(name.toLowerCase()))
  return [{
    code: 'headers-not-exposed',
    message: `The answer has ${names.join(', ')}, which the page can't read: Access-Control-Expose-Headers does not list ${names.length === 1 ? 'it' : 'them'}.`,
    fix: `With fastify-cors-policy: exposedHeaders: [${[...kept, ...names].map(name => `'${name}'`).join(', ')}]. From any other server: add to Access-Control-Expose-Headers: ${names.join(', ')}.`,
    where: 'server'
  }]
}

/** The names that an answer exposes; `*` is not kept beside others, since with credentials it is a name like any other. */
function exposedBy (headers: HeaderList): string[] {
  const names = extractTokens(headers, 'access-control-expose-headers')
  return Array.isArray(names) ? names.filter(name => name !== '*') : []
}
