import { isSafelistedMethod } from '../http/methods.js'
import type { CorsOptions, RouteCorsOptions } from '../options/schema.js'
import type { Policy } from '../policy/policy.js'
import { leavesPreflightsAlone } from '../scope/preflight-target.js'
import type { Registration } from '../scope/registration.js'
import type { RouteRecord } from '../scope/route-table.js'
import { listSource } from '../text.js'
import type { Audited } from './audit.js'
import { describeOptions } from './description.js'
import type { Found, FoundFix } from './finding.js'

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
  /** True if the application has an OPTIONS route of its own for a URL. */
  readonly answersOptions: (record: RouteRecord) => boolean
  /** The registration covers no route that pages call, which is a mistake. */
  readonly coversNothing: boolean
  /** True if the plugin was loaded before the application was made. */
  readonly areAllKnown: boolean
}

/**
 * Finds what in the routes of a registration, each taken by itself, will not work from a browser.
 *
 * @param records - the routes that it covers
 */
export function routeFindings (audited: Audited, records: readonly RouteRecord[], { unseen, answersOptions, coversNothing, areAllKnown }: Surroundings): Found[] {
  const { registration } = audited
  const isInside = (url: string): boolean => registration.covers(url)
  const routes = records.filter(({ url }) => isInside(url)).map(record => new AuditedRoute(record, audited))
  const ofRegistration = policyFindings(registration.policy)
  const outside = records.filter(({ url }) => !isInside(url)).flatMap(record => outsideFindings(audited, record))
  return [
    // A delegator may choose anything else for a request.
    ...registration.delegate === null ? fixedFindings(registration, routes, answersOptions) : [],
    ...routes.flatMap(route => ownPolicyFindings(route, ofRegistration)),
    ...outside,
    ...records.flatMap(misplacedFindings),
    ...[...unseen].map(unseenFinding),
    ...ofRegistration.map(({ option, ...finding }) => finding),
    ...coversNothing ? [areAllKnown ? COVERS_NO_ROUTE : COVERS_NO_KNOWN_ROUTE] : [],
    ...areAllKnown && outside.length === 0 && matchesNone(records.map(({ url }) => url), isInside) ? [URLS_MATCH_NOTHING] : []
  ]
}

const COVERS_NO_ROUTE: Found = {
  code: 'covers-no-route',
  route: null,
  message: 'This registration covers no route: without fastify-plugin, a plugin file keeps it to itself. Wrap the file in ' +
    'fastify-plugin, export default fp(async app => { await app.register(corsPlugin, options) }), or register corsPlugin on the instance that has the routes',
  where: 'registration'
}

const URLS_MATCH_NOTHING: Found = {
  code: 'urls-match-nothing',
  route: null,
  message: 'urls matches the path of no route, so that CORS is off for all of them: paths begin with a slash, and have the prefixes of their contexts',
  where: 'registration'
}

function matchesNone (urls: readonly string[], isInside: (url: string) => boolean): boolean {
  return urls.length > 0 && urls.every(url => isKnownPath(url) && !isInside(url))
}

/** A parameter may be anything, and so may a path that `urls` matches. */
function isKnownPath (url: string): boolean {
  return !/[:*]/.test(url)
}

/** Routes that were declared before the plugin was loaded are not known. */
const COVERS_NO_KNOWN_ROUTE: Found = { ...COVERS_NO_ROUTE, otherwise: 'If its routes stand beside it, import the plugin before Fastify() is called' }

/** A route with the policy that it has in an audit. */
class AuditedRoute {
  readonly policy: Policy
  /** The methods for which browsers ask first. */
  readonly unsafeMethods: readonly string[]
  /** Those of them that its policy does not allow. */
  readonly refusedMethods: readonly string[]
  readonly #override: unknown

  constructor (readonly record: RouteRecord, { registration, overrideOf }: Audited) {
    this.#override = overrideOf(record)
    this.policy = registration.policyOf(this.#override, record.name)
    this.unsafeMethods = record.methods.filter(method => !isSafelistedMethod(method) && !NOT_OF_PAGES.has(method))
    const { methods } = this.policy.preflights
    this.refusedMethods = methods === null ? [] : this.unsafeMethods.filter(method => !methods.includes(method))
  }

  get takesEveryMethod (): boolean {
    return METHODS_OF_PROXIES.every(method => this.record.methods.includes(method))
  }

  get isOverridden (): boolean {
    return this.#override !== undefined && this.#override !== true
  }

  placeOf (option: keyof RouteCorsOptions): FoundFix['where'] {
    return placeOf(this.#override, option)
  }

  /** True for a `config.cors` with one option. */
  hasNothingBut (option: keyof RouteCorsOptions): boolean {
    const names = typeof this.#override === 'object' ? Object.keys({ ...this.#override }) : []
    return names.length === 1 && names[0] === option
  }
}

/** Where an option of a route's policy is written, given its `config.cors`. */
export function placeOf (override: unknown, option: keyof RouteCorsOptions): FoundFix['where'] {
  if (override === false) return 'route'
  return typeof override === 'object' && override !== null && Reflect.get(override, option) !== undefined ? 'route' : 'registration'
}

/** Findings that hold for every request. */
function fixedFindings (registration: Registration, routes: readonly AuditedRoute[], answersOptions: Surroundings['answersOptions']): Found[] {
  const alike = new Map<Policy, boolean>()
  const isAlike = (policy: Policy): boolean => {
    const known = alike.get(policy) ?? haveSameEffect(policy.options, registration.options)
    alike.set(policy, known)
    return known
  }
  return [
    ...methodFindings(routes),
    ...unansweredFindings(registration, routes, answersOptions),
    ...routes.filter(({ isOverridden, policy }) => isOverridden && isAlike(policy)).map(repeatsRegistration)
  ]
}

/** Routes with methods that their policy does not allow. Those that have the registration's methods share one fix. */
function methodFindings (routes: readonly AuditedRoute[]): Found[] {
  const refusing = routes.filter(({ policy, refusedMethods }) => !leavesPreflightsAlone(policy) && refusedMethods.length > 0)
  const shared = refusing.filter(route => !route.takesEveryMethod && route.placeOf('methods') === 'registration').flatMap(({ refusedMethods }) => refusedMethods)
  return refusing.map(route => route.takesEveryMethod ? everyMethodFinding(route) : methodFinding(route, shared))
}

function methodFinding (route: AuditedRoute, shared: readonly string[]): Found {
  const { policy, refusedMethods } = route
  const where = route.placeOf('methods')
  return {
    code: 'method-not-allowed',
    route: route.record.name,
    message: `A page of another origin can't use ${refusedMethods.join(', ')} here: the policy allows ${allowedBy(policy)}`,
    record: route.record,
    fixes: () => [
      ...where === 'route' ? [] : [{ where, text: withMethods(policy, shared) }],
      { where: 'route', text: withMethods(policy, refusedMethods) }
    ],
    otherwise: 'List what pages use in methods, alike for all routes of this URL',
    where
  }
}

/** An empty list refuses what a preflight asks for. */
function allowedBy ({ preflights: { allowMethods } }: Policy): string {
  return allowMethods === '' ? 'no method that needs a preflight' : String(allowMethods)
}

function withMethods ({ preflights: { methods } }: Policy, more: readonly string[]): string {
  return `methods: ${listSource([...new Set([methods ?? '*', more].flat())])}`
}

/** Which of its methods pages use, nobody can know. */
function everyMethodFinding (route: AuditedRoute): Found {
  return {
    code: 'every-method',
    route: route.record.url,
    message: `It takes every method, as proxies do, and the policy allows pages of other origins ${allowedBy(route.policy)} alone. ` +
      'Nothing has to be changed, unless pages use PUT, PATCH, DELETE or others: then list them in methods',
    where: route.placeOf('methods')
  }
}

/** Preflights that are left to an application without an OPTIONS route. */
function unansweredFindings ({ policy }: Registration, routes: readonly AuditedRoute[], answersOptions: Surroundings['answersOptions']): Found[] {
  const left = routes.filter(({ policy: { enabled, preflights: { answeredBy } } }) => enabled && answeredBy !== 'plugin')
  const unanswered = left.filter(({ record, unsafeMethods }) => unsafeMethods.length > 0 && !answersOptions(record))
  // Where the application answers other preflights, it is to go on.
  const isAnswering = left.some(({ record }) => answersOptions(record))
  const shared = unanswered.filter(route => route.placeOf('methods') === 'registration').flatMap(({ refusedMethods }) => refusedMethods)
  return unanswered.map(route => unansweredFinding(route, isAnswering ? null : withMethods(policy, shared)))
}

/** @param ofAll - the methods that the registration has to allow; `null` where it is not the place for a fix */
function unansweredFinding (route: AuditedRoute, ofAll: string | null): Found {
  const [option, given, fix] = route.policy.preflights.answeredBy === 'application'
    ? ['preflight', 'preflight: false', 'preflight: true'] as const
    : ['preflightContinue', 'preflightContinue: true', 'preflightContinue: false'] as const
  const where = route.placeOf(option)
  // Where the plugin answers, the methods count.
  const fixesAt = (where: FoundFix['where'], methods: string): FoundFix[] => [fix, `${fix}, ${methods}`].map(text => ({ where, text }))
  return {
    code: 'preflight-unanswered',
    route: route.record.name,
    message: `A page of another origin can't use ${route.unsafeMethods.join(', ')} here, unless a hook or a middleware answers its preflights: ` +
      `${given} leaves them to an OPTIONS route of the application, and there is none for this URL. Declare one, or write ${fix}`,
    record: route.record,
    fixes: () => [
      ...where === 'route' || ofAll === null ? [] : fixesAt(where, ofAll),
      ...fixesAt('route', withMethods(route.policy, route.refusedMethods)),
      // The registration may say all that is left.
      ...route.hasNothingBut(option) ? [{ where: 'route', text: 'leave it out' } as const] : []
    ],
    where
  }
}

function repeatsRegistration ({ record }: AuditedRoute): Found {
  return {
    code: 'override-without-effect',
    route: record.name,
    message: 'Its config.cors repeats what the registration says',
    record,
    fixes: () => [{ where: 'route', text: 'leave it out' }],
    otherwise: 'Leave config.cors out, or say in it what differs',
    where: 'route'
  }
}

/** True for options that come to the same, however they are written. */
function haveSameEffect (some: CorsOptions, others: CorsOptions): boolean {
  const sameFunctions = some.origin === others.origin || (typeof some.origin !== 'function' && typeof others.origin !== 'function')
  return sameFunctions && contentOf(some) === contentOf(others)
}

/** Each fix is tried with all routes, and origins may be many. */
const contents = new WeakMap<CorsOptions, string>()

function contentOf (options: CorsOptions): string {
  const known = contents.get(options)
  if (known !== undefined) return known
  const { origin, ...others } = describeOptions(options)
  const content = JSON.stringify([[origin].flat(), others, options.dangerouslyAllow ?? []])
  contents.set(options, content)
  return content
}

function outsideFindings ({ registration, overrideOf }: Audited, record: RouteRecord): Found[] {
  const override = overrideOf(record)
  const hasEffect = registration.policyOutsideUrls(override, record.name).enforce !== registration.policy.enforce
  if (override === undefined || override === false || hasEffect || !isKnownPath(record.url)) return []
  return [{
    code: 'override-without-effect',
    route: record.name,
    message: 'Its path is outside urls, so that CORS is off, whatever its config.cors says. Let urls match the path, or leave config.cors out',
    where: 'route'
  }]
}

/** Fastify takes any option of a route, and hands on to plugins what is in `config`. */
function misplacedFindings ({ name, options }: RouteRecord): Found[] {
  if (!('cors' in options) || options.cors === undefined) return []
  return [{
    code: 'override-misplaced',
    route: name,
    message: 'Its cors stands beside its config, where it is not read. Write config: { cors: … } in its place',
    where: 'route'
  }]
}

function unseenFinding (route: string): Found {
  return {
    code: 'override-unseen',
    route,
    message: 'It was declared before fastify-cors-policy had loaded, so that its config.cors was not known to its preflights. ' +
      'Import fastify-cors-policy before Fastify is called, or write "await app.register(corsPlugin, options)" before the route',
    where: 'registration'
  }
}

/** A finding about one option of a policy. */
interface PolicyFinding extends Found {
  readonly option: keyof RouteCorsOptions
}

/** Findings about a route's policy, without those that are merely inherited: they are the registration's own. */
function ownPolicyFindings (route: AuditedRoute, ofRegistration: readonly PolicyFinding[]): Found[] {
  return policyFindings(route.policy, route.record)
    .filter(({ code, option }) => route.placeOf(option) === 'route' || ofRegistration.every(finding => finding.code !== code))
    .map(({ option, ...finding }) => finding)
}

/** @param record - the route that has the policy; none for the registration */
function policyFindings (policy: Policy, record?: RouteRecord): PolicyFinding[] {
  const { options: { maxAge = 0 }, preflights: { wildcardExceptAuthorization } } = policy
  if (leavesPreflightsAlone(policy)) return []
  const findings: PolicyFinding[] = []
  const where = record === undefined ? 'registration' : 'route'
  const place = { route: record?.name ?? null, where, ...record === undefined ? {} : { record } } as const
  if (wildcardExceptAuthorization) {
    findings.push({
      ...place,
      code: 'authorization-not-covered',
      option: 'allowedHeaders',
      message: 'The "*" in allowedHeaders covers every header but Authorization (Fetch, "CORS-preflight fetch")',
      fixes: () => [{ where, text: "allowedHeaders: ['*', 'Authorization']" }],
      otherwise: record === undefined
        ? "Write allowedHeaders: ['*', 'Authorization'] here, and in each config.cors that has allowedHeaders"
        : "Write allowedHeaders: ['*', 'Authorization'], alike for all routes of this URL"
    })
  }
  if (maxAge > SHORTEST_CAP) {
    findings.push({
      ...place,
      code: 'max-age-capped',
      option: 'maxAge',
      message: `maxAge is ${maxAge} seconds, of which WebKit honours 600, Chromium 7,200 and Firefox 86,400. Nothing has to be changed`
    })
  }
  return findings
}
