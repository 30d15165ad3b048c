import { isSafelistedMethod } from '../http/methods.js'
import type { CorsOptions, RouteCorsOptions } from '../options/schema.js'
import type { Policy } from '../policy/policy.js'
import { leavesPreflightsAlone } from '../scope/preflight-target.js'
import type { Registration } from '../scope/registration.js'
import type { RouteRecord } from '../scope/route-table.js'
import { describeOptions } from './description.js'
import type { CorsFinding } from './finding.js'

/** Longest that every browser remembers a preflight (WebKit), in seconds. */
const SHORTEST_CAP = 600

/** Methods that no page can use, or that are not meant for pages. */
const NOT_OF_PAGES = new Set(['OPTIONS', 'TRACE', 'CONNECT'])

/** A route that takes all of these passes on whatever comes: a proxy, or `all()`. */
const METHODS_OF_PROXIES = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/** The surroundings of a registration's routes. */
export interface Surroundings {
  /** The routes whose override was seen only after boot. */
  readonly unseen: Iterable<string>
  /** Whether the application has an OPTIONS route of its own for a URL. */
  readonly answersOptions: (record: RouteRecord) => boolean
  /** Whether a registration without a known route is a mistake: it is below the root, and all routes are known, or others are. */
  readonly needsRoutes: boolean
  /** Whether the plugin was loaded before the application was made. */
  readonly areAllKnown: boolean
}

/**
 * Finds what in the routes of a registration, each taken by itself, will not work from a browser.
 *
 * @param records - the routes that it covers
 */
export function routeFindings (registration: Registration, records: readonly RouteRecord[], { unseen, answersOptions, needsRoutes, areAllKnown }: Surroundings): CorsFinding[] {
  const ofRegistration = policyFindings(registration.policy, null, 'registration')
  const alike = new Map<Policy, boolean>()
  const isAlike = (policy: Policy): boolean => {
    const known = alike.get(policy) ?? haveSameEffect(policy.options, registration.options)
    alike.set(policy, known)
    return known
  }
  const ofRoute = (record: RouteRecord): CorsFinding[] => {
    if (!registration.covers(record.url)) return outsideFindings(registration, record)
    const policy = policyOf(registration, record)
    // A delegator may choose anything else for a request.
    const fixed = registration.delegate !== null ? [] : [...unansweredFindings(record, policy, answersOptions), ...overrideFindings(record, policy, isAlike)]
    // What an override merely inherits is the registration's own finding.
    const own = policyFindings(policy, record.name, 'route').filter(({ message }) => ofRegistration.every(finding => finding.message !== message))
    return [...fixed, ...own]
  }
  return [
    ...registration.delegate !== null ? [] : methodFindings(registration, records.filter(({ url }) => registration.covers(url))),
    ...records.flatMap(ofRoute),
    ...records.flatMap(misplacedFindings),
    ...[...unseen].map(unseenFinding),
    ...ofRegistration,
    ...records.length === 0 && needsRoutes ? [{ ...COVERS_NO_ROUTE, fix: areAllKnown ? null : 'If its routes stand beside it, await app.register(corsPlugin, options)' }] : []
  ]
}

const COVERS_NO_ROUTE: CorsFinding = {
  code: 'covers-no-route',
  route: null,
  message: 'This registration covers no route: without fastify-plugin, a plugin file keeps it to itself. Wrap the file in ' +
    'fastify-plugin, export default fp(async app => { await app.register(corsPlugin, options) }), or register corsPlugin on the instance that has the routes',
  fix: null,
  where: 'registration'
}

function policyOf (registration: Registration, { name, options: { config } }: RouteRecord): Policy {
  return registration.policyOf(config?.cors, name)
}

/** Routes with methods that their policy does not allow. Those that have the registration's methods share one fix. */
function methodFindings (registration: Registration, records: readonly RouteRecord[]): CorsFinding[] {
  const refusing = records.flatMap(record => {
    const policy = policyOf(registration, record)
    const { preflights: { methods } } = policy
    if (methods === null || leavesPreflightsAlone(policy)) return []
    const refused = unsafeMethods(record).filter(method => !methods.includes(method))
    return refused.length === 0 ? [] : [{ record, methods, refused, isProxy: METHODS_OF_PROXIES.every(method => record.methods.includes(method)) }]
  })
  const shared = refusing.filter(({ record, isProxy }) => !isProxy && placeOf(record, 'methods') === 'registration').flatMap(({ refused }) => refused)
  return refusing.map(({ record, methods, refused, isProxy }) => {
    const where = placeOf(record, 'methods')
    const allowed = methods.join(', ')
    return {
      code: 'method-not-allowed',
      route: isProxy ? record.url : record.name,
      message: isProxy
        ? `It takes every method, as proxies do, and the policy allows pages of other origins ${allowed} alone. List the methods that pages use, with PUT, PATCH and DELETE if they do`
        : `A page of another origin can't use ${refused.join(', ')} here: the policy allows ${allowed}`,
      fix: isProxy ? null : `methods: [${[...new Set([...methods, ...where === 'route' ? refused : shared])].map(method => `'${method}'`).join(', ')}]`,
      where
    }
  })
}

function unsafeMethods ({ methods }: RouteRecord): string[] {
  return methods.filter(method => !isSafelistedMethod(method) && !NOT_OF_PAGES.has(method))
}

/** Where an option of a route's policy is written. */
export function placeOf ({ options: { config } }: RouteRecord, option: keyof RouteCorsOptions): 'registration' | 'route' {
  return typeof config?.cors === 'object' && config.cors[option] !== undefined ? 'route' : 'registration'
}

/** Preflights that are left to an application without an OPTIONS route. */
function unansweredFindings (record: RouteRecord, { enabled, preflights }: Policy, answersOptions: Surroundings['answersOptions']): CorsFinding[] {
  const { answeredBy, methods } = preflights
  const refused = unsafeMethods(record)
  if (!enabled || answeredBy === 'plugin' || refused.length === 0 || answersOptions(record)) return []
  const [option, given, fix] = answeredBy === 'application'
    ? ['preflight', 'preflight: false', 'preflight: true'] as const
    : ['preflightContinue', 'preflightContinue: true', 'preflightContinue: false'] as const
  return [{
    code: 'preflight-unanswered',
    route: record.name,
    message: `A page of another origin can't use ${refused.join(', ')} here: ${given} leaves its preflights to an OPTIONS route of the application, and there is none for this URL. Declare one, or write ${fix}`,
    // Where the plugin answers, the methods count.
    fix: methods === null || refused.every(method => methods.includes(method)) ? fix : null,
    where: placeOf(record, option)
  }]
}

function overrideFindings (record: RouteRecord, policy: Policy, isAlike: (policy: Policy) => boolean): CorsFinding[] {
  const override = record.options.config?.cors
  const changes = override === undefined || override === true || !isAlike(policy)
  return changes ? [] : [withoutEffect(record, 'Its config.cors repeats what the registration says')]
}

/** Whether options come to the same, however they are written. */
function haveSameEffect (some: CorsOptions, others: CorsOptions): boolean {
  const sameFunctions = some.origin === others.origin || (typeof some.origin !== 'function' && typeof others.origin !== 'function')
  return sameFunctions && contentOf(some) === contentOf(others)
}

function contentOf (options: CorsOptions): string {
  return JSON.stringify([describeOptions(options), options.dangerouslyAllow ?? []])
}

function outsideFindings (registration: Registration, record: RouteRecord): CorsFinding[] {
  const { url, options: { config } } = record
  const override = config?.cors
  // The path of a parameter is not known: it may well be one that `urls` matches.
  const isKnown = !/[:*]/.test(url)
  const hasEffect = registration.policyOutsideUrls(override, record.name).enforce !== registration.policy.enforce
  if (override === undefined || override === false || hasEffect || !isKnown) return []
  return [withoutEffect(record, 'Its path is outside urls, so that CORS is off, whatever its config.cors says')]
}

/** Fastify takes any option of a route, and hands on to plugins what is in `config`. */
function misplacedFindings (record: RouteRecord): CorsFinding[] {
  const { options } = record
  if (!('cors' in options) || options.cors === undefined) return []
  return [{
    code: 'override-misplaced',
    route: record.name,
    message: 'Its cors stands beside its config, where it is not read',
    fix: 'Write config: { cors: … } in its place',
    where: 'route'
  }]
}

function withoutEffect (record: RouteRecord, message: string): CorsFinding {
  return { code: 'override-without-effect', route: record.name, message, fix: 'Leave config.cors out', where: 'route' }
}

function unseenFinding (route: string): CorsFinding {
  return {
    code: 'override-unseen',
    route,
    message: 'It was declared before fastify-cors-policy had loaded, so that its config.cors was not known to its preflights',
    fix: 'Import fastify-cors-policy before Fastify is called, or write "await app.register(corsPlugin, options)" before the route',
    where: 'registration'
  }
}

function policyFindings (policy: Policy, route: string | null, where: 'registration' | 'route'): CorsFinding[] {
  const { options: { maxAge = 0 }, preflights: { wildcardExceptAuthorization } } = policy
  const findings: CorsFinding[] = []
  if (leavesPreflightsAlone(policy)) return findings
  if (wildcardExceptAuthorization) {
    findings.push({
      code: 'authorization-not-covered',
      route,
      message: 'The "*" in allowedHeaders covers every header but Authorization (Fetch, "CORS-preflight fetch")',
      fix: "allowedHeaders: ['*', 'Authorization']",
      where
    })
  }
  if (maxAge > SHORTEST_CAP) {
    findings.push({
      code: 'max-age-capped',
      route,
      message: `maxAge is ${maxAge} seconds, of which WebKit honours 600, Chromium 7,200 and Firefox 86,400. Nothing has to be changed`,
      fix: `maxAge: ${SHORTEST_CAP}`,
      where
    })
  }
  return findings
}
