import { wantedHeaders } from './notes/exposed.js'
import { isNoMatterOfCors, type CorsNote } from './notes/note.js'
import type { Blocked, Outcome } from './outcome.js'
import { serializeRequestOrigin } from './page-request.js'
import { isCorsReason, type FailureName } from './reasons.js'
import { isGrantableOrigin, SAFELISTED_METHODS } from './remedies/grant.js'
import type { CorsRemedy } from './remedies/index.js'
import { isSafelistedResponseHeader, unsafeRequestHeaders } from './safelist.js'

/** What one request of a page asks of a server. */
export interface RemedyNeeds {
  /** The page's origin, as it is sent. */
  origin: string
  /** The method, as it is sent. */
  method: string
  /** The names of the request headers that a browser asks about: those that are not safelisted. */
  headers: Iterable<string>
  /** Whether the request is made with credentials. */
  credentials: boolean
  /** The names of the response headers that the page wants to read beside those it always may. */
  exposed: Iterable<string>
}

/** CORS errors that no header of the answer mends. */
const beyondHeaders: ReadonlySet<FailureName> = new Set<FailureName>([
  'CorsDisabledScheme', 'RedirectContainsCredentials', 'PreflightDisallowedRedirect', 'LocalNetworkAccessPermissionDenied'
])

/** The remedy for an outcome; `null` where nothing is missing, or what is missing is not CORS. */
export function remedyFrom (outcome: Outcome, notes: readonly CorsNote[]): CorsRemedy | null {
  const { request, blocked, readable } = outcome
  const wanted = wantedHeaders(outcome)
  if (blocked === null ? wanted.length === 0 : !isMendable(blocked, notes)) return null
  const kept = readable.filter(name => !isSafelistedResponseHeader(name))
  return remedyOf({
    origin: serializeRequestOrigin(request),
    method: request.method,
    headers: unsafeRequestHeaders(request.headers).map(({ name }) => name),
    credentials: request.credentials === 'include',
    exposed: [...kept, ...wanted]
  })
}

function isMendable ({ failure: { name } }: Blocked, [cause]: readonly CorsNote[]): boolean {
  if (cause !== undefined && isNoMatterOfCors(cause)) return false
  return cause?.code === 'authentication-first' || (isCorsReason(name) && !beyondHeaders.has(name))
}

/**
 * All that one request needs, as plain options, and no more. `null` for an origin that can't be granted by its name:
 * `null`, which is anyone's, and hosts that no configuration can spell.
 */
export function remedyOf ({ origin, method, headers, credentials, exposed }: RemedyNeeds): CorsRemedy | null {
  if (!isGrantableOrigin(origin)) return null
  const allowedHeaders = [...headers]
  const exposedHeaders = [...exposed]
  return {
    options: {
      origin: [origin],
      ...(SAFELISTED_METHODS.includes(method) ? {} : { methods: [...SAFELISTED_METHODS, method] }),
      ...(allowedHeaders.length === 0 ? {} : { allowedHeaders }),
      ...(exposedHeaders.length === 0 ? {} : { exposedHeaders }),
      ...(credentials ? { credentials } : {}),
      ...(credentials && isInsecure(origin) ? { dangerouslyAllow: ['insecure-origins'] } : {})
    }
  }
}

/** Plain http, but for loopback (W3C Secure Contexts, section 3.1): the plugin grants it credentials only by exception. */
function isInsecure (origin: string): boolean {
  return /^http:\/\/(?!(?:localhost|[^:]+\.localhost|127\.[0-9.]+|\[::1\])(?::|$))/.test(origin)
}
