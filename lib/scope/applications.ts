import { subscribe } from 'node:diagnostics_channel'
import type { FastifyInstance } from 'fastify'
import { Application } from './application.js'
import { contextsAbove, rootOf } from './route-table.js'

const applications = new WeakMap<FastifyInstance, Application>()

// Fastify hands over every application before its first route can be declared. What was created before this module
// had been loaded is only seen from its first registration on.
subscribe('fastify.initialization', message => {
  if (isCreation(message)) applications.set(message.fastify, new Application(message.fastify, true))
})

function isCreation (message: unknown): message is { fastify: FastifyInstance } {
  return typeof message === 'object' && message !== null && 'fastify' in message
}

/** The application that a context belongs to. */
export function applicationOf (instance: FastifyInstance): Application {
  const root = rootOf(instance)
  const application = applications.get(root) ?? new Application(root, false)
  applications.set(root, application)
  // Contexts that existed before the application was seen have not inherited the hook of its root.
  if (!application.complete) contextsAbove(instance).forEach(context => application.watch(context))
  return application
}
