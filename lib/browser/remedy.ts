import { isLoopback } from '../http/hosts.js'
import { isSafelistedMethod, SAFELISTED_METHODS } from '../http/methods.js'
import { needsNoHeader } from './lacking.js'
import { wantedHeaders } from './notes/exposed.js'
import type { CorsNote } from './verdict.js'
import { isMisplaced, lacksMisplacedOnly } from './notes/page.js'
import type { Blocked, Outcome } from './outcome.js'
import { serializeRequestOrigin } from './page-request.js'
import { isCorsReason, type FailureName } from './reasons.js'
import { isGrantableOrigin } from './remedies/grant.js'
import type { CorsRemedy } from './remedies/index.js'
import { isSafelistedResponseHeader, unsafeRequestHeaders } from './safelist.js'

/** The needs of one request of a page. */
export interface RemedyNeeds {
  /** The value of `Origin`. */
  origin: string
  method: string
  /** The names of request headers that are not safelisted, so that a browser asks about them. */
  headers: Iterable<string>
  credentials: boolean
  /** The names of response headers that the page wants to read, beside those it always may. */
  exposed: Iterable<string>
}

/** CORS errors that no header of the answer helps against. */
const beyondHeaders: ReadonlySet<FailureName> = new Set<FailureName>([
  'CorsDisabledScheme', 'RedirectContainsCredentials', 'PreflightDisallowedRedirect', 'LocalNetworkAccessPermissionDenied'
])

/** The remedy for an outcome; `null` if no CORS header is missing. */
export function remedyFrom (outcome: Outcome, notes: readonly CorsNote[]): CorsRemedy | null {
  const { request, blocked, readable } = outcome
  const wanted = wantedHeaders(outcome)
  if (blocked === null ? wanted.length === 0 : !isMendable(blocked, notes)) return null
  const kept = readable.filter(name => !isSafelistedResponseHeader(name))
  return remedyOf({
    origin: serializeRequestOrigin(request),
    method: request.method,
    headers: unsafeRequestHeaders(request.headers).map(({ name }) => name).filter(name => !isMisplaced(name)),
    credentials: request.credentials === 'include',
    exposed: [...kept, ...wanted]
  })
}

function isMendable (blocked: Blocked, [cause]: readonly CorsNote[]): boolean {
  const { name } = blocked.failure
  if (lacksMisplacedOnly(blocked)) return false
  if (cause !== undefined && needsNoHeader(blocked, cause)) return false
  return cause?.code === 'authentication-first' || (isCorsReason(name) && !beyondHeaders.has(name))
}

/**
 * All that one request needs, as plain options, and no more. `null` for an origin that can't be granted by its name: the
 * origin `null`, which anyone can have, and hosts that no configuration can spell.
 */
export function remedyOf ({ origin, method, headers, credentials, exposed }: RemedyNeeds): CorsRemedy | null {
  if (!isGrantableOrigin(origin)) return null
  const allowedHeaders = [...headers]
  const exposedHeaders = [...exposed]
  return {
    options: {
      origin: [origin],
      ...(isSafelistedMethod(method) ? {} : { methods: [...SAFELISTED_METHODS, method] }),
      ...(allowedHeaders.length === 0 ? {} : { allowedHeaders }),
      ...(exposedHeaders.length === 0 ? {} : { exposedHeaders }),
      ...(credentials ? { credentials } : {}),
      ...(credentials && isInsecure(origin) ? { dangerouslyAllow: ['insecure-origins'] } : {})
    }
  }
}

/** True for plain http, but for loopback (Secure Contexts, section 3.1): the plugin grants it credentials by exception only. */
export function isInsecure (origin: string): boolean {
  return origin.startsWith('http://') && !isLoopback(new URL(origin).hostname)
}
