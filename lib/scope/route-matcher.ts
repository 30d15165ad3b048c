import type { FastifyInstance } from 'fastify'
import findMyWay, { type ConstraintStrategy, type Handler, type HTTPMethod, type HTTPVersion, type Instance } from 'find-my-way'
import { Constraints } from './constraints.js'
import type { Routable } from './routable.js'
import type { RouteRecord } from './route-table.js'

/** The constraint that lets a look-up pass over routes that it has been given already. */
const PASS = 'pass'
const NOTHING: ReadonlySet<RouteRecord> = new Set()

/**
 * Finds the routes that a request might reach, which Fastify's own router does not tell: a second router of the same
 * make and with the same settings.
 */
export class RouteMatcher {
  private readonly router: Instance<HTTPVersion.V1>
  private readonly constraints: Constraints
  private readonly records = new Map<Handler<HTTPVersion.V1>, RouteRecord>()
  /** The methods that have routes. */
  private readonly methods = new Map<string, HTTPMethod>()

  constructor (root: FastifyInstance, records: readonly RouteRecord[]) {
    const { routerOptions, ...deprecated } = root.initialConfig
    const settings = { ...deprecated, ...routerOptions }
    this.constraints = new Constraints(root)
    this.router = findMyWay({
      caseSensitive: settings.caseSensitive ?? true,
      ignoreTrailingSlash: settings.ignoreTrailingSlash ?? false,
      ignoreDuplicateSlashes: settings.ignoreDuplicateSlashes ?? false,
      maxParamLength: settings.maxParamLength ?? 100,
      // Fastify has refused the unsafe ones already.
      allowUnsafeRegex: true,
      constraints: { [PASS]: passStrategy },
      ...settings.useSemicolonDelimiter === undefined ? {} : { useSemicolonDelimiter: settings.useSemicolonDelimiter }
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
    const known = this.methods.get(method)
    const candidates: RouteRecord[] = []
    let passed = NOTHING
    while (known !== undefined) {
      const found = this.router.find(known, preflight.url ?? '', { [PASS]: passed })
      const record = found === null ? undefined : this.records.get(found.handler)
      if (record === undefined) break
      const reached = this.constraints.willMatch(record.constraints, preflight, method)
      if (reached !== false) candidates.push(record)
      if (reached === true) break
      passed = new Set(passed).add(record)
    }
    return candidates
  }

  /** The routes that the URL has, by any method. */
  * routesOfUrl (preflight: Routable): Generator<RouteRecord> {
    for (const method of this.methods.keys()) yield * this.candidates(method, preflight)
  }

  private add (record: RouteRecord, method: string, url: string): void {
    // Fastify's router is of the same make: what it took is a method here too.
    const known = method as HTTPMethod
    const handler = (): void => {}
    this.methods.set(method, known)
    this.records.set(handler, record)
    this.router.on(known, url, { constraints: { [PASS]: record } }, handler)
  }
}

/**
 * Each route is under a constraint of its own; a look-up gives the set of those to pass over, and gets the last of the
 * others, since among equals that one is taken.
 */
const passStrategy: ConstraintStrategy<HTTPVersion.V1> = {
  name: PASS,
  deriveConstraint: () => PASS,
  storage () {
    const routes = new Map<unknown, Handler<HTTPVersion.V1>>()
    return {
      get (value: unknown) {
        if (!(value instanceof Set)) return routes.get(value) ?? null
        let last = null
        for (const [record, route] of routes) {
          if (!value.has(record)) last = route
        }
        return last
      },
      set (record: unknown, route) {
        routes.set(record, route)
      }
    }
  }
}
