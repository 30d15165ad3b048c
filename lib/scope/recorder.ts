import { channel, subscribe, unsubscribe, type Channel } from 'node:diagnostics_channel'
import type { FastifyInstance } from 'fastify'
import { isPreflightRoute } from './preflight-route.js'
import { noRoutes, type RouteTable } from './route-table.js'

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
  if (isCreation(message)) record(message.fastify)
}

function record (root: FastifyInstance): void {
  const routes = noRoutes()
  Object.defineProperty(root, ROUTES, { value: routes })
  recordRoutes(root, routes)
  recordNotFoundHandlers(root, routes)
}

function isCreation (message: unknown): message is { fastify: FastifyInstance } {
  return typeof message === 'object' && message !== null && 'fastify' in message
}

/** Records the routes that will be declared in a context, and in contexts created below it. */
export function recordRoutes (instance: FastifyInstance, { records, constraintNames, replaced }: RouteTable): void {
  instance.addHook('onRoute', function (route) {
    // A watched context has also inherited the hook of the one above it.
    if (isPreflightRoute(route) || records.at(-1)?.options === route) return
    const methods = [route.method].flat()
    for (const name of Object.keys(route.constraints ?? {})) {
      // The router adds its own strategies with their first route, after these hooks.
      if (!constraintNames.has(name) && this.hasConstraintStrategy(name)) replaced.add(name)
      constraintNames.add(name)
    }
    records.push({
      name: `${methods.join(', ')} ${route.url}`,
      methods,
      url: route.url,
      isIndex: route.routePath === '' && route.prefix !== '',
      constraints: route.constraints ?? {},
      options: route,
      instance: this
    })
  })
}

/** Records the handlers for unknown URLs that will be set, in any context. Fastify has no hook for them. */
function recordNotFoundHandlers (root: SetsNotFoundHandlers, { notFound }: RouteTable): void {
  const { setNotFoundHandler } = root
  root.setNotFoundHandler = function (...given) {
    const instance = setNotFoundHandler.apply(this, given)
    notFound.set(this.prefix, this)
    return instance
  }
}

interface SetsNotFoundHandlers {
  setNotFoundHandler: (this: FastifyInstance, ...given: never[]) => FastifyInstance
}

// The newest copy takes over: a runner may have dropped those before it, and the channel would keep them in memory.
const creations: Creations = channel(CREATION)
if (creations[RECORDER] !== undefined) unsubscribe(CREATION, creations[RECORDER])
creations[RECORDER] = onCreation
subscribe(CREATION, onCreation)
