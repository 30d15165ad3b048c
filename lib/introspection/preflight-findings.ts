import type { RouteCorsOptions } from '../options/schema.js'
import type { Policy } from '../policy/policy.js'
import { leavesPreflightsAlone } from '../scope/preflight-target.js'
import type { Registration } from '../scope/registration.js'
import type { RouteRecord } from '../scope/route-table.js'
import { listSource } from '../text.js'
import type { AuditedRoute } from './audit.js'
import { type Found, type FoundFix, LEAVE_OUT } from './finding.js'

/** Routes with methods that their policy does not allow. Those that have the registration's methods share one fix. */
export function methodFindings (routes: readonly AuditedRoute[]): Found[] {
  const refusing = routes.filter(({ policy, refusedMethods }) => !leavesPreflightsAlone(policy) && refusedMethods.length > 0)
  const shared = refusing.filter(route => !route.takesEveryMethod && route.whereOf('methods') === 'registration').flatMap(({ refusedMethods }) => refusedMethods)
  return refusing.map(route => route.takesEveryMethod ? everyMethodFinding(route) : methodFinding(route, shared))
}

function methodFinding (route: AuditedRoute, shared: readonly string[]): Found {
  const { policy, refusedMethods } = route
  const where = route.whereOf('methods')
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

/** Nobody can know which of its methods pages use. */
function everyMethodFinding (route: AuditedRoute): Found {
  return {
    code: 'every-method',
    route: route.record.url,
    message: `It takes every method, as proxies do, and the policy allows pages of other origins ${allowedBy(route.policy)} alone. ` +
      'Nothing has to be changed, unless pages use PUT, PATCH, DELETE or others: then list them in methods',
    where: route.whereOf('methods')
  }
}

/** Preflights that are left to an application without an OPTIONS route. */
export function unansweredFindings ({ policy }: Registration, routes: readonly AuditedRoute[], answersOptions: (record: RouteRecord) => boolean): Found[] {
  const left = routes.filter(({ policy: { enabled, preflights: { answeredBy } } }) => enabled && answeredBy !== 'plugin')
  const unanswered = left.filter(({ record, unsafeMethods }) => unsafeMethods.length > 0 && !answersOptions(record))
  // Where the application answers other preflights, it is to go on.
  const isAnswering = left.some(({ record }) => answersOptions(record))
  const shared = unanswered.filter(route => route.whereOf('methods') === 'registration').flatMap(({ refusedMethods }) => refusedMethods)
  return unanswered.map(route => unansweredFinding(route, isAnswering ? null : withMethods(policy, shared)))
}

/** @param ofAll - the methods that the registration has to allow; `null` where it is not the place for a fix */
function unansweredFinding (route: AuditedRoute, ofAll: string | null): Found {
  const [option, given, fix] = route.policy.preflights.answeredBy === 'application'
    ? ['preflight', 'preflight: false', 'preflight: true'] as const
    : ['preflightContinue', 'preflightContinue: true', 'preflightContinue: false'] as const
  const where = route.whereOf(option)
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
      ...route.hasNothingBut(option) ? [{ where: 'route', text: LEAVE_OUT } as const] : []
    ],
    where
  }
}

/** Longest that every browser remembers a preflight (WebKit), in seconds. */
const SHORTEST_CAP = 600

/** A finding about one option of a policy. */
interface PolicyFinding extends Found {
  readonly option: keyof RouteCorsOptions
}

/** Findings about a route's policy, without those that are merely inherited: they are the registration's own. */
export function ownPolicyFindings (route: AuditedRoute, ofRegistration: readonly PolicyFinding[]): Found[] {
  return policyFindings(route.policy, route.record)
    .filter(({ code, option }) => route.whereOf(option) === 'route' || ofRegistration.every(finding => finding.code !== code))
    .map(({ option, ...finding }) => finding)
}

/** @param record - the route that has the policy; none for the registration */
export function policyFindings (policy: Policy, record?: RouteRecord): PolicyFinding[] {
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
