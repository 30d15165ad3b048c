import type { FastifyInstance, RouteOptions } from 'fastify'
import { isPreflightRoute } from './preflight-route.js'

/** A route of the application, as `onRoute` hooks saw it. */
export interface RouteRecord {
  /** The route as errors name it. */
  readonly name: string
  readonly methods: readonly string[]
  readonly url: string
  /** Whether it is the index route of its prefix, which Fastify may serve with a slash at its end too. */
  readonly isIndex: boolean
  readonly constraints: Readonly<Record<string, unknown>>
  /** Read late, since hooks that come after may still change it. */
  readonly options: Pick<RouteOptions, 'config' | 'handler'>
  /** The context that the route was declared in. */
  readonly instance: FastifyInstance
}

/** The routes of one Fastify application, in all its contexts. */
export interface RouteTable {
  readonly records: RouteRecord[]
  /** The names of all constraints that routes have. */
  readonly constraintNames: Set<string>
  /** Those of them that the application had a strategy of its own for when the first route came. */
  readonly replaced: Set<string>
}

export function noRoutes (): RouteTable {
  return { records: [], constraintNames: new Set(), replaced: new Set() }
}

/** Records every route that is declared from now on in a context, and in the contexts made below it from now on. */
export function recordRoutes (instance: FastifyInstance, { records, constraintNames, replaced }: RouteTable): void {
  instance.addHook('onRoute', function (route) {
    // A context that is watched itself has also inherited the hook of one above it.
    if (isPreflightRoute(route) || records.at(-1)?.options === route) return
    const methods = [route.method].flat()
    for (const name of Object.keys(route.constraints ?? {})) {
      // The router's own strategies are there from their first route on, which it gets after these hooks.
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

/** The root of the application that a context belongs to: contexts inherit from the one above them. */
export function rootOf (instance: FastifyInstance): FastifyInstance {
  let root = instance
  for (const context of contextsAbove(instance)) root = context
  return root
}

/** A context and those above it, the root last. */
export function contextsAbove (instance: FastifyInstance): FastifyInstance[] {
  const contexts: FastifyInstance[] = []
  let context: object | null = instance
  while (context !== null && 'version' in context) {
    contexts.push(context as FastifyInstance)
    context = Object.getPrototypeOf(context) as object | null
  }
  return contexts
}
