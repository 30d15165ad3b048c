import { describeOptions } from './description.js'
import type { CorsOptions } from '../options/schema.js'
import { isSafelistedMethod } from '../method.js'
import type { Policy } from '../policy/policy.js'
import type { Registration } from '../scope/registration.js'
import type { RouteRecord } from '../scope/route-table.js'
import { leavesPreflightsAlone } from '../scope/targets.js'

/** What a route, or a whole registration, does not do that its author may think it does. */
export interface CorsFinding {
  readonly code: CorsFindingCode
  /** The route, such as `PUT /x`; a URL where its routes are meant together; `null` where all of the context is. */
  readonly route: string | null
  readonly message: string
  /** What to write instead. */
  readonly fix: string
}

export type CorsFindingCode =
  | 'method-not-allowed'
  | 'override-without-effect'
  | 'override-misplaced'
  | 'override-unseen'
  | 'policies-differ'
  | 'constraints-leave-open'
  | 'authorization-not-covered'
  | 'max-age-capped'

/** Longest that every browser remembers a preflight (WebKit), in seconds. */
const SHORTEST_CAP = 600

/** Methods that no page can use, or that are not meant for pages. */
const NOT_OF_PAGES = new Set(['OPTIONS', 'TRACE', 'CONNECT'])

/**
 * Looks for what in the routes of a registration, each taken by itself, will not work from a browser.
 *
 * @param records - the routes that it covers
 * @param unseen - those whose override was seen only after boot
 */
export function routeFindings (registration: Registration, records: readonly RouteRecord[], unseen: Iterable<string>): CorsFinding[] {
  const ofRegistration = policyFindings(registration.policy, null)
  const alike = new Map<Policy, boolean>()
  const isAlike = (policy: Policy): boolean => {
    const known = alike.get(policy) ?? haveSameEffect(policy.options, registration.options)
    alike.set(policy, known)
    return known
  }
  const ofRoute = (record: RouteRecord): CorsFinding[] => {
    const { url, options: { config } } = record
    if (!registration.covers(url)) return outsideFindings(registration, record)
    const policy = registration.policyOf(config?.cors, record.name)
    // What a delegator chooses for a request may be anything else.
    const settled = registration.delegates ? [] : [...methodFindings(record, policy), ...overrideFindings(record, policy, isAlike)]
    // What an override merely inherits is the registration's own finding.
    const own = policyFindings(policy, record.name).filter(({ message }) => ofRegistration.every(finding => finding.message !== message))
    return [...settled, ...own]
  }
  return [...records.flatMap(ofRoute), ...records.flatMap(misplacedFindings), ...[...unseen].map(unseenFinding), ...ofRegistration]
}

function methodFindings (record: RouteRecord, policy: Policy): CorsFinding[] {
  const { preflights: { methods } } = policy
  if (methods === null || leavesPreflightsAlone(policy)) return []
  const refused = record.methods.filter(method => !methods.includes(method) && !isSafelistedMethod(method) && !NOT_OF_PAGES.has(method))
  if (refused.length === 0) return []
  return [{
    code: 'method-not-allowed',
    route: record.name,
    message: `A page of another origin can't use ${refused.join(', ')} here: the policy allows ${methods.join(', ')}`,
    fix: `methods: [${[...methods, ...refused].map(method => `'${method}'`).join(', ')}]`
  }]
}

function overrideFindings (record: RouteRecord, policy: Policy, isAlike: (policy: Policy) => boolean): CorsFinding[] {
  const override = record.options.config?.cors
  const changes = override === undefined || override === true || !isAlike(policy)
  return changes ? [] : [withoutEffect(record, 'Its config.cors says what the registration says already', 'Leave config.cors out')]
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
  return [withoutEffect(record, 'Its path is outside urls, so that CORS is off, whatever its config.cors says', 'Widen urls, or leave config.cors out')]
}

/** Fastify takes any option of a route, and hands on to plugins what is in `config`. */
function misplacedFindings (record: RouteRecord): CorsFinding[] {
  const { options } = record
  if (!('cors' in options) || options.cors === undefined) return []
  return [{
    code: 'override-misplaced',
    route: record.name,
    message: 'Its cors stands beside its config, where it is not read',
    fix: 'Write config: { cors: … } in its place'
  }]
}

function withoutEffect (record: RouteRecord, message: string, fix: string): CorsFinding {
  return { code: 'override-without-effect', route: record.name, message, fix }
}

function unseenFinding (route: string): CorsFinding {
  return {
    code: 'override-unseen',
    route,
    message: 'It was declared before fastify-cors-policy had loaded, so that its config.cors was not known to its preflights',
    fix: 'Import fastify-cors-policy before Fastify is called, or write "await app.register(corsPlugin, options)" before the route'
  }
}

function policyFindings (policy: Policy, route: string | null): CorsFinding[] {
  const { options: { maxAge = 0 }, preflights: { wildcardExceptAuthorization } } = policy
  const findings: CorsFinding[] = []
  if (leavesPreflightsAlone(policy)) return findings
  if (wildcardExceptAuthorization) {
    findings.push({
      code: 'authorization-not-covered',
      route,
      message: 'The "*" in allowedHeaders covers every header but Authorization (Fetch, "CORS-preflight fetch")',
      fix: "allowedHeaders: ['*', 'Authorization']"
    })
  }
  if (maxAge > SHORTEST_CAP) {
    findings.push({
      code: 'max-age-capped',
      route,
      message: `maxAge is ${maxAge} seconds, of which WebKit honours 600, Chromium 7,200 and Firefox 86,400`,
      fix: `Nothing has to be changed; maxAge: ${SHORTEST_CAP} is what every browser honours`
    })
  }
  return findings
}
