import type { FastifyRequest } from 'fastify'
import type { CorsDecision } from '../policy/decision.js'
import { isEnforced } from '../policy/enforcement.js'
import type { Policy } from '../policy/policy.js'
import type { PreflightRequest } from '../policy/preflight.js'
import { isForeign } from '../policy/same-origin.js'
import { isPreflight } from '../scope/preflight-route.js'

/** What a preflight announces. */
export function announcedBy ({ raw: { headers } }: FastifyRequest): PreflightRequest {
  return {
    origin: String(headers.origin),
    method: String(headers['access-control-request-method']),
    headers: headers['access-control-request-headers'],
    privateNetwork: headers['access-control-request-private-network'] === 'true'
  }
}

/** What a request is, when it has an origin. */
export function kindOf (request: FastifyRequest): CorsDecision['kind'] {
  if (isPreflight(request.raw)) return 'preflight'
  return isForeignRequest(request) ? 'actual' : 'same-origin'
}

/** Whether a request comes from a page of another origin (E2). */
export function isForeignRequest (request: FastifyRequest): boolean {
  const { origin, 'sec-fetch-site': site } = request.raw.headers
  return isForeign(origin, site, request.host, knownScheme(request))
}

/** Whether a policy has a request refused if its origin is not allowed (E1). */
export function enforces ({ enforce }: Policy, request: FastifyRequest): boolean {
  if (enforce === false) return false
  const { method, headers } = request.raw
  const { upgrade, 'sec-fetch-mode': mode, 'sec-fetch-dest': destination } = headers
  return isEnforced(enforce, { method: String(method), upgrade, mode, destination }) && isForeignRequest(request)
}

/** Behind a proxy, the scheme that the page used is known only where Fastify trusts the proxy. */
function knownScheme (request: FastifyRequest): string | null {
  return request.protocol === 'https' || request.ips !== undefined ? request.protocol : null
}
