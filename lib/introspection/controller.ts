import type { IncomingHttpHeaders } from 'node:http'
import { audit, type CorsFinding } from './audit.js'
import { describeOptions, describePolicy, type PolicyDescription } from './description.js'
import type { CorsOptions } from '../options/schema.js'
import type { Policy } from '../policy/policy.js'
import type { Reports } from '../request/reports.js'
import type { Application } from '../scope/application.js'
import { isPreflight } from '../scope/preflight-route.js'
import type { Registration } from '../scope/registration.js'
import { contextsAbove, nameOf, type RouteRecord } from '../scope/route-table.js'

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
   * Replaces the options in one step. Overrides of routes are merged over the new ones; requests that have been decided
   * keep what they got. `hook`, `logLevel`, `hideOptionsRoute` and `audit` stay as they are.
   *
   * @throws {@link CorsConfigError} when the new options can't work or are not safe, in any route; the old ones then stay
   */
  reconfigure (options: CorsOptions): void
}

export class Controller implements CorsController {
  constructor (
    private readonly application: Application,
    private readonly registration: Registration,
    private readonly reports: Reports
  ) {}

  describe (): PolicyDescription {
    return describeOptions(this.registration.options)
  }

  policyFor ({ method, url, headers = {} }: Parameters<CorsController['policyFor']>[0]): PolicyDescription | false | null {
    const lowerCased = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
    const request = { method, url, headers: lowerCased }
    const reached = isPreflight(request) ? String(lowerCased['access-control-request-method']) : method
    const [first] = this.application.targets.matcher.candidates(reached, request)
    return first === undefined ? null : this.describeRoute(first, url)
  }

  routes (): RouteDescription[] {
    const records = this.application.routes.records.filter(record => contextsAbove(record.instance).includes(this.registration.instance))
    return written(records).flatMap(record => {
      const override = record.options.config?.cors
      const source = override === undefined || override === true ? 'context' : 'route'
      const policy = this.describeRoute(record, record.url)
      return record.methods.map(method => ({ method, url: record.url, source, policy }) as const)
    })
  }

  audit (): CorsFinding[] {
    return audit(this.registration, this.application.routesOf(this.registration), this.reports.unseenOverrides)
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
    return registration?.covers(url) === true ? registration.policyOf(record.options.config?.cors, nameOf(record)) : null
  }
}

/** The routes that people wrote: without the HEAD routes that Fastify adds to GET routes. */
function written (records: readonly RouteRecord[]): RouteRecord[] {
  const gets = new Set<unknown>()
  for (const { methods, options } of records) {
    if (methods.includes('GET')) gets.add(options.handler)
  }
  return records.filter(({ methods, options }) => !(methods.length === 1 && methods[0] === 'HEAD' && gets.has(options.handler)))
}
