import type { IncomingMessage } from 'node:http'
import type { RouteOptions } from 'fastify'
import type { ConstraintStrategy, Handler, HTTPVersion } from 'find-my-way'

/**
 * The constraint of the OPTIONS routes of this plugin. Only preflights that a registration answers meet it, so that no
 * other OPTIONS request ever leaves the application's own routes, and none of those is in the way (S6).
 */
export const PREFLIGHT_CONSTRAINT = 'corsPreflight'

/** @param slotOf - says of an OPTIONS request which registration's route it is for, if any */
export function preflightConstraint (slotOf: (request: IncomingMessage) => number | undefined): ConstraintStrategy<HTTPVersion.V1, unknown> {
  return {
    name: PREFLIGHT_CONSTRAINT,
    // Routes without the constraint, however specific, are passed over by a preflight that has a slot.
    mustMatchWhenDerived: true,
    deriveConstraint: request => request.method === 'OPTIONS' ? slotOf(request) : undefined,
    storage () {
      const handlers = new Map<unknown, Handler<HTTPVersion.V1>>()
      return {
        get: slot => handlers.get(slot) ?? null,
        set (slot, handler) {
          handlers.set(slot, handler)
        }
      }
    }
  }
}

/** Whether a route is one of this plugin's own. */
export function isPreflightRoute ({ constraints }: RouteOptions): boolean {
  return constraints !== undefined && PREFLIGHT_CONSTRAINT in constraints
}
