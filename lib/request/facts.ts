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
  const { 'sec-fetch-site': site, host = request.host } = request.raw.headers
  if (application.trustsProxy(request)) return isForeign(origin, site, request.host, () => request.protocol)
  // Without a proxy that is trusted, only TLS in this very server tells the scheme that the page used.
  return isForeign(origin, site, host, () => request.protocol === 'https' ? 'https' : null)
}

/** Whether a policy has a request refused if its origin is not allowed (E1). */
export function enforces ({ enforce }: Policy, request: FastifyRequest, application: Application): boolean {
  if (enforce === false) return false
  const { method, headers } = request.raw
  const { upgrade, 'sec-fetch-mode': mode, 'sec-fetch-dest': destination } = headers
  return isEnforced(enforce, { method: String(method), upgrade, mode, destination }) && isForeignRequest(request, application)
}
