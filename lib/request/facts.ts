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

/** Whether a request comes from a page of another origin (E2). */
export function isForeignRequest (request: FastifyRequest, application: Application): boolean {
  const { origin, 'sec-fetch-site': site, host = request.host } = request.raw.headers
  if (application.trustsProxy(request)) return isForeign(origin, site, request.host, request.protocol)
  if (site === undefined && origin !== undefined && !beginsLike(origin, host)) return true
  // Without a proxy that is trusted, only TLS in this very server tells the scheme that the page used.
  return isForeign(origin, site, host, request.protocol === 'https' ? 'https' : null)
}

/** Whether the hosts begin with the same character, letter case aside: nearly always enough to tell them apart. */
function beginsLike (origin: string, host: string): boolean {
  return ((origin.charCodeAt(origin.indexOf(':') + 3) ^ host.charCodeAt(0)) | CASE) === CASE
}

/** The bit by which ASCII letters differ in case. */
const CASE = 0x20

/** Whether a policy has a request refused if its origin is not allowed (E1). */
export function enforces ({ enforce }: Policy, request: FastifyRequest, application: Application): boolean {
  if (enforce === false) return false
  const { method, headers } = request.raw
  const { upgrade, 'sec-fetch-mode': mode, 'sec-fetch-dest': destination } = headers
  return isEnforced(enforce, { method: String(method), upgrade, mode, destination }) && isForeignRequest(request, application)
}
