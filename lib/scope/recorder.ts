import { channel, subscribe, unsubscribe, type Channel } from 'node:diagnostics_channel'
import type { FastifyInstance } from 'fastify'
import { noRoutes, recordNotFoundHandlers, recordRoutes, type RouteTable } from './route-table.js'

/** Fastify publishes every application on this channel, before the first route can be declared. */
const CREATION = 'fastify.initialization'

/**
 * The property in which an application keeps its routes. Several copies of this package may be loaded: test runners reset
 * modules, and dependencies bring their own. One of them records for all, and the one that is registered finds the routes
 * here. A version that changes `RouteTable` must change this name.
 */
const ROUTES = Symbol.for('fastify-cors-policy.routes.2')
/** The copy that records. The channel keeps it: unlike a global, a Jest worker has one for all its test files. */
const RECORDER = Symbol.for('fastify-cors-policy.recorder')

interface Recorded extends FastifyInstance { [ROUTES]?: RouteTable }

type Creations = Channel & { [RECORDER]?: (message: unknown) => void }

/** The routes of an application; `undefined` if no copy of this package had been loaded when it was created. */
export function routesSinceCreation (root: Recorded): RouteTable | undefined {
  return root[ROUTES]
}

function onCreation (message: unknown): void {
  if (isCreation(message)) record(message.fastify, noRoutes())
}

function record (root: FastifyInstance, routes: RouteTable): void {
  Object.defineProperty(root, ROUTES, { value: routes })
  recordRoutes(root, routes)
  recordNotFoundHandlers(root, routes)
}

function isCreation (message: unknown): message is { fastify: FastifyInstance } {
  return typeof message === 'object' && message !== null && 'fastify' in message
}

// The newest copy takes over: a runner may have dropped those before it, and the channel would keep them in memory.
const creations: Creations = channel(CREATION)
if (creations[RECORDER] !== undefined) unsubscribe(CREATION, creations[RECORDER])
creations[RECORDER] = onCreation
subscribe(CREATION, onCreation)
