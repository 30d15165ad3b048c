import type { FastifyRequest } from 'fastify'
import type { Policy } from '../policy/policy.js'
import type { Registration } from '../scope/registration.js'
import { placeOf, type Warnings } from './warnings.js'

/** Finds the policy of the route that a request has reached. */
export class RoutePolicy {
  constructor (private readonly registration: Registration, private readonly warnings: Warnings) {}

  /**
   * @returns a promise only if a delegator returns one
   * @throws what a delegator throws, or `CorsConfigError` for a result, or a late override, that is not safe
   */
  of (request: FastifyRequest): Policy | Promise<Policy> {
    const { registration } = this
    if (registration.onlyPolicy !== null) return registration.onlyPolicy
    const { cors } = request.routeOptions.config
    if (!registration.covers(request.raw.url)) return registration.policyOutsideUrls(cors, placeOf(request))
    if (registration.delegate !== null && cors !== false) return registration.delegate(request, cors, () => placeOf(request))
    return registration.knownPolicyOf(cors) ?? this.late(request, cors)
  }

  /** The policy of an override that was not seen at boot (S1). */
  private late (request: FastifyRequest, override: unknown): Policy {
    const place = placeOf(request)
    this.warnings.overrideUnseen(request, place)
    return this.registration.policyOf(override, place)
  }
}
