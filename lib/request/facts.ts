import type { FastifyRequest } from 'fastify'
import type { CorsDecision } from '../policy/decision.js'
import { isEnforced } from '../policy/enforcement.js'
import type { Policy } from '../policy/policy.js'
import { isForeign } from '../policy/same-origin.js'
import type { Application } from '../scope/application.js'
import { isPreflight } from '../scope/preflight-route.js'

/** What a request is, when it has an origin. */
export function kindOf (request: FastifyRequest, application: Application): CorsDecision['kind'] {
  if (isPreflight(request.raw)) return 'preflight'
  return isForeignRequest(request, application) ? 'actual' : 'same-origin'
}

/**
 * Whether a request comes from a page of another origin (E2).
 *
 * @param origin - what its `Origin` is, or was
 */
export function isForeignRequest (request: FastifyRequest, application: Application, origin = request.raw.headers.origin): boolean {
  const { 'sec-fetch-site': site, host, 'x-forwarded-host': forwardedHost, 'x-forwarded-proto': forwardedScheme } = request.raw.headers
  if (application.trustsProxy(request)) {
    return isForeign(origin, site, () => tooLong(forwardedHost) ? '' : request.host, () => tooLong(forwardedScheme) ? '' : request.protocol)
  }
  // Without a proxy that is trusted, only TLS in this very server tells the scheme that the page used.
  return isForeign(origin, site, () => host ?? request.host, () => request.protocol === 'https' ? 'https' : null)
}

/** More than any proxies write. Fastify would read all of it, on which nothing good depends. */
const LONGEST_FORWARDED = 1024

function tooLong (forwarded: string | string[] = ''): boolean {
  return forwarded.length > LONGEST_FORWARDED
}

/** Whether a policy has a request refused that comes from a page of an origin that is not allowed (E1). */
export function enforces ({ enforce }: Policy, request: FastifyRequest): boolean {
  if (enforce === false) return false
  const { method, headers } = request.raw
  const { upgrade, 'sec-fetch-mode': mode, 'sec-fetch-dest': destination } = headers
  return isEnforced(enforce, { method: String(method), upgrade, mode, destination })
}
