import type { IncomingHttpHeaders } from 'node:http'
import type { Judged } from '../browser/check-cors.js'
import type { CorsPage, CorsVerdict } from '../browser/index.js'
import { whereOf } from './audit.js'
import { auditRoutes } from './findings.js'
import { describeOptions, describePolicy, type PolicyDescription } from './description.js'
import { explain } from './explain.js'
import type { CorsFinding } from './finding.js'
import { parseCorsOptions } from '../options/parse.js'
import type { CorsOptions } from '../options/schema.js'
import type { Policy } from '../policy/policy.js'
import type { Warnings } from '../request/warnings.js'
import type { Application } from '../scope/application.js'
import { routedPath } from '../scope/routed-path.js'
import { contextsAbove, type RouteRecord, writtenOf } from '../scope/route-table.js'
import { isPreflight } from '../http/preflight.js'
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

/** A route with the prefix of the context whose registration covers it, `/` for the root. */
export interface PlacedRoute extends RouteDescription {
  readonly context: string
}

/** The policies of a context and of those below it. */
export interface PolicyTable {
  readonly contexts: ReadonlyArray<{ readonly prefix: string, readonly policy: PolicyDescription | false }>
  readonly routes: readonly PlacedRoute[]
  readonly findings: readonly CorsFinding[]
}

/** The source of the policy that decides a request. */
export interface Decider {
  readonly source: RouteDescription['source'] | 'delegator'
  /** The route as it is written, such as `/users/:id`. */
  readonly route: string
  /** The prefix of the context that has the registration, `/` for the root. */
  readonly context: string
  /** CORS is off there. */
  readonly isOff: boolean
}

/** `fastify.cors`: what the nearest registration does, and a way to change it. */
export interface CorsController {
  /** The context's effective policy, as plain JSON. */
  describe (): PolicyDescription
  /**
   * The policy of a request: `false` if CORS is off or not registered, `null` if there is no such route. A preflight has
   * that of the request that it announces.
   */
  policyFor (request: { method: string, url: string, headers?: IncomingHttpHeaders }): PolicyDescription | false | null
  /** The routes of the context and of those below, a row for each method, as they were written. */
  routes (): RouteDescription[]
  /** Finds mistakes in the routes that the registration covers: they will not work from a browser. */
  audit (): CorsFinding[]
  /**
   * Tells what a browser would do with the answers of this application to a request of a page, and why. Preflights and
   * requests go through its hooks, in process. The only handlers that run are those of routes for OPTIONS alone, which
   * answer the preflights that the plugin leaves to them. So headers that other handlers add where CORS is off are not seen.
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
  /** No more routes can come. */
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

  policyFor (request: Parameters<CorsController['policyFor']>[0]): PolicyDescription | false | null {
    const record = this.recordOf(request)
    return record === null ? null : this.describeRoute(record, request.url)
  }

  /** Where the policy that `policyFor` gives comes from; `null` where no registration covers the route, or there is none. */
  deciderOf (request: Parameters<CorsController['policyFor']>[0]): Decider | null {
    const record = this.recordOf(request)
    const covering = record === null ? undefined : this.application.covering(record.instance)
    if (record === null || covering === undefined) return null
    const source = sourceOf(record)
    return {
      source: source === 'context' && covering.delegate !== null ? 'delegator' : source,
      route: record.url,
      context: covering.instance.prefix || '/',
      isOff: this.describeRoute(record, request.url) === false
    }
  }

  private recordOf ({ method, url, headers = {} }: Parameters<CorsController['policyFor']>[0]): RouteRecord | null {
    const lowerCased = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
    const request = { method, url, headers: lowerCased }
    const reached = isPreflight(request) ? String(lowerCased['access-control-request-method']) : method
    const [first = null] = this.finder.candidates(reached, request)
    return first
  }

  routes (): RouteDescription[] {
    return this.records().flatMap(record => this.rowsOf(record))
  }

  /** The answers of `describe()`, `routes()` and `audit()`, of this context and of those below. */
  table (): PolicyTable {
    const records = this.records()
    const shown = new Set(records)
    const covering = new Map(records.map(({ instance }) => [instance.cors, this.application.covering(instance)] as const))
    const registrations = Array.from(covering.values()).filter(registration => registration !== undefined)
    return {
      contexts: registrations.map(({ instance, policy }) => ({ prefix: instance.prefix || '/', policy: describePolicy(policy) })),
      routes: registrations.flatMap(registration => this.application.routesOf(registration)
        .filter(record => shown.has(record))
        .flatMap(record => this.rowsOf(record))
        .map(row => ({ ...row, context: registration.instance.prefix || '/' }))),
      findings: Array.from(covering.keys(), controller => controller.audit()).flat()
    }
  }

  /** The routes of the context and of those below, as people wrote them. */
  private records (): RouteRecord[] {
    const { application: { routes: { records } }, registration } = this
    return writtenOf(records.filter(({ instance }) => contextsAbove(instance).includes(registration.instance)))
  }

  private rowsOf (record: RouteRecord): RouteDescription[] {
    const source = sourceOf(record)
    const policy = this.describeRoute(record, record.url)
    return record.methods.map(method => ({ method, url: record.url, source, policy }))
  }

  audit (): CorsFinding[] {
    return auditRoutes(this.application, this.registration, this.warnings.unseenOverrides, () => this.finder)
  }

  async explain (page: CorsPage): Promise<CorsVerdict> {
    return (await this.judge(page)).verdict
  }

  /** {@link explain}, with the parts that its texts are joined from. */
  async judge (page: CorsPage): Promise<Judged> {
    return await explain(this.application, page, request => {
      const record = this.recordOf(request)
      const policy = record === null ? this.policyOf404(request.url) : this.policyOf(record, request.url)
      return {
        isMissing: record === null,
        policy: policy !== null && describePolicy(policy),
        options: policy?.options ?? {},
        isSound: isAccepted,
        whereOf: option => whereOf(record?.options.config?.cors, option)
      }
    })
  }

  reconfigure (options: CorsOptions): void {
    this.registration.reconfigure(options)
    this.application.noteUrls(this.registration.options)
  }

  private describeRoute (record: RouteRecord, url: string): PolicyDescription | false {
    const policy = this.policyOf(record, url)
    return policy !== null && describePolicy(policy)
  }

  private policyOf (record: RouteRecord, url: string): Policy | null {
    const registration = this.application.covering(record.instance)
    return registration?.covers(url) === true ? registration.policyOf(record.options.config?.cors, record.name) : null
  }

  private policyOf404 (url: string): Policy | null {
    const { application, registration } = this
    const context = application.contextOfNotFound(String(routedPath(url, application.settings)))
    const covering = context === null ? registration : application.covering(context)
    return covering?.covers(url) === true ? covering.policy : null
  }

  /** The application builds its own once, so that it must not be asked for while there may come more routes. */
  private get finder (): RouteFinder {
    return this.complete ? this.application.preflightTargets.finder : new RouteFinder(this.application)
  }
}

/** True for options that an application boots with. */
function isAccepted (options: CorsOptions): boolean {
  try {
    parseCorsOptions(options)
    return true
  } catch {
    return false
  }
}

function sourceOf ({ options: { config } }: RouteRecord): RouteDescription['source'] {
  return config?.cors === undefined || config.cors === true ? 'context' : 'route'
}
