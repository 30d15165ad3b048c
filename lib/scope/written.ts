import { isDeepStrictEqual } from 'node:util'
import type { RouteRecord } from './route-table.js'

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
