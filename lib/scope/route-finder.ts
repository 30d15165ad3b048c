import { isDeepStrictEqual } from 'node:util'
import findMyWay, { type Config, type ConstraintStrategy, type Handler, type HTTPMethod, type HTTPVersion, type Instance } from 'find-my-way'
import type { FastifyInstance } from 'fastify'
import { type Announcement, ANYTHING, announcementOf } from './announcement.js'
import { AnnouncedRequest, type ConstrainedNode, Constraints } from './constraints.js'
import type { Routable, RouteRecord, RouteTable } from './route-table.js'
import type { RouterSettings } from './router-settings.js'

/** The constraint of the mirrored router: each route has a value of its own, and a look-up visits those of one node. */
const VISIT = 'visit'
/** The value that visits all routes of a node. */
const ALL = 'all'
/** The router asks for functions that no look-up here calls. */
const NEVER_CALLED = String

/** The routing of an application, as far as it is known. */
export interface Routing {
  readonly root: FastifyInstance
  readonly routes: RouteTable
  readonly settings: RouterSettings
}

/**
 * Finds the routes that a request might reach. Fastify's own router does not tell, so this one mirrors it, with the same
 * settings.
 */
export class RouteFinder {
  private readonly router: Instance<HTTPVersion.V1>
  private readonly constraints: Constraints
  /** The routes; the index of each is the value of its constraint. */
  private readonly records: RouteRecord[] = []
  /** The methods that have routes. */
  readonly methods: HTTPMethod[] = []
  /** The look-up that is under way, and what it has found. */
  private lookUp: { readonly request: AnnouncedRequest, readonly candidates: RouteRecord[] } | null = null

  constructor ({ root, routes, routes: { records }, settings }: Routing) {
    this.constraints = new Constraints(settings, routes)
    this.router = findMyWay({
      ...pathSettings(settings),
      // Fastify has already refused unsafe ones.
      allowUnsafeRegex: true,
      // Nothing here reads the query, and it may be long.
      querystringParser: () => ({}),
      constraints: { [VISIT]: this.visitStrategy() }
    })
    // A router prefers the most constrained route; among equals, the last.
    const byConstraints = records.toSorted((a, b) => Object.keys(a.constraints).length - Object.keys(b.constraints).length)
    const isDeclared = (url: string, method: string, constraints: RouteRecord['constraints']): boolean => records.some(record =>
      record.url === url && record.methods.includes(method) && isDeepStrictEqual(record.constraints, constraints))
    for (const record of byConstraints) {
      const { constraints, isIndex, methods, url } = record
      for (const method of methods) {
        this.add(record, method, url)
        // Fastify reports the index route of a prefix once, but may serve it with a slash at its end too.
        const slashed = { method, url: `${url}/`, constraints }
        if (isIndex && root.hasRoute(slashed) && !isDeclared(slashed.url, method, constraints)) this.add(record, method, slashed.url)
      }
    }
  }

  /**
   * The routes that a request by this method might reach. There is more than one only if constraints depend on something
   * that a preflight does not carry.
   */
  candidates (method: string, request: Routable, announces: Announcement = announcementOf(request)): readonly RouteRecord[] {
    const known = this.methods.find(one => one === method)
    if (known === undefined) return []
    const url = String(request.url)
    const announced = new AnnouncedRequest(request, method, announces)
    const { candidates, isCertain } = this.find(known, url, announced)
    return isCertain || !announced.expectAnything() ? candidates : this.find(known, url, announced).candidates
  }

  /** The routes that requests by a method might reach, whatever headers they have. */
  sharing (method: string, request: Routable): readonly RouteRecord[] {
    return this.candidates(method, request, ANYTHING)
  }

  private find (method: HTTPMethod, url: string, request: AnnouncedRequest): { readonly candidates: RouteRecord[], readonly isCertain: boolean } {
    const candidates: RouteRecord[] = []
    this.lookUp = { request, candidates }
    return { candidates, isCertain: this.router.find(method, url, { [VISIT]: ALL }) !== null }
  }

  private add (record: RouteRecord, method: string, url: string): void {
    // Fastify's router has taken the method, and this one is of the same package.
    const known = method as HTTPMethod
    if (!this.methods.includes(known)) this.methods.push(known)
    try {
      this.router.on(known, url, { constraints: { [VISIT]: String(this.records.push(record) - 1) } }, NEVER_CALLED)
    } catch {
      // Fastify reports a route before its own router refuses it: if the application goes on, the route does not exist.
    }
  }

  private visitStrategy (): ConstraintStrategy<HTTPVersion.V1> {
    const { records } = this
    /** True for a node with a route that the request reaches for certain; otherwise the router goes on. */
    const visit = (node: ConstrainedNode<RouteRecord>): boolean => {
      const { lookUp } = this
      return lookUp !== null && node.addReached(lookUp.request, lookUp.candidates)
    }
    return {
      name: VISIT,
      deriveConstraint: NEVER_CALLED,
      storage: () => {
        const handlers = new Map<RouteRecord | undefined, Handler<HTTPVersion.V1>>()
        let node: ConstrainedNode<RouteRecord> | null = null
        let last: Handler<HTTPVersion.V1> | null = null
        return {
          get: value => {
            if (value !== ALL) return handlers.get(records[Number(value)]) ?? null
            node ??= this.constraints.node([...handlers.keys()].filter(record => record !== undefined))
            return visit(node) ? last : null
          },
          set (value, handler) {
            handlers.set(records[Number(value)], handler)
            last = handler
          }
        }
      }
    }
  }
}

/** The settings that decide which URLs a route has. */
function pathSettings (settings: RouterSettings): Config<HTTPVersion.V1> {
  const names = ['caseSensitive', 'ignoreTrailingSlash', 'ignoreDuplicateSlashes', 'maxParamLength', 'useSemicolonDelimiter'] as const
  return Object.fromEntries(names.map(name => [name, settings[name]]))
}
