import type { IncomingHttpHeaders } from 'node:http'
import type { CorsPage, CorsVerdict } from '../browser/index.js'
import { routeFindings } from './audit.js'
import { describeOptions, describePolicy, type PolicyDescription } from './description.js'
import { explain } from './explain.js'
import type { CorsFinding } from './finding.js'
import { requestOf, sharedUrlFindings } from './shared-urls.js'
import type { CorsOptions } from '../options/schema.js'
import type { Policy } from '../policy/policy.js'
import type { Warnings } from '../request/warnings.js'
import type { Application } from '../scope/application.js'
import { contextsAbove, mayShareUrls, type RouteRecord, writtenOf } from '../scope/route-table.js'
import { isPreflight } from '../scope/preflight-route.js'
import type { Registration } from '../scope/registration.js'
import { RouteFinder } from '../scope/route-finder.js'

/** A route, and the policy that its requests and their preflights get. */
export interface RouteDescription {
  readonly method: string
  readonly url: string
  /** `route`: it has a `config.cors` of its own; `context`: it has what is registered around it. */
  readonly source: 'context' | 'route'
  /** `false` where CORS is off, or no registration covers the route. */
  readonly policy: PolicyDescription | false
}

/** `fastify.cors`: what the nearest registration does, and a way to change it. */
export interface CorsController {
  /** The context's effective policy, as plain JSON. */
  describe (): PolicyDescription
  /**
   * What applies to a request: `false` where CORS is off or not registered, `null` where there is no such route. For a
   * preflight, it is what applies to the request that it announces.
   */
  policyFor (request: { method: string, url: string, headers?: IncomingHttpHeaders }): PolicyDescription | false | null
  /** The routes of the context and of those below, a row for each method, as they were written. */
  routes (): RouteDescription[]
  /** What in the routes that the registration covers will not work from a browser. */
  audit (): CorsFinding[]
  /**
   * What a browser would do with the answers of this application to a request of a page, and why. Preflights and
   * requests go through its hooks, in process. The only handlers that run are those of routes for OPTIONS alone, which
   * answer the preflights that the plugin leaves to them: what others add themselves where CORS is off is not seen.
   *
   * @param page - its `url` may be a path of this application
   */
  explain (page: CorsPage): Promise<CorsVerdict>
  /**
   * Replaces the options in one step. Overrides of routes are merged over the new ones; requests that have been decided
   * keep what they got. `hook`, `logLevel`, `hideOptionsRoute` and `audit` stay as they are.
   *
   * @throws {@link CorsConfigError} when the new options can't work or are not safe, in any route; the old ones then stay
   */
  reconfigure (options: CorsOptions): void
}

export class Controller implements CorsController {
  /** Whether no more routes can come. */
  private complete = false

  constructor (
    private readonly application: Application,
    private readonly registration: Registration,
    private readonly warnings: Warnings
  ) {
    registration.instance.addHook('onReady', async () => { this.complete = true })
  }

  describe (): PolicyDescription {
    return describeOptions(this.registration.options)
  }

  policyFor ({ method, url, headers = {} }: Parameters<CorsController['policyFor']>[0]): PolicyDescription | false | null {
    const lowerCased = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
    const request = { method, url, headers: lowerCased }
    const reached = isPreflight(request) ? String(lowerCased['access-control-request-method']) : method
    const [first] = this.finder.candidates(reached, request)
    return first === undefined ? null : this.describeRoute(first, url)
  }

  routes (): RouteDescription[] {
    const records = this.application.routes.records.filter(record => contextsAbove(record.instance).includes(this.registration.instance))
    return writtenOf(records).flatMap(record => {
      const override = record.options.config?.cors
      const source = override === undefined || override === true ? 'context' : 'route'
      const policy = this.describeRoute(record, record.url)
      return record.methods.map(method => ({ method, url: record.url, source, policy }) as const)
    })
  }

  audit (): CorsFinding[] {
    const all = this.application.routes.records
    const written = new Set(writtenOf(all))
    const covered = this.application.routesOf(this.registration).filter(record => written.has(record))
    const { application: { complete, root }, registration: { delegates, instance } } = this
    const findings = routeFindings(this.registration, covered, {
      unseen: this.warnings.unseenOverrides,
      answersOptions: record => this.finder.sharing('OPTIONS', requestOf(record)).length > 0,
      needsRoutes: complete && instance !== root
    })
    // Nearly always, no router has to be filled to tell that there is nothing to find.
    if (!delegates && !mayShareUrls(all, record => this.application.policyOf(record))) return findings
    const policyAt = (record: RouteRecord, url: string): Policy | null => this.application.targets.candidateOf(record, url)?.policy ?? null
    return [...findings, ...sharedUrlFindings(covered, this.finder, policyAt, delegates, record => written.has(record))]
  }

  async explain (page: CorsPage): Promise<CorsVerdict> {
    return await explain(this.application, page, request => this.policyFor(request))
  }

  reconfigure (options: CorsOptions): void {
    this.registration.reconfigure(options)
  }

  private describeRoute (record: RouteRecord, url: string): PolicyDescription | false {
    const policy = this.policyOf(record, url)
    return policy !== null && describePolicy(policy)
  }

  private policyOf (record: RouteRecord, url: string): Policy | null {
    const registration = this.application.covering(record.instance)
    return registration?.covers(url) === true ? registration.policyOf(record.options.config?.cors, record.name) : null
  }

  /** The application builds its own once, so that it must not be asked for while there may come more routes. */
  private get finder (): RouteFinder {
    return this.complete ? this.application.targets.finder : new RouteFinder(this.application)
  }
}
