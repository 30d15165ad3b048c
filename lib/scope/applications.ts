import type { FastifyInstance } from 'fastify'
import { Application } from './application.js'
import { SeveralCopiesError } from '../errors.js'
import { PREFLIGHT_CONSTRAINT } from './preflight-route.js'
import { routesSinceCreation } from './recorder.js'
import { contextsAbove, rootOf } from './route-table.js'

const applications = new WeakMap<FastifyInstance, Application>()

/**
 * The application that a context belongs to.
 *
 * @throws where another copy of this package is registered on it
 */
export function applicationOf (instance: FastifyInstance): Application {
  const root = rootOf(instance)
  const known = applications.get(root)
  if (known === undefined && root.hasConstraintStrategy(PREFLIGHT_CONSTRAINT)) throw new SeveralCopiesError()
  const application = known ?? new Application(root, routesSinceCreation(root))
  applications.set(root, application)
  // Contexts that existed before the application was seen have not inherited the hook of its root.
  if (!application.complete) contextsAbove(instance).forEach(context => application.watch(context))
  return application
}
