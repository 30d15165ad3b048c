import type { FastifyRequest } from 'fastify'
import { addressOf } from './address.js'
import type { CorsDecision } from '../policy/decision.js'
import { isEnforced, isForeign } from '../policy/enforcement.js'
import type { Policy } from '../policy/policy.js'
import { isUpgrade } from './upgrade.js'
import { isPreflight } from '../http/preflight.js'

/** The kind of a request with an origin. */
export function kindOf (request: FastifyRequest): CorsDecision['kind'] {
  if (isPreflight(request.raw)) return 'preflight'
  return isForeignRequest(request) ? 'actual' : 'same-origin'
}

/**
 * True for a request by a page of another origin (E2).
 *
 * @param origin - its `Origin`, if that is no longer in its headers
 */
export function isForeignRequest (request: FastifyRequest, origin = request.raw.headers.origin): boolean {
  return isForeign(origin, request.raw.headers['sec-fetch-site'], () => addressOf(request))
}

/** True if a policy refuses a request like this from an origin that is not allowed (E1). */
export function enforces ({ enforce }: Policy, { raw }: FastifyRequest): boolean {
  if (enforce === false) return false
  const { upgrade, 'sec-fetch-mode': mode, 'sec-fetch-dest': destination } = raw.headers
  return isEnforced(enforce, { method: String(raw.method), handedOver: isUpgrade(raw), upgrade, mode, destination })
}
