import type { FastifyBaseLogger } from 'fastify'
import { isSafelistedMethod } from '../http/methods.js'
import { tell } from '../notice.js'
import type { CorsOptions } from '../options/schema.js'
import type { Policy } from '../policy/policy.js'
import { EVERY_HEADER, NO_HEADER } from '../scope/announcement.js'
import { leavesPreflightsAlone } from '../scope/preflight-target.js'
import type { Registration } from '../scope/registration.js'
import type { RouteFinder } from '../scope/route-finder.js'
import { contextsAbove, type Routable, type RouteRecord } from '../scope/route-table.js'
import { describeOptions } from './description.js'

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
  | 'covers-no-route'

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
  const ofRegistration = [...coverageFindings(registration, records), ...policyFindings(registration.policy, null)]
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
    const settled = registration.delegate !== null ? [] : [...methodFindings(record, policy), ...overrideFindings(record, policy, isAlike)]
    // What an override merely inherits is the registration's own finding.
    const own = policyFindings(policy, record.name).filter(({ message }) => ofRegistration.every(finding => finding.message !== message))
    return [...settled, ...own]
  }
  return [...records.flatMap(ofRoute), ...records.flatMap(misplacedFindings), ...[...unseen].map(unseenFinding), ...ofRegistration]
}

/** A registration of the root covers the answers to unknown URLs, whatever routes there are. */
function coverageFindings ({ complete, instance }: Registration, records: readonly RouteRecord[]): CorsFinding[] {
  if (records.length > 0 || !complete || contextsAbove(instance).length === 1) return []
  return [{
    code: 'covers-no-route',
    route: null,
    message: 'It covers no route: it was registered in a context of its own, in which no route is declared',
    fix: 'Wrap the plugin that registers it in fastify-plugin, so that it covers the context around it too, or declare the routes in the same context'
  }]
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

/** What one kind of finding has in common, for the log. */
const TITLES: Readonly<Record<CorsFindingCode, string>> = {
  'method-not-allowed': 'Routes have methods that their CORS policy does not allow, so that no page of another origin can use them',
  'override-without-effect': 'Routes have a config.cors that changes nothing',
  'override-misplaced': 'Routes have cors beside their config, where it is not read',
  'override-unseen': 'Routes have a config.cors that could not be seen at boot, so that their preflights are answered without it',
  'policies-differ': 'URLs have routes with different CORS policies: browsers remember preflights by URL, so that Access-Control-Max-Age is 0 there',
  'constraints-leave-open': 'Routes that differ only in constraints have different CORS policies: a preflight is granted only what all of them grant',
  'authorization-not-covered': 'allowedHeaders: "*" does not cover the header Authorization',
  'covers-no-route': 'A registration of fastify-cors-policy covers no route, so that it does nothing',
  'max-age-capped': 'maxAge is above what some browsers honour: WebKit 600 seconds, Chromium 7,200, Firefox 86,400'
}

/** What is worth knowing, but wants no change. */
const INFORMATIVE: ReadonlySet<CorsFindingCode> = new Set(['max-age-capped'])

/** More of them would hide the line that they are in. */
const MOST_FIXES = 3

/** Logs findings, a line for each kind with the routes that it is about. */
export function logFindings (findings: readonly CorsFinding[], log: FastifyBaseLogger): void {
  for (const code of new Set(findings.map(finding => finding.code))) {
    const ofKind = findings.filter(finding => finding.code === code)
    const routes = ofKind.map(({ route }) => route ?? 'all that is registered here')
    const fixes = [...new Set(ofKind.map(({ fix }) => fix))].slice(0, MOST_FIXES)
    const line = `${TITLES[code]}${ofKind.every(({ route }) => route === null) ? '' : ` (${routes.join(', ')})`}. ${fixes.join('; or ')}.`
    tell(log, INFORMATIVE.has(code) ? 'info' : 'warn', { findings: ofKind }, line, false)
  }
}

/** The policy that preflights for a route at a URL are answered by; `null` where nobody but the application answers. */
type PolicyAt = (record: RouteRecord, url: string) => Policy | null

/**
 * Looks for routes that preflights can't tell apart, though their policies differ: browsers remember a preflight by its
 * URL (A5), and constraints may depend on what no preflight carries (S5).
 *
 * @param records - the routes to start from; those that share a URL with them may be anyone's
 * @param isWritten - leaves out the routes that nobody has written
 */
export function sharedUrlFindings (
  records: readonly RouteRecord[], finder: RouteFinder, policyAt: PolicyAt, isWritten: (record: RouteRecord) => boolean
): CorsFinding[] {
  const findings = new Map<string, CorsFinding>()
  const differ = (sharing: readonly RouteRecord[], url: string): boolean => new Set(sharing.map(record => policyAt(record, url))).size > 1
  for (const record of records) {
    const { url, methods } = record
    const request = requestOf(record)
    // A route whose parameter is a regular expression need not match its own text.
    const sharing = [...new Set([record, ...finder.methods.flatMap(method => finder.sharing(method, request))])].filter(isWritten)
    if (differ(sharing, url)) findings.set(url, policiesDiffer(url, sharing))
    for (const method of methods) {
      const isOpen = [NO_HEADER, EVERY_HEADER].some(announces => differ(finder.candidates(method, request, announces), url))
      if (isOpen) findings.set(`${method} ${url}`, constraintsLeaveOpen(method, url))
    }
  }
  return [...findings.values()]
}

/** A request for a route: its own text is a URL that its parameters and wildcards match. */
function requestOf ({ url, constraints: { host } }: RouteRecord): Routable {
  return { url, headers: typeof host === 'string' ? { host } : {} }
}

function policiesDiffer (url: string, sharing: readonly RouteRecord[]): CorsFinding {
  return {
    code: 'policies-differ',
    route: url,
    message: `Its routes do not all have one policy, so that browsers are told to remember no preflight for it: ${[...new Set(sharing.map(({ name }) => name))].join('; ')}`,
    fix: 'Give all routes of the URL the same config.cors, or accept a preflight before each request'
  }
}

function constraintsLeaveOpen (method: string, url: string): CorsFinding {
  return {
    code: 'constraints-leave-open',
    route: `${method} ${url}`,
    message: 'Several routes that only constraints tell apart have different policies, and a preflight does not carry what tells them apart',
    fix: 'Give these routes the same config.cors'
  }
}
