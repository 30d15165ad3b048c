import type { FastifyInstance } from 'fastify'
import findMyWay, { type Config, type ConstraintStrategy, type Handler, type HTTPMethod, type HTTPVersion, type Instance } from 'find-my-way'
import { Constraints } from './constraints.js'
import { isAbsolute, isRefused, pathOf } from './request-target.js'
import type { Routable } from './routable.js'
import type { RouteRecord } from './route-table.js'

/** The constraint by which a look-up chooses among the routes of one node: each of them has a value of its own. */
const CHOICE = 'choice'
/** The value by which `choose` is asked. */
const CHOOSE = 'choose'

/**
 * Finds the routes that a request might reach, which Fastify's own router does not tell: a second router of the same
 * make and with the same settings.
 */
export class RouteMatcher {
  private readonly router: Instance<HTTPVersion.V1>
  private readonly constraints: Constraints
  /** The routes, by the value of their constraint. */
  private readonly records: RouteRecord[] = []
  /** The methods that have routes, in no order. */
  readonly methods: HTTPMethod[] = []
  /** What the look-up that is under way is for, and the routes that it passes over. */
  private lookUp: { readonly preflight: Routable, readonly passed: Set<RouteRecord> } = { preflight: { headers: {} }, passed: new Set() }
  private chosen: RouteRecord | undefined
  /** The last URL that had to be read: it is looked up by one method after the other. */
  private lastRead: { readonly url: string, readonly path: string | null } = { url: '', path: null }
  /** Whether it matters to any route which characters a parameter, or a `%` in the path, stands for. */
  private readonly readsParameters: boolean

  constructor (root: FastifyInstance, records: readonly RouteRecord[]) {
    this.constraints = new Constraints(root)
    this.readsParameters = records.some(({ url }) => READ_PARAMETER.test(url))
    this.router = findMyWay({
      ...settingsOf(root),
      // Fastify has refused the unsafe ones already.
      allowUnsafeRegex: true,
      // Nobody asks for it, and a stranger's may be long.
      querystringParser: () => ({}),
      constraints: { [CHOICE]: this.choiceStrategy() }
    })
    // Of the routes that a request reaches, a router takes the most constrained one; among equals, the last.
    const byConstraints = records.toSorted((a, b) => Object.keys(a.constraints).length - Object.keys(b.constraints).length)
    const declared = new Set<string>()
    for (const record of byConstraints) {
      for (const method of record.methods) {
        declared.add(`${method} ${record.url}`)
        this.add(record, method, record.url)
      }
    }
    // Fastify reports the index route of a prefix once, though it may serve it with a slash at its end too.
    for (const record of byConstraints.filter(({ isIndex }) => isIndex)) {
      const url = `${record.url}/`
      for (const method of record.methods) {
        if (!declared.has(`${method} ${url}`) && root.hasRoute({ method, url, constraints: record.constraints })) this.add(record, method, url)
      }
    }
  }

  /**
   * The routes that a request by this method might reach. All but the first are there because the constraints of those
   * before them depend on what a preflight does not carry.
   */
  candidates (method: string, preflight: Routable): readonly RouteRecord[] {
    const candidates: RouteRecord[] = []
    const known = this.methods.find(one => one === method)
    if (known === undefined) return candidates
    const passed = new Set<RouteRecord>()
    this.lookUp = { preflight, passed }
    for (let record = this.find(known, preflight); record !== undefined; record = this.find(known, preflight)) {
      const reached = this.constraints.willMatch(record.constraints, preflight, method)
      if (reached !== false) candidates.push(record)
      if (reached === true) break
      passed.add(record)
    }
    return candidates
  }

  private find (method: HTTPMethod, { url = '' }: Routable): RouteRecord | undefined {
    const path = this.readOnce(url)
    return path === null || this.router.find(method, path, { [CHOICE]: choice() }) === null ? undefined : this.chosen
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
      this.router.on(known, url, { constraints: { [CHOICE]: String(this.records.push(record) - 1) } }, choice)
    } catch {
      // Fastify reports a route before its own router may refuse it. Where an application goes on, there is no such route.
    }
  }

  private choiceStrategy (): ConstraintStrategy<HTTPVersion.V1> {
    const { records } = this
    const choose = (ofNode: readonly RouteRecord[]): RouteRecord | undefined => {
      const { preflight, passed } = this.lookUp
      return this.chosen = this.constraints.ofHost(ofNode, preflight).findLast(record => !passed.has(record))
    }
    return {
      name: CHOICE,
      deriveConstraint: choice,
      storage () {
        const handlers = new Map<RouteRecord | undefined, Handler<HTTPVersion.V1>>()
        let ofNode: readonly RouteRecord[] = []
        return {
          get: value => handlers.get(value === CHOOSE ? choose(ofNode) : records[Number(value)]) ?? null,
          set (value, handler) {
            handlers.set(records[Number(value)], handler)
            ofNode = [...handlers.keys()].filter(record => record !== undefined)
          }
        }
      }
    }
  }
}

/** A `%`, or a parameter with more in its segment of the path: an expression, or another parameter. */
const READ_PARAMETER = /%|:[^/]*[-.(:]/

/** What routers decode in parameters only, since it would be read otherwise in a path: `decodeURI` leaves it, but for `%25`. */
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
  try {
    return decodeURI(readsParameters ? url.replaceAll('%25', '%2525') : url.replace(RESERVED, STAND_IN))
  } catch {
    return url
  }
}

/** What a look-up asks for. It stands for the handlers of routes as well, which are never called. */
function choice (): string {
  return CHOOSE
}

/** The settings that say which URLs a route has; Fastify tells them, those that were not given too. */
function settingsOf ({ initialConfig: { routerOptions, ...deprecated } }: FastifyInstance): Config<HTTPVersion.V1> {
  const settings = { ...deprecated, ...routerOptions }
  const names = ['caseSensitive', 'ignoreTrailingSlash', 'ignoreDuplicateSlashes', 'maxParamLength', 'useSemicolonDelimiter'] as const
  return Object.fromEntries(names.map(name => [name, settings[name]]))
}
