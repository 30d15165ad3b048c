import type { FastifyInstance, RouteOptions } from 'fastify'
import type { IncomingHttpHeaders } from 'node:http'
import { isDeepStrictEqual } from 'node:util'

/** A route of the application, as an `onRoute` hook saw it. */
export interface RouteRecord {
  /** Names the route in errors. */
  readonly name: string
  readonly methods: readonly string[]
  readonly url: string
  /** The index route of its prefix: Fastify may serve it with a slash at its end too. */
  readonly isIndex: boolean
  readonly constraints: Readonly<Record<string, unknown>>
  /** Read late, since later hooks may still change it. */
  readonly options: Pick<RouteOptions, 'config' | 'handler'>
  /** The context that the route was declared in. */
  readonly instance: FastifyInstance
}

/** The routes of one Fastify application, in all its contexts. */
export interface RouteTable {
  readonly records: RouteRecord[]
  /** The names of all constraints of routes. */
  readonly constraintNames: Set<string>
  /** Those for which the application had a strategy of its own when the first route came. */
  readonly replaced: Set<string>
  /** The contexts that set a handler for unknown URLs, by their prefixes. */
  readonly notFound: Map<string, FastifyInstance>
}

export function noRoutes (): RouteTable {
  return { records: [], constraintNames: new Set(), replaced: new Set(), notFound: new Map() }
}

/** The root of the application that a context belongs to. */
export function rootOf (instance: FastifyInstance): FastifyInstance {
  let root = instance
  for (const context of contextsAbove(instance)) root = context
  return root
}

/** A context and those above it, from which it inherits; the root is last. */
export function contextsAbove (instance: FastifyInstance): FastifyInstance[] {
  const contexts: FastifyInstance[] = []
  let context: object | null = instance
  while (context !== null && 'version' in context) {
    contexts.push(context as FastifyInstance)
    context = Object.getPrototypeOf(context) as object | null
  }
  return contexts
}

/** The parts of a request that the router reads. */
export interface Routable {
  readonly method?: string | undefined
  readonly url?: string | undefined
  readonly headers: IncomingHttpHeaders
}

/** A key in the `config` of a route that is no part of the API: no list shows the route. */
export const UNLISTED = Symbol('fastify-cors-policy.unlisted')

/**
 * The routes that people wrote: without those that are unlisted, and the HEAD routes that Fastify adds after GET routes,
 * with the same handler.
 */
export function writtenOf (records: readonly RouteRecord[]): RouteRecord[] {
  /** The GET routes so far, by their handlers, and by the URLs of the HEAD routes that Fastify adds. */
  const gets = new Map<unknown, Map<string, RouteRecord>>()
  return records.filter(record => {
    const { methods: [method, ...others], url, options: { handler, config } } = record
    if (config !== undefined && UNLISTED in config) return false
    if (method === 'HEAD' && others.length === 0 && isAddedTo(gets.get(handler)?.get(url), record)) return false
    if (record.methods.includes('GET') && exposesHead(record)) {
      const ofHandler = gets.get(handler) ?? new Map<string, RouteRecord>()
      gets.set(handler, ofHandler.set(url, record))
      // The index route of a prefix also gets one with a slash at its end.
      if (record.isIndex) ofHandler.set(`${url}/`, record)
    }
    return true
  })
}

function isAddedTo (get: RouteRecord | undefined, head: RouteRecord): boolean {
  return get !== undefined && get.instance === head.instance && isDeepStrictEqual(get.constraints, head.constraints)
}

/** True if Fastify adds a HEAD route, which the route or the application can switch off. */
function exposesHead ({ options, instance: { initialConfig } }: RouteRecord): boolean {
  const ofRoute = 'exposeHeadRoute' in options ? options.exposeHeadRoute : undefined
  const settings: typeof initialConfig & { exposeHeadRoutes?: boolean } = initialConfig
  return (ofRoute ?? settings.exposeHeadRoutes) !== false
}
