import type { FastifyInstance, RouteOptions } from 'fastify'
import type { IncomingHttpHeaders } from 'node:http'
import { isDeepStrictEqual } from 'node:util'
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
  /** The contexts with a handler of their own for unknown URLs, by their prefixes. */
  readonly notFound: Map<string, FastifyInstance>
}

export function noRoutes (): RouteTable {
  return { records: [], constraintNames: new Set(), replaced: new Set(), notFound: new Map() }
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

/** Records every handler for unknown URLs that is set from now on, in whichever context: Fastify has no hook for that. */
export function recordNotFoundHandlers (root: SetsNotFoundHandlers, { notFound }: RouteTable): void {
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

/** The URLs of routes, in short: all begin with `start`, and where it is closed, there are no others. */
interface Range {
  readonly start: string
  readonly isOpen: boolean
  /** What all of these routes have in common. */
  readonly value: unknown
}

/** What makes the rest of a URL unknown: parameters, wildcards, and what a request may write in another way. */
const UNKNOWN = /[:*?;%]/

/**
 * Whether any two routes that `valueOf` tells apart may have a URL in common. It goes by how their URLs begin: no router
 * has to be filled, and what it says no to is certain, whatever the settings of the application's own.
 */
export function mayShareUrls (records: readonly RouteRecord[], valueOf: (record: RouteRecord) => unknown): boolean {
  const ranges = new Map<string, Range>()
  for (const record of records) {
    const range = rangeOf(record.url, valueOf(record))
    const known = ranges.get(range.start)
    if (known !== undefined && known.value !== range.value) return true
    if (known?.isOpen !== true) ranges.set(range.start, range)
  }
  // The open ranges that the one at hand lies in: they have one value, or the search would have ended.
  const around: Range[] = []
  // Sorted, a start stands before all that begins with it.
  for (const range of [...ranges.values()].sort((a, b) => a.start < b.start ? -1 : 1)) {
    let outer = around.at(-1)
    for (; outer !== undefined && !range.start.startsWith(outer.start); outer = around.at(-1)) around.pop()
    if (outer !== undefined && outer.value !== range.value) return true
    if (range.isOpen) around.push(range)
  }
  return false
}

/** Letter case, repeated slashes, and one at the end may or may not matter: here, they don't. */
function rangeOf (url: string, value: unknown): Range {
  // Sigma is the one letter whose lower case depends on what comes after it.
  const path = `${url.toLowerCase().replaceAll('ς', 'σ')}/`.replace(/\/+/g, '/')
  const end = path.search(UNKNOWN)
  return { start: end === -1 ? path : path.slice(0, end), isOpen: end !== -1, value }
}

/** What of a request tells where it is going. */
export interface Routable {
  readonly method?: string | undefined
  readonly url?: string | undefined
  readonly headers: IncomingHttpHeaders
}

/** The routes that people wrote: without the HEAD routes that Fastify adds, right after GET routes, by the same handler. */
export function writtenOf (records: readonly RouteRecord[]): RouteRecord[] {
  /** The GET routes so far, by their handlers and the URLs of the routes that Fastify adds to them. */
  const gets = new Map<unknown, Map<string, RouteRecord>>()
  return records.filter(record => {
    const { methods: [method, ...others], url, options: { handler } } = record
    if (method === 'HEAD' && others.length === 0 && isAddedTo(gets.get(handler)?.get(url), record)) return false
    if (record.methods.includes('GET') && exposesHead(record)) {
      const ofHandler = gets.get(handler) ?? new Map<string, RouteRecord>()
      gets.set(handler, ofHandler.set(url, record))
      // To the index route of a prefix, one is added with a slash at its end.
      if (record.isIndex) ofHandler.set(`${url}/`, record)
    }
    return true
  })
}

function isAddedTo (get: RouteRecord | undefined, head: RouteRecord): boolean {
  return get !== undefined && get.instance === head.instance && isDeepStrictEqual(get.constraints, head.constraints)
}

/** Unless it was told not to, for the route or for the whole application. */
function exposesHead ({ options, instance: { initialConfig } }: RouteRecord): boolean {
  const ofRoute = 'exposeHeadRoute' in options ? options.exposeHeadRoute : undefined
  const settings: typeof initialConfig & { exposeHeadRoutes?: boolean } = initialConfig
  return (ofRoute ?? settings.exposeHeadRoutes) !== false
}
