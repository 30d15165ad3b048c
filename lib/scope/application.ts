import type { FastifyInstance } from 'fastify'
import { SeveralCopiesError } from '../errors.js'
import type { CorsConfigError } from '../options/issue.js'
import { parseRouteOverride } from '../options/parse.js'
import type { CorsOptions } from '../options/schema.js'
import { PolicyCache } from '../policy/cache.js'
import type { Policy } from '../policy/policy.js'
import { PREFLIGHT_CONSTRAINT, preflightConstraint } from './preflight-route.js'
import { PreflightTargets } from './preflight-target.js'
import { recordRoutes, routesSinceCreation } from './recorder.js'
import { refuse, refusedRoutes, Registration, type Slot } from './registration.js'
import { contextsAbove, noRoutes, rootOf, type Routable, type RouteRecord, type RouteTable, writtenOf } from './route-table.js'
import { keepRoutedUrl } from './routed-path.js'
import { keptBy, type RouterSettings, routerSettingsOf } from './router-settings.js'

/** find-my-way allows 31 routes on one node. The application's own constrained routes need room too. */
const MOST_SLOTS_OF_A_PREFIX = 20

/** A Fastify application: its routes, and the registrations that cover them. */
export class Application {
  readonly registrations = new Map<FastifyInstance, Registration>()
  /** The problems of registrations with wrong options. */
  readonly refused = new Map<FastifyInstance, CorsConfigError>()
  /** The known routes. */
  readonly routes: RouteTable
  /** All routes are known. */
  readonly complete: boolean
  readonly settings: RouterSettings
  readonly preflightTargets = new PreflightTargets(this)
  private readonly policies = new PolicyCache()
  private readonly slots = new Map<string, number[]>()
  /** The one registration that covers everything, 404s too; `null` if there are others, or routes that are not known. */
  onlyRegistration: Registration | null = null
  /** A registration has `urls`. */
  private readsUrls = false
  /** The covering registrations found since the last registration. */
  private readonly coverings = new Map<FastifyInstance, Registration | undefined>()

  /** @param routes - all routes, if they have been recorded since the application was created */
  constructor (readonly root: FastifyInstance, routes: RouteTable | undefined) {
    this.routes = routes ?? noRoutes()
    this.complete = routes !== undefined
    this.settings = routerSettingsOf(root)
    root.addConstraintStrategy(preflightConstraint(
      request => this.preflightTargets.slotOf(request),
      request => { if (this.readsUrls) keepRoutedUrl(request) }
    ))
  }

  /** Records the routes that will be declared in a context, and in contexts created below it. */
  watch (instance: FastifyInstance): void {
    recordRoutes(instance, this.routes)
  }

  register (instance: FastifyInstance, options: CorsOptions): Registration {
    const registration = new Registration(instance, this.slotFor(instance.prefix), options, this.policies, this.complete)
    this.registrations.set(instance, registration)
    this.coverings.clear()
    this.noteUrls(options)
    return registration
  }

  /** Has requests keep their URLs from now on, if options are about them. */
  noteUrls ({ urls }: CorsOptions): void {
    this.readsUrls ||= urls !== undefined
  }

  /** The innermost registration around a context (S2). */
  covering (instance: FastifyInstance): Registration | undefined {
    if (!this.coverings.has(instance)) this.coverings.set(instance, this.innermost(instance))
    return this.coverings.get(instance)
  }

  /** The context that answers a path without a route; `null` if it is not known. */
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

  /** True if the hooks of a registration see a request, by its route or as a 404 of the root. */
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
   * The policy of a route; `undefined` if no registration covers it.
   *
   * @throws {@link CorsConfigError} if its override can't work or is not safe
   */
  policyOf (record: RouteRecord): Policy | undefined {
    return this.covering(record.instance)?.policyOf(record.options.config?.cors, record.name)
  }

  /**
   * Compiles the overrides of all routes, once they are known.
   *
   * @throws {@link CorsConfigError} with the problems of all of them, and of all registrations
   */
  prepare (): void {
    const { records } = this.routes
    const registrations = Array.from(this.refused, ([{ prefix }, error]) => [`the registration${prefix && ` under ${prefix}`}`, error] as const)
    // Routes that people wrote come first, so that each problem is reported once, for them.
    refuse(registrations, refusedRoutes(writtenOf(records), ({ name }) => name, record => this.check(record)))
    refuse([], refusedRoutes(records, ({ name }) => name, record => this.check(record)))
    const [first, ...others] = this.registrations.values()
    this.onlyRegistration = this.complete && first?.instance === this.root && others.length === 0 ? first : null
  }

  /** Checks the override of a route: by itself, where the registration's options can't be known. */
  private check (record: RouteRecord): void {
    const { instance, name, options: { config } } = record
    const nearest = contextsAbove(instance).find(context => this.registrations.has(context) || this.refused.has(context))
    if (nearest === undefined || !this.refused.has(nearest)) this.policyOf(record)
    else if (config?.cors !== undefined && typeof config.cors !== 'boolean') parseRouteOverride(config.cors, { origin: false }, name)
  }

  /** Gives each registration a slot of its own. If a prefix has more than a router can take, the last ones share one. */
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

/** True for a path that is the prefix, or begins with its segments; a parameter is any one segment. */
function isBelow (path: string, prefix: string): boolean {
  const segments = path.split('/')
  return prefix.replace(/\/$/, '').split('/').every((segment, i) => segments[i] === segment || (segment.startsWith(':') && segments[i]))
}

const applications = new WeakMap<FastifyInstance, Application>()

/**
 * The application that a context belongs to.
 *
 * @throws SeveralCopiesError if another copy of this package is registered on it
 */
export function applicationOf (instance: FastifyInstance): Application {
  const root = rootOf(instance)
  const known = applications.get(root)
  if (known === undefined && root.hasConstraintStrategy(PREFLIGHT_CONSTRAINT)) throw new SeveralCopiesError()
  const application = known ?? new Application(root, routesSinceCreation(root))
  applications.set(root, application)
  // Contexts created before this one registered have not inherited the hook of the root.
  if (!application.complete) contextsAbove(instance).forEach(context => application.watch(context))
  return application
}

/**
 * True if somebody waits for the whole application (`ready()`, `listen()`, `inject()`): plugins are loaded earlier only if
 * one of them is awaited.
 */
export function isGettingReady (root: FastifyInstance): boolean {
  const state = keptBy(root, 'fastify.state')
  return typeof state === 'object' && state !== null && 'readyResolver' in state && state.readyResolver !== null
}
