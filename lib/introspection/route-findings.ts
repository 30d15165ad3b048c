import type { CorsOptions } from '../options/schema.js'
import type { Policy } from '../policy/policy.js'
import type { Registration } from '../scope/registration.js'
import type { RouteRecord } from '../scope/route-table.js'
import { type Audited, AuditedRoute } from './audit.js'
import { describeOptions } from './description.js'
import { type Found, LEAVE_OUT } from './finding.js'
import { methodFindings, ownPolicyFindings, policyFindings, unansweredFindings } from './preflight-findings.js'

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

function repeatsRegistration ({ record }: AuditedRoute): Found {
  return {
    code: 'override-without-effect',
    route: record.name,
    message: 'Its config.cors repeats what the registration says',
    record,
    fixes: () => [{ where: 'route', text: LEAVE_OUT }],
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
