import { isSafelistedMethod } from '../policy/method.js'
import type { Policy } from '../policy/policy.js'
import type { Registration } from '../scope/registration.js'
import { nameOf, type RouteRecord } from '../scope/route-table.js'

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
  | 'override-unseen'
  | 'policies-differ'
  | 'constraints-leave-open'
  | 'authorization-not-covered'
  | 'max-age-capped'

/** Longest that every browser remembers a preflight (WebKit), in seconds. */
const SHORTEST_CAP = 600

/** A route of a registration, with its policy. */
interface Covered {
  readonly record: RouteRecord
  readonly policy: Policy
}

/**
 * Looks for what in the routes of a registration will not work from a browser.
 *
 * @param unseen - the routes whose override was seen only after boot
 */
export function audit (registration: Registration, records: readonly RouteRecord[], unseen: Iterable<string>): CorsFinding[] {
  const covered = records.map(record => ({ record, policy: registration.policyOf(record.options.config?.cors, nameOf(record)) }))
  const policies = new Set([registration.policy, ...covered.map(({ policy }) => policy)])
  return [
    ...covered.flatMap(methodFindings),
    ...covered.flatMap(route => overrideFindings(route, registration)),
    ...[...unseen].map(unseenFinding),
    ...urlFindings(covered),
    ...constraintFindings(covered),
    ...[...policies].flatMap(policy => policyFindings(policy, policy === registration.policy ? null : nameOfFirst(policy, covered)))
  ]
}

function methodFindings ({ record, policy }: Covered): CorsFinding[] {
  const { enabled, preflights: { methods, answeredBy } } = policy
  if (!enabled || methods === null || answeredBy === 'application') return []
  const refused = record.methods.filter(method => !methods.has(method) && !isSafelistedMethod(method) && !NOT_OF_PAGES.has(method))
  if (refused.length === 0) return []
  const listed = [...methods, ...refused].map(method => `'${method}'`).join(', ')
  return [{
    code: 'method-not-allowed',
    route: nameOf(record),
    message: `A page of another origin can't use ${refused.join(', ')} here: the policy allows ${[...methods].join(', ') || 'no method but GET, HEAD and POST'}`,
    fix: `methods: [${listed}]`
  }]
}

/** Methods that no page can use, or that are not meant for pages. */
const NOT_OF_PAGES = new Set(['OPTIONS', 'TRACE', 'CONNECT'])

function overrideFindings ({ record, policy }: Covered, registration: Registration): CorsFinding[] {
  const override = record.options.config?.cors
  if (typeof override !== 'object' || policy !== registration.policy) return []
  return [{
    code: 'override-without-effect',
    route: nameOf(record),
    message: 'Its config.cors says what the registration says already',
    fix: 'Leave config.cors out'
  }]
}

function unseenFinding (route: string): CorsFinding {
  return {
    code: 'override-unseen',
    route,
    message: 'It was declared before fastify-cors-policy had loaded, so that its config.cors was not known to its preflights',
    fix: 'Import fastify-cors-policy before Fastify is called, or write "await app.register(corsPlugin, options)" before the route'
  }
}

function urlFindings (covered: readonly Covered[]): CorsFinding[] {
  return differing(covered, ({ record }) => record.url).map(url => ({
    code: 'policies-differ',
    route: url,
    message: 'Its routes do not all have one policy, so that browsers are told to remember no preflight for it',
    fix: 'Give all routes of the URL the same config.cors, or accept a preflight before each request'
  }))
}

function constraintFindings (covered: readonly Covered[]): CorsFinding[] {
  const ofMethods = covered.flatMap(({ record, policy }) => record.methods.map(method => ({ record, policy, method })))
  return differing(ofMethods, ({ record, method }) => `${method} ${record.url}`).map(route => ({
    code: 'constraints-leave-open',
    route,
    message: 'Several routes that only constraints tell apart have different policies, and a preflight may not carry what tells them apart',
    fix: 'Give these routes the same config.cors'
  }))
}

/** The groups that have more than one policy. */
function differing<T extends Covered> (covered: readonly T[], groupOf: (route: T) => string): string[] {
  const groups = new Map<string, Set<Policy>>()
  for (const route of covered) {
    const group = groupOf(route)
    groups.set(group, (groups.get(group) ?? new Set()).add(route.policy))
  }
  return [...groups].filter(([, policies]) => policies.size > 1).map(([group]) => group)
}

function policyFindings ({ enabled, options, preflights }: Policy, route: string | null): CorsFinding[] {
  const findings: CorsFinding[] = []
  if (!enabled) return findings
  if (preflights.wildcardExceptAuthorization) {
    findings.push({
      code: 'authorization-not-covered',
      route,
      message: 'The "*" in allowedHeaders covers every header but Authorization (Fetch, "CORS-preflight fetch")',
      fix: "allowedHeaders: ['*', 'Authorization']"
    })
  }
  if (options.maxAge !== undefined && options.maxAge > SHORTEST_CAP) {
    findings.push({
      code: 'max-age-capped',
      route,
      message: `maxAge is ${options.maxAge} seconds, of which WebKit honours 600, Chromium 7,200 and Firefox 86,400`,
      fix: `Nothing has to be changed; maxAge: ${SHORTEST_CAP} is what every browser honours`
    })
  }
  return findings
}

function nameOfFirst (policy: Policy, covered: readonly Covered[]): string | null {
  const first = covered.find(route => route.policy === policy)
  return first === undefined ? null : nameOf(first.record)
}
