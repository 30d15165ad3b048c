import type { FastifyInstance } from 'fastify'
import { SeveralCopiesError } from '../errors.js'
import type { CorsOptions } from '../options/schema.js'
import { PolicyCache } from '../policy/cache.js'
import type { Policy } from '../policy/policy.js'
import { PREFLIGHT_CONSTRAINT, preflightConstraint } from './preflight-route.js'
import { PreflightTargets } from './preflight-target.js'
import { routesSinceCreation } from './recorder.js'
import { forEachRoute, Registration, type Slot } from './registration.js'
import {
  contextsAbove, noRoutes, recordRoutes, rootOf, type Routable, type RouteRecord, type RouteTable, writtenOf
} from './route-table.js'
import { type RouterSettings, routerSettingsOf } from './router-settings.js'

/** find-my-way allows 31 routes on one node, and the application's own constrained routes need room too. */
const MOST_SLOTS_OF_A_PREFIX = 20

/** A Fastify application as this plugin sees it: its routes, and the registrations that cover them. */
export class Application {
  readonly registrations = new Map<FastifyInstance, Registration>()
  /** The routes that are known. */
  readonly routes: RouteTable
  /** Whether these are all of its routes. */
  readonly complete: boolean
  /** The settings of its router. */
  readonly settings: RouterSettings
  /** Whose the application's preflights are. */
  readonly preflightTargets = new PreflightTargets(this)
  private readonly policies = new PolicyCache()
  private readonly slots = new Map<string, number[]>()
  private onlyRegistration: Registration | null = null
  /** What covers the contexts that have been asked about since the last registration. */
  private readonly coverings = new Map<FastifyInstance, Registration | undefined>()

  /** @param routes - all of its routes, where they have been recorded since its creation */
  constructor (readonly root: FastifyInstance, routes: RouteTable | undefined) {
    this.routes = routes ?? noRoutes()
    this.complete = routes !== undefined
    this.settings = routerSettingsOf(root)
    root.addConstraintStrategy(preflightConstraint(request => this.preflightTargets.slotOf(request)))
  }

  /** Sees the routes that a context, and those below it that don't exist yet, will declare. */
  watch (instance: FastifyInstance): void {
    recordRoutes(instance, this.routes)
  }

  /** The registration that covers all there is, the answers to unknown URLs too, with one policy; otherwise `null`. */
  get uniform (): Registration | null {
    return this.onlyRegistration?.hasOnePolicy === true ? this.onlyRegistration : null
  }

  register (instance: FastifyInstance, options: CorsOptions): Registration {
    const registration = new Registration(instance, this.slotFor(instance.prefix), options, this.policies, this.complete)
    this.registrations.set(instance, registration)
    this.coverings.clear()
    return registration
  }

  /** The innermost registration around a context (S2). */
  covering (instance: FastifyInstance): Registration | undefined {
    if (!this.coverings.has(instance)) this.coverings.set(instance, this.innermost(instance))
    return this.coverings.get(instance)
  }

  /** The context that answers a path without a route; `null` where that is not known. */
  contextOfNotFound (path: string): FastifyInstance | null {
    if (!this.complete) return null
    let nearest = this.root
    for (const [prefix, context] of this.routes.notFound) {
      if (prefix.length >= nearest.prefix.length && isBelow(path, prefix)) nearest = context
    }
    return nearest
  }

  private innermost (instance: FastifyInstance): Registration | undefined {
    for (const context of contextsAbove(instance)) {
      const registration = this.registrations.get(context)
      if (registration !== undefined) return registration
    }
    return undefined
  }

  /** Whether the hooks of a registration see a request: by its route, or as the root's 404. */
  sees (request: Routable): boolean {
    if (this.preflightTargets.slotOf(request) !== undefined) return true
    const [reached] = this.preflightTargets.finder.candidates(String(request.method), request)
    return this.covering(reached?.instance ?? this.root) !== undefined
  }

  /** The routes that a registration covers. */
  routesOf (registration: Registration): RouteRecord[] {
    return this.routes.records.filter(({ instance }) => this.covering(instance) === registration)
  }

  /**
   * The policy of a route, whatever its URL; none where no registration covers it.
   *
   * @throws {@link CorsConfigError} when its override can't work or is not safe
   */
  policyOf (record: RouteRecord): Policy | undefined {
    return this.covering(record.instance)?.policyOf(record.options.config?.cors, record.name)
  }

  /**
   * Compiles the overrides of all routes, once they are known.
   *
   * @throws {@link CorsConfigError} with what is wrong in any of them
   */
  prepare (): void {
    const { records } = this.routes
    // Those that people wrote come first: what is wrong is theirs, and is said once.
    for (const routes of [writtenOf(records), records]) forEachRoute(routes, ({ name }) => name, record => this.policyOf(record))
    const [first, ...others] = this.registrations.values()
    this.onlyRegistration = this.complete && first?.instance === this.root && others.length === 0 ? first : null
  }

  /** A slot of its own for each registration; where a prefix has more than a router can take, the last ones share one. */
  private slotFor (prefix: string): Slot {
    const path = prefix.replace(/\/$/, '')
    const ofPath = this.slots.get(path) ?? []
    this.slots.set(path, ofPath)
    const last = ofPath.at(-1)
    if (last !== undefined && ofPath.length === MOST_SLOTS_OF_A_PREFIX) return { number: last, isShared: true }
    const number = this.registrations.size
    ofPath.push(number)
    return { number, isShared: false }
  }
}

/** Whether a path is the prefix, or begins with its segments; a parameter stands for any one. */
function isBelow (path: string, prefix: string): boolean {
  const segments = path.split('/')
  return prefix.replace(/\/$/, '').split('/').every((segment, i) => segments[i] === segment || (segment.startsWith(':') && segments[i]))
}

const applications = new WeakMap<FastifyInstance, Application>()

/**
 * The application that a context belongs to.
 *
 * @throws where another copy of this package is registered on it
 */
export function applicationOf (instance: FastifyInstance): Application {
  const root = rootOf(instance)
  const known = applications.get(root)
  if (known === undefined && root.hasConstraintStrategy(PREFLIGHT_CONSTRAINT)) throw new SeveralCopiesError()
  const application = known ?? new Application(root, routesSinceCreation(root))
  applications.set(root, application)
  // Contexts that existed before the application was seen have not inherited the hook of its root.
  if (!application.complete) contextsAbove(instance).forEach(context => application.watch(context))
  return application
}
