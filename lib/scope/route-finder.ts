import { isDeepStrictEqual } from 'node:util'
import findMyWay, { type Config, type ConstraintStrategy, type Handler, type HTTPMethod, type HTTPVersion, type Instance } from 'find-my-way'
import type { FastifyInstance } from 'fastify'
import { type Announcement, ANYTHING, announcementOf } from './announcement.js'
import { AnnouncedRequest, type ConstrainedNode, Constraints } from './constraints.js'
import { decodedPath, isAbsolute, isRefused, pathOf } from './routed-path.js'
import type { Routable, RouteRecord, RouteTable } from './route-table.js'
import type { RouterSettings } from './router-settings.js'

/** The constraint by which a look-up visits the routes of one node: each of them has a value of its own. */
const VISIT = 'visit'
/** The value by which a look-up visits them all. */
const ALL = 'all'
/** Routers take functions for handlers and strategies that no look-up calls. */
const NEVER_CALLED = String

/** What is known of the routing of an application. */
export interface Routing {
  readonly root: FastifyInstance
  readonly routes: RouteTable
  readonly settings: RouterSettings
}

/**
 * Finds the routes that a request might reach, which Fastify's own router does not tell: a second router of the same
 * make and with the same settings.
 */
export class RouteFinder {
  private readonly router: Instance<HTTPVersion.V1>
  private readonly constraints: Constraints
  /** The routes, by the value of their constraint. */
  private readonly records: RouteRecord[] = []
  /** The methods that have routes, in no order. */
  readonly methods: HTTPMethod[] = []
  /** What the look-up that is under way is for, and what it has found. */
  private lookUp: { readonly request: AnnouncedRequest, readonly candidates: RouteRecord[] } | null = null
  /** The last URL that had to be read: it is looked up by one method after the other. */
  private lastRead: { readonly url: string, readonly path: string | null } = { url: '', path: null }
  /** Whether it matters to any route which characters a parameter, or a `%` in the path, stands for. */
  private readonly readsParameters: boolean

  constructor ({ root, routes, routes: { records }, settings }: Routing) {
    this.constraints = new Constraints(settings, routes)
    this.readsParameters = records.some(({ url }) => READ_PARAMETER.test(url))
    this.router = findMyWay({
      ...pathSettings(settings),
      // Fastify has refused the unsafe ones already.
      allowUnsafeRegex: true,
      // Nobody asks for it, and a stranger's may be long.
      querystringParser: () => ({}),
      constraints: { [VISIT]: this.visitStrategy() }
    })
    // Of the routes that a request reaches, a router takes the most constrained one; among equals, the last.
    const byConstraints = records.toSorted((a, b) => Object.keys(a.constraints).length - Object.keys(b.constraints).length)
    const isDeclared = (url: string, method: string, constraints: RouteRecord['constraints']): boolean => records.some(record =>
      record.url === url && record.methods.includes(method) && isDeepStrictEqual(record.constraints, constraints))
    for (const record of byConstraints) {
      const { constraints, isIndex, methods, url } = record
      for (const method of methods) {
        this.add(record, method, url)
        // Fastify reports the index route of a prefix once, though it may serve it with a slash at its end too.
        const slashed = { method, url: `${url}/`, constraints }
        if (isIndex && root.hasRoute(slashed) && !isDeclared(slashed.url, method, constraints)) this.add(record, method, slashed.url)
      }
    }
  }

  /**
   * The routes that a request by this method might reach. All but the first are there because the constraints of those
   * before them depend on what a preflight does not carry.
   */
  candidates (method: string, request: Routable, announces: Announcement = announcementOf(request)): readonly RouteRecord[] {
    const known = this.methods.find(one => one === method)
    const path = known === undefined ? null : this.readOnce(String(request.url))
    if (known === undefined || path === null) return []
    const announced = new AnnouncedRequest(request, method, announces)
    const { candidates, isCertain } = this.find(known, path, announced)
    return isCertain || !announced.expectAnything() ? candidates : this.find(known, path, announced).candidates
  }

  /** The routes that requests for a URL might reach by a method, whatever headers they have. */
  sharing (method: string, request: Routable): readonly RouteRecord[] {
    return this.candidates(method, request, ANYTHING)
  }

  private find (method: HTTPMethod, path: string, request: AnnouncedRequest): { readonly candidates: RouteRecord[], readonly isCertain: boolean } {
    const candidates: RouteRecord[] = []
    this.lookUp = { request, candidates }
    return { candidates, isCertain: this.router.find(method, path, { [VISIT]: ALL }) !== null }
  }

  /** Routers take apart and decode what they look up, which takes long where it is long; `null`: they refuse it. */
  private readOnce (url: string): string | null {
    const absolute = isAbsolute(url)
    if (!absolute && !(url.startsWith('/') && url.includes('%'))) return url
    if (url !== this.lastRead.url) this.lastRead = { url, path: absolute && isRefused(url) ? null : decoded(pathOf(url), this.readsParameters) }
    return this.lastRead.path
  }

  /**
   * Whether it takes long to look a URL up by each method: where parameters are read, routers decode what is reserved in
   * them with every look-up.
   */
  takesLong (url = ''): boolean {
    return this.readsParameters && pathOf(url).split(RESERVED, MANY_RESERVED + 2).length > MANY_RESERVED + 1
  }

  private add (record: RouteRecord, method: string, url: string): void {
    // Fastify's router is of the same make: what it took is a method here too.
    const known = method as HTTPMethod
    if (!this.methods.includes(known)) this.methods.push(known)
    try {
      this.router.on(known, url, { constraints: { [VISIT]: String(this.records.push(record) - 1) } }, NEVER_CALLED)
    } catch {
      // Fastify reports a route before its own router may refuse it. Where an application goes on, there is no such route.
    }
  }

  private visitStrategy (): ConstraintStrategy<HTTPVersion.V1> {
    const { records } = this
    /** The handler of a node whose routes the request reaches for certain; otherwise the router goes on. */
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

/** A `%`, or a parameter with more in its segment of the path: an expression, or another parameter. */
const READ_PARAMETER = /%|:[^/]*[-.(:]/

/** What routers decode in parameters only, since it would be read otherwise in a path. */
const RESERVED = /%(?:2[3-6BCF]|3[ABDF]|40)/gi
/** More than most URLs within URLs have. */
const MANY_RESERVED = 12
/** A character that is in no URL, and in no route. */
const STAND_IN = '\uFFFF'

/**
 * What a router makes of a URL, for which it takes the result too.
 *
 * @param readsParameters - whether what is reserved must stay as it is; otherwise only its length matters
 */
function decoded (url: string, readsParameters: boolean): string {
  return decodedPath(readsParameters ? url : url.replace(RESERVED, STAND_IN)) ?? url
}

/** The settings that say which URLs a route has. */
function pathSettings (settings: RouterSettings): Config<HTTPVersion.V1> {
  const names = ['caseSensitive', 'ignoreTrailingSlash', 'ignoreDuplicateSlashes', 'maxParamLength', 'useSemicolonDelimiter'] as const
  return Object.fromEntries(names.map(name => [name, settings[name]]))
}
