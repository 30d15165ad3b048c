import type { FastifyInstance } from 'fastify'
import type { SeenApplication, SeenRoute } from './applications.js'
import { type DecidedByFunction, type FunctionFinding, functionFindings } from './functions.js'
import type { CorsController, RouteDescription } from '../../introspection/controller.js'
import type { CorsFinding } from '../../introspection/finding.js'
import { contextsAbove } from '../../scope/route-table.js'

/** A route and its policy. */
export type RouteRow = Omit<RouteDescription, 'source'> & {
  /** `none`: no registration covers it. */
  readonly source: RouteDescription['source'] | 'none'
}

/** The registrations of an application, as they describe themselves. */
export interface Overview {
  readonly registrations: number
  /** True where the application has `@fastify/cors`, which has policies of its own. */
  readonly hasOther: boolean
  readonly routes: readonly RouteRow[]
  readonly findings: readonly (CorsFinding | FunctionFinding)[]
}

/**
 * Asks all registrations of an application, and adds the routes that none of them covers.
 *
 * @param source the text of the program, which may name the origins that its functions compare with
 */
export async function overviewOf ({ contexts, routes }: SeenApplication, source: string): Promise<Overview> {
  const controllers = contexts.flatMap(context => controllerOf(context) ?? [])
  // A registration tells the routes of those below it, too.
  const outermost = contexts.filter(context => !contextsAbove(context).slice(1).some(isRegistered))
  const covered = outermost.flatMap(context => controllerOf(context)?.routes() ?? [])
  const uncovered = written(routes.filter(({ context }) => !contextsAbove(context).some(isRegistered)))
  const rows = [...covered, ...uncovered.flatMap(({ route }) =>
    [route.method].flat().map(method => ({ method, url: route.url, source: 'none', policy: false }) as const))]
  return {
    registrations: controllers.length,
    hasOther: contexts.some(context => context.hasPlugin('@fastify/cors')),
    routes: inOrder(rows, routes),
    findings: [
      ...controllers.flatMap(controller => controller.audit()),
      ...await functionFindings(functionsOf(routes, rows), source)
    ]
  }
}

/** A route of each policy that a function decides: of a registration once, and of each override. */
function functionsOf (routes: readonly SeenRoute[], rows: readonly RouteRow[]): DecidedByFunction[] {
  const found = new Map<unknown, DecidedByFunction>()
  for (const { route, context } of routes) {
    const controller = contextsAbove(context).flatMap(above => controllerOf(above) ?? [])[0]
    const row = rows.find(({ method, url }) => [route.method].flat().includes(method) && url === route.url)
    if (controller === undefined || row === undefined || row.policy === false) continue
    const { policy: { origin, delegator }, source, method, url } = row
    const key = source === 'route' ? route.config : controller
    if ((origin === 'function' || delegator) && !found.has(key)) {
      found.set(key, { controller, method, url, where: source === 'route' ? 'route' : delegator ? 'delegator' : 'registration' })
    }
  }
  return [...found.values()]
}

/** The plugin, of whatever copy, where it is registered in this very context. */
function controllerOf (context: FastifyInstance): CorsController | undefined {
  const own: unknown = Object.getOwnPropertyDescriptor(context, 'cors')?.value
  return isController(own) ? own : undefined
}

function isRegistered (context: FastifyInstance): boolean {
  return controllerOf(context) !== undefined
}

function isController (value: unknown): value is CorsController {
  return typeof value === 'object' && value !== null && 'routes' in value && 'audit' in value
}

/** The routes that people wrote: without the HEAD routes that Fastify adds to GET routes. */
function written (routes: readonly SeenRoute[]): SeenRoute[] {
  const gets = new Set(routes.flatMap(({ route }) => [route.method].flat().includes('GET') ? [route.handler] : []))
  return routes.filter(({ route }) => !(route.method === 'HEAD' && gets.has(route.handler)))
}

/** In the order in which the routes were declared. */
function inOrder (rows: readonly RouteRow[], routes: readonly SeenRoute[]): RouteRow[] {
  const declared = routes.flatMap(({ route }) => [route.method].flat().map(method => `${method} ${route.url}`))
  return rows
    .map(row => ({ row, place: declared.indexOf(`${row.method} ${row.url}`) }))
    .sort((a, b) => a.place - b.place)
    .map(({ row }) => row)
}
