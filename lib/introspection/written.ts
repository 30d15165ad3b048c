import type { RouteRecord } from '../scope/route-table.js'

/** The routes that people wrote: without the HEAD routes that Fastify adds to GET routes. */
export function writtenOf (records: readonly RouteRecord[]): RouteRecord[] {
  const gets = new Map<unknown, RouteRecord[]>()
  return records.filter(record => {
    const { options: { handler } } = record
    const ofHandler = gets.get(handler) ?? []
    const [method, ...others] = record.methods
    if (method === 'HEAD' && others.length === 0 && ofHandler.some(get => isAddedTo(get, record))) return false
    if (record.methods.includes('GET') && exposesHead(record)) gets.set(handler, [...ofHandler, record])
    return true
  })
}

/** Fastify adds it right after its GET route, by the same handler; to the index route of a prefix, with a slash at its end. */
function isAddedTo (get: RouteRecord, head: RouteRecord): boolean {
  return get.instance === head.instance && (get.url === head.url || (get.isIndex && `${get.url}/` === head.url))
}

/** Unless it was told not to, for the route or for the whole application. */
function exposesHead ({ options, instance: { initialConfig } }: RouteRecord): boolean {
  const ofRoute = 'exposeHeadRoute' in options ? options.exposeHeadRoute : undefined
  const settings: typeof initialConfig & { exposeHeadRoutes?: boolean } = initialConfig
  return (ofRoute ?? settings.exposeHeadRoutes) !== false
}
