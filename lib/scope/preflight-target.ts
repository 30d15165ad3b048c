import type { FastifyInstance } from 'fastify'
import type { Policy } from '../policy/policy.js'
import { isPreflight } from '../http/preflight.js'
import type { Delegate, Registration } from './registration.js'
import type { Routable, RouteRecord } from './route-table.js'
import { RouteFinder, type Routing } from './route-finder.js'
import { routedPath } from './routed-path.js'

/** A route that a preflight might announce a request to, and what there is to answer it with. */
export interface Candidate {
  readonly registration: Registration
  /** What `config.cors` of the route holds. */
  readonly override: unknown
  readonly policy: Policy
  /** Chooses another policy for each request; `null` where `policy` is the one. */
  readonly delegate: Delegate | null
}

/** Whose a preflight is. */
export interface PreflightTarget {
  /** One, unless the constraints of routes leave it open. */
  readonly candidates: readonly [Candidate, ...Candidate[]]
  /** Whether the routes of its URL have more than one policy (A5). */
  readonly policiesDiffer: boolean
}

/**
 * `null`: nobody but the application may answer, since CORS is off for the route, or no registration covers it.
 * `no-route`: the announced request would reach none, so that the context which gives the 404 has to answer.
 */
export type Target = PreflightTarget | null | 'no-route'

/** Where a request keeps the answer to whose it is. */
const TARGET = Symbol('fastify-cors-policy.target')

/** A request that may have been asked about. */
interface Asked extends Routable {
  [TARGET]?: Target
}

/** The application that preflights arrive at. */
interface Scope extends Routing {
  /** Whether all of its routes are known. */
  readonly complete: boolean
  readonly registrations: ReadonlyMap<FastifyInstance, Registration>
  readonly uniform: Registration | null
  covering (instance: FastifyInstance): Registration | undefined
  contextOfNotFound (path: string): FastifyInstance | null
}

/** Finds whose the preflights of an application are (S5). */
export class PreflightTargets {
  /** What the last preflight got where all have the same target. */
  private uniformTarget: PreflightTarget | null = null
  private filledFinder: RouteFinder | null = null

  constructor (private readonly application: Scope) {}

  /** The routes that requests might reach; filled on first need, since it costs time that few applications have to spend. */
  get finder (): RouteFinder {
    return this.filledFinder ??= new RouteFinder(this.application)
  }

  /**
   * Whose a preflight is. Every question about one request gets the same answer, whatever `reconfigure` has changed
   * meanwhile (S8): the router asks first, and the hooks of others may take their time after that.
   */
  of (request: Asked): Target {
    const { uniform } = this.application
    const known = request[TARGET]
    if (known !== undefined) return known
    return request[TARGET] = uniform !== null && uniform.delegate === null ? this.targetOfAll(uniform) : this.find(request)
  }

  /** The target of every preflight, made once, where one registration has one policy for all there is. */
  private targetOfAll (uniform: Registration): PreflightTarget | null {
    if (this.uniformTarget?.candidates[0].policy === uniform.policy) return this.uniformTarget
    return this.uniformTarget = onlyTarget(candidateOf(uniform, undefined), false)
  }

  /** The constraint value of the OPTIONS route that a request belongs to; none where the application's own routes do. */
  slotOf (request: Routable): number | undefined {
    if (!isPreflight(request)) return undefined
    const target = this.of(request)
    if (target === null || target === 'no-route') return undefined
    const [{ registration, delegate }] = target.candidates
    // What a delegator chooses is not known yet: it may be that a route of the application has to answer.
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

  /**
   * Whose a preflight is for a URL that has no route by the announced method: the policy's that covers its 404, so that
   * the page can read it, also where the application has an OPTIONS route of its own there (S5).
   *
   * @param reached - the registration whose hook asks
   */
  ofNoRoute (reached: Registration, request: Routable): PreflightTarget | null {
    const { application, application: { settings } } = this
    const context = application.contextOfNotFound(String(routedPath(String(request.url), settings)))
    const registration = context === null ? reached : application.covering(context)
    if (registration === undefined) return null
    const candidate = candidateOf(registration, request.url)
    return onlyTarget(candidate, candidate !== null && this.policiesDiffer(request, candidate))
  }

  /**
   * Whether the routes of a URL have more than one policy, or may have, since a delegator chooses them per request.
   */
  private policiesDiffer (request: Routable, { policy, registration: { delegate } }: Candidate): boolean {
    // What is not looked at may differ.
    if (this.finder.takesLong(request.url)) return true
    let methods = 0
    for (const method of this.finder.methods) {
      const records = this.finder.sharing(method, request)
      if (records.some(record => this.candidateOf(record, request.url)?.policy !== policy)) return true
      if (records.length > 0 && method !== 'HEAD') methods++
    }
    return delegate !== null && methods > 1
  }

  /** What preflights for a route are answered with; `null` where they are left to the application. */
  candidateOf (record: RouteRecord, url: string | undefined): Candidate | null {
    const registration = this.application.covering(record.instance)
    return registration === undefined ? null : candidateOf(registration, url, record.options.config?.cors, record.name)
  }

  /**
   * A route that was declared before this plugin could see it is known to Fastify alone, which doesn't tell its context:
   * the registration of the nearest prefix has to do (S1).
   */
  private unseen (method: string, { url = '', headers }: Routable): Target {
    const { application, application: { root, settings } } = this
    if (application.complete) return 'no-route'
    // Fastify's type forgets the `null` that it gives for an unknown route.
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

/** What a registration makes of preflights for a route; `null` where it leaves them to the application. */
function candidateOf (registration: Registration, url: string | undefined, override?: unknown, place = ''): Candidate | null {
  const policy = registration.policyOf(override, place)
  const { delegate } = registration
  // Where there is a delegator, it is not known before it has been asked.
  const leftAlone = !registration.covers(url) || (delegate === null && leavesPreflightsAlone(policy))
  return leftAlone ? null : { registration, override, policy, delegate: override === false ? null : delegate }
}

/** Whether a policy has nothing to say to preflights. */
export function leavesPreflightsAlone ({ enabled, preflights }: Policy): boolean {
  return !enabled || preflights.answeredBy === 'application'
}
