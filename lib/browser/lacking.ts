import { extractTokens, getHeader } from './header-list.js'
import { isSafelistedMethod } from '../http/methods.js'
import type { Blocked } from './outcome.js'
import { nonWildcardName, unsafeRequestHeaders } from './safelist.js'
import type { CorsNote, CorsNoteCode } from './verdict.js'

/** The names that the lists in the answer to a preflight lack for its request. */
export interface Lacking {
  /** The method is not listed. */
  method: boolean
  /** The request headers that are not listed. */
  headers: string[]
}

/** Reads the lists of a refused preflight, valid or not. */
export function lackingIn ({ request, response }: Blocked): Lacking {
  const listed = (name: string): string[] => {
    const tokens = extractTokens(response.headers, name)
    return Array.isArray(tokens) ? tokens : []
  }
  const isAny = (tokens: readonly string[]): boolean => request.credentials !== 'include' && tokens.includes('*')
  const methods = listed('access-control-allow-methods')
  const names = listed('access-control-allow-headers').map(name => name.toLowerCase())
  return {
    method: !isSafelistedMethod(request.method) && !methods.includes(request.method) && !isAny(methods),
    headers: unsafeRequestHeaders(request.headers).map(({ name }) => name)
      .filter(name => !names.includes(name) && (name === nonWildcardName || !isAny(names)))
  }
}

/** Causes that CORS headers don't help against. */
const noMatterOfCors: ReadonlySet<CorsNoteCode> = new Set<CorsNoteCode>([
  'server-error', 'redirect', 'rate-limited', 'too-large', 'mixed-content', 'blocked-port', 'method-case', 'null-origin',
  'answered-twice'
])

/** True for a cause that no CORS header helps against. Two layers can also lack the same. */
export function needsNoHeader (blocked: Blocked, cause: CorsNote): boolean {
  return noMatterOfCors.has(cause.code) && !(cause.code === 'answered-twice' && blocked.stage === 'preflight' && lacksAny(lackingIn(blocked)))
}

function lacksAny ({ method, headers }: Lacking): boolean {
  return method || headers.length > 0
}

/** True for a CORS layer that refuses by the status what it does not list, as Starlette's does, though it allows the origin. */
export function refusesByStatus (blocked: Blocked): boolean {
  const { failure: { name }, response: { status, headers } } = blocked
  if (name !== 'PreflightInvalidStatus' || status !== 400) return false
  const lacking = lackingIn(blocked)
  return (lacking.method && getHeader(headers, 'access-control-allow-methods') !== null) ||
    (lacking.headers.length > 0 && getHeader(headers, 'access-control-allow-headers') !== null)
}
