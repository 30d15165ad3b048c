import type { FastifyInstance } from 'fastify'
import type { Policy } from '../policy/policy.js'
import { isPreflight } from '../http/preflight.js'
import type { Delegate, Registration } from './registration.js'
import type { Routable, RouteRecord } from './route-table.js'
import { RouteFinder, type Routing } from './route-finder.js'
import { keepRoutedUrl, routedPath, routedUrlOf } from './routed-path.js'

/** A route that the announced request might reach, with the policy to answer by. */
export interface Candidate {
  readonly registration: Registration
  /** `config.cors` of the route. */
  readonly override: unknown
  readonly policy: Policy
  /** Chooses a policy for each request; `null` if `policy` is the one. */
  readonly delegate: Delegate | null
}

/** The routes that a preflight is for. */
interface PreflightTarget {
  /** One, unless the constraints of routes leave several open. */
  readonly candidates: readonly [Candidate, ...Candidate[]]
  /** The routes of its URL have more than one policy (A5). */
  readonly policiesDiffer: boolean
}

/**
 * `null`: only the application may answer, since CORS is off for the route, or no registration covers it.
 * `no-route`: the announced request reaches no route, so the context that gives the 404 answers.
 */
type Target = PreflightTarget | null | 'no-route'

const TARGET = Symbol('fastify-cors-policy.target')
const TARGET_OF_404 = Symbol('fastify-cors-policy.target-of-404')

/**
 * A request that keeps its target once that is found, whatever `reconfigure` changes meanwhile (S8): the router asks first,
 * hooks of others may wait, and then this plugin asks, by `applyCors` and by its own hooks.
 */
interface Asked extends Routable {
  [TARGET]?: Target
  /** If it has no route. */
  [TARGET_OF_404]?: PreflightTarget | null
}

/** The application that preflights arrive at. */
interface Scope extends Routing {
  /** All of its routes are known. */
  readonly complete: boolean
  readonly registrations: ReadonlyMap<FastifyInstance, Registration>
  readonly onlyRegistration: Registration | null
  covering (instance: FastifyInstance): Registration | undefined
  contextOfNotFound (path: string): FastifyInstance | null
}

/** Finds the routes that the preflights of an application are for (S5). */
export class PreflightTargets {
  /** The target of the last preflight, while all have the same. */
  private lastTarget: PreflightTarget | null = null
  private filledFinder: RouteFinder | null = null

  constructor (private readonly application: Scope) {}

  /** Built on first need: it costs boot time, and few applications need it. */
  get finder (): RouteFinder {
    return this.filledFinder ??= new RouteFinder(this.application)
  }

  /** The target of a preflight. */
  private of (request: Asked): Target {
    const known = request[TARGET]
    if (known !== undefined) return known
    const { onlyRegistration } = this.application
    const hasOnePolicy = onlyRegistration !== null && onlyRegistration.onlyPolicy !== null
    return request[TARGET] = hasOnePolicy ? this.targetOfAll(onlyRegistration) : this.find(request)
  }

  /** The target of every preflight, made once, if one registration covers everything with one policy. */
  private targetOfAll (registration: Registration): PreflightTarget | null {
    if (this.lastTarget?.candidates[0].policy === registration.policy) return this.lastTarget
    return this.lastTarget = onlyTarget(candidateOf(registration, undefined), false)
  }

  /** The slot of the OPTIONS route that a request is for; `undefined` if it is for the application's own routes. */
  slotOf (request: Routable): number | undefined {
    if (!isPreflight(request)) return undefined
    const target = this.of(request)
    if (target === 'no-route') keepRoutedUrl(request)
    if (target === null || target === 'no-route') return undefined
    const [{ registration, delegate }] = target.candidates
    // The delegator has not chosen yet: a route of the application may have to answer.
    if (delegate !== null && this.finder.candidates('OPTIONS', request).length > 0) return undefined
    return target.candidates.every(({ policy }) => policy.preflights.answeredBy === 'plugin') ? registration.slot.number : undefined
  }

  private find (request: Routable): Target {
    const method = String(request.headers['access-control-request-method'])
    const records = this.finder.candidates(method, request)
    if (records.length === 0) return this.unseen(method, request)
    const [first, ...others] = records.map(record => this.candidateOf(record, request.url)).filter(candidate => candidate !== null)
    if (first === undefined || others.length + 1 < records.length) return null
    return { candidates: [first, ...others], policiesDiffer: this.policiesDiffer(request, first) }
  }

  /** The target of a preflight that has reached the hooks of a registration; `null` if it is left to the application. */
  reachedBy (request: Asked, reached: Registration): PreflightTarget | null {
    const target = this.of(request)
    if (target !== 'no-route') return target
    const known = request[TARGET_OF_404]
    return known === undefined ? request[TARGET_OF_404] = this.ofNoRoute(request, reached) : known
  }

  /**
   * The target of a preflight whose URL has no route by the announced method: the registration that covers its 404, so that
   * the page can read that. It counts too if the application has an OPTIONS route of its own there (S5).
   */
  private ofNoRoute (preflight: Routable, reached: Registration): PreflightTarget | null {
    const { application, application: { settings } } = this
    const request = { url: routedUrlOf(preflight), headers: preflight.headers }
    const context = application.contextOfNotFound(String(routedPath(String(request.url), settings)))
    const registration = context === null ? reached : application.covering(context)
    if (registration === undefined) return null
    const candidate = candidateOf(registration, request.url)
    return onlyTarget(candidate, candidate !== null && this.policiesDiffer(request, candidate))
  }

  /** True if the routes of a URL have more than one policy, or may have, since a delegator chooses per request. */
  private policiesDiffer (request: Routable, { policy, registration: { delegate } }: Candidate): boolean {
    let methods = 0
    for (const method of this.finder.methods) {
      const records = this.finder.sharing(method, request)
      if (records.some(record => this.candidateOf(record, request.url)?.policy !== policy)) return true
      if (records.length > 0 && method !== 'HEAD') methods++
    }
    return delegate !== null && methods > 1
  }

  /** A route as a candidate; `null` if its preflights are left to the application. */
  candidateOf (record: RouteRecord, url: string | undefined): Candidate | null {
    const registration = this.application.covering(record.instance)
    return registration === undefined ? null : candidateOf(registration, url, record.options.config?.cors, record.name)
  }

  /**
   * Only Fastify knows a route that was declared before this plugin could see it, and it does not tell the route's context.
   * So the registration of the nearest prefix answers (S1).
   */
  private unseen (method: string, { url = '', headers }: Routable): Target {
    const { application, application: { root, settings } } = this
    if (application.complete) return 'no-route'
    // Fastify returns `null` for an unknown route, although its type does not say so.
    const route: unknown = root.supportedMethods.includes(method) ? root.findRoute({ method, url, constraints: { host: String(headers.host) } }) : null
    if (route === null) return 'no-route'
    const path = String(routedPath(url, settings))
    const [nearest] = [...application.registrations.values()]
      .filter(({ instance: { prefix } }) => path === prefix || path.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`))
      .sort((a, b) => b.instance.prefix.length - a.instance.prefix.length)
    return nearest === undefined ? null : onlyTarget(candidateOf(nearest, url), false)
  }
}

function onlyTarget (candidate: Candidate | null, policiesDiffer: boolean): PreflightTarget | null {
  return candidate === null ? null : { candidates: [candidate], policiesDiffer }
}

/** A route under a registration as a candidate; `null` if its preflights are left to the application. */
export function candidateOf (registration: Registration, url: string | undefined, override?: unknown, place = ''): Candidate | null {
  const policy = registration.policyOf(override, place)
  const { delegate } = registration
  // A delegator has to be asked first.
  const leftAlone = !registration.covers(url) || (delegate === null && leavesPreflightsAlone(policy))
  return leftAlone ? null : { registration, override, policy, delegate: override === false ? null : delegate }
}

/** True for a policy that leaves preflights to the application. */
export function leavesPreflightsAlone ({ enabled, preflights }: Policy): boolean {
  return !enabled || preflights.answeredBy === 'application'
}
