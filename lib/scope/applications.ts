import { subscribe } from 'node:diagnostics_channel'
import type { FastifyInstance } from 'fastify'
import { Application } from './application.js'
import { SeveralCopiesError } from '../errors.js'
import { PREFLIGHT_CONSTRAINT } from './preflight-route.js'
import { contextsAbove, rootOf } from './route-table.js'

const applications = new WeakMap<FastifyInstance, Application>()

// Fastify hands over every application before its first route can be declared. What was created before this module
// had been loaded is only seen from its first registration on.
subscribe('fastify.initialization', message => {
  if (isCreation(message) && !message.fastify.hasConstraintStrategy(PREFLIGHT_CONSTRAINT)) {
    applications.set(message.fastify, new Application(message.fastify, true))
  }
})

function isCreation (message: unknown): message is { fastify: FastifyInstance } {
  return typeof message === 'object' && message !== null && 'fastify' in message
}

/**
 * The application that a context belongs to.
 *
 * @throws where another copy of this package has seen it before
 */
export function applicationOf (instance: FastifyInstance): Application {
  const root = rootOf(instance)
  const known = applications.get(root)
  if (known === undefined && root.hasConstraintStrategy(PREFLIGHT_CONSTRAINT)) throw new SeveralCopiesError()
  const application = known ?? new Application(root, false)
  applications.set(root, application)
  // Contexts that existed before the application was seen have not inherited the hook of its root.
  if (!application.complete) contextsAbove(instance).forEach(context => application.watch(context))
  return application
}
