import type { IncomingMessage } from 'node:http'
import type { RouteOptions } from 'fastify'
import type { ConstraintStrategy, Handler, HTTPVersion } from 'find-my-way'

/**
 * The constraint of this plugin's OPTIONS routes. Only preflights that a registration answers meet it. So every other
 * OPTIONS request reaches the application's own routes, and no preflight does (S6).
 */
export const PREFLIGHT_CONSTRAINT = 'corsPreflight'

/**
 * @param slotOf - the slot of the registration whose route an OPTIONS request is for, if any
 * @param onRequest - is told of each request before the router reads its URL
 */
export function preflightConstraint (
  slotOf: (request: IncomingMessage) => number | undefined, onRequest: (request: IncomingMessage) => void
): ConstraintStrategy<HTTPVersion.V1, unknown> {
  return {
    name: PREFLIGHT_CONSTRAINT,
    // A preflight with a slot skips routes without the constraint, however specific they are.
    mustMatchWhenDerived: true,
    deriveConstraint (request) {
      onRequest(request)
      return request.method === 'OPTIONS' ? slotOf(request) : undefined
    },
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

/** True for a route of this plugin's own. */
export function isPreflightRoute ({ constraints }: RouteOptions): boolean {
  return constraints !== undefined && PREFLIGHT_CONSTRAINT in constraints
}
