import { type Explained, explanationOf, fixOf } from '../browser/explain.js'
import type { CorsExchange, CorsNote, CorsPage, CorsVerdict } from '../browser/index.js'
import type { CorsOptions, RouteCorsOptions } from '../options/schema.js'
import type { PolicyDescription } from './description.js'
import { missingBeside, type MissingOptions, optionsSource, sufficientOptions } from './option-fix.js'

/** The route that a verdict is about. */
export interface ExplainedRoute {
  /** No route has the URL: the policy is that of the 404 answer. */
  readonly isMissing: boolean
  /** `false` where CORS is off. */
  readonly policy: PolicyDescription | false
  /** The options of the policy, as they were checked. */
  readonly options: CorsOptions
  /** Judges other options in their place. */
  readonly isSound: (options: CorsOptions) => boolean
  /** Where an option of the policy is written. */
  readonly whereOf: (option: keyof RouteCorsOptions) => 'registration' | 'route'
}

/** A refusal, with the parts that its texts are made of. */
interface Refusal {
  readonly verdict: CorsVerdict
  readonly explained: Explained
}

/** The exchange that a verdict ends with. */
interface LastExchange extends CorsExchange {
  /** The reason of the plugin's decision; `null` where the answer went past it. */
  readonly decision: string | null
}

/** A verdict with the cause that only the application can tell, in place of what its answers alone suggest. */
export function withCause (refusal: Refusal, page: CorsPage, last: LastExchange, route: ExplainedRoute): CorsVerdict {
  const verdict = causeOf(refusal, page, last, route)
  if (!route.isMissing) return verdict
  const { request: { method, url, headers } } = last
  const missing = `There is no route ${headers['access-control-request-method'] ?? method} ${new URL(url).pathname}: the policy is that of its 404 answer.`
  return { ...verdict, explanation: `${verdict.explanation} ${missing}` }
}

function causeOf (refusal: Refusal, page: CorsPage, last: LastExchange, route: ExplainedRoute): CorsVerdict {
  const { verdict } = refusal
  const { policy } = route
  if (policy === false) return switchedOff(verdict, route)
  const { kind, decision, response: { status } } = last
  if (kind === 'preflight') {
    if (decision === 'cors-off' || (policy.preflightContinue && verdict.reason === 'PreflightInvalidStatus')) return leftAlone(refusal, page, last, route, policy)
    if (status < 500 && (decision === null || decision === 'answered-before')) return answeredBefore(refusal, status)
  }
  return withOptions(refusal, page, last, route)
}

/** Failures that options of the plugin decide. */
const ofOptions = /AllowOrigin|WildcardOrigin|AllowCredentials|DisallowedByPreflight/

/** A verdict whose line of options keeps what the policy grants, and is sound beside its other options. */
function withOptions (refusal: Refusal, page: CorsPage, last: LastExchange, { options, isSound, whereOf }: ExplainedRoute): CorsVerdict {
  const { verdict } = refusal
  if (!ofOptions.test(String(verdict.reason))) return verdict
  const isStranger = last.decision === 'origin-not-allowed'
  // Only the delegator knows which options it chooses.
  if (options.delegator !== undefined) return advising(refusal, 'let the delegator return options that allow this request', 'delegator')
  if (isStranger && typeof options.origin === 'function') {
    return advising(refusal, `let the function that is origin return true for '${page.origin}'`, whereOf('origin'))
  }
  const found = sufficientOptions(page, last, isStranger, options, isSound)
  if (found === null) return verdict
  if (namesOf(found).length === 0) return advising(refusal, 'register it before what answers this request', 'server')
  const isOfRoute = namesOf(found).some(name => whereOf(name) === 'route')
  return advising(refusal, optionsSource(found), isOfRoute ? 'route' : 'registration', isOfRoute)
}

/** A verdict with other advice for this plugin, and where it goes. */
function advising (
  { verdict, explained, explained: { advice } }: Refusal, options: string, where: CorsNote['where'], isOfRoute = false
): CorsVerdict {
  const notes = verdict.notes.map(note => note.code === 'origin-refused' ? { ...note, where } : note)
  const fix = advice === null || advice.options === null ? verdict.fix : fixOf({ ...explained, advice: { ...advice, options, isOfRoute } }, notes)
  return { ...verdict, notes, fix }
}

function namesOf (options: MissingOptions): (keyof MissingOptions)[] {
  return (['origin', 'methods', 'allowedHeaders', 'credentials'] as const).filter(name => options[name] !== undefined)
}

/** The fix where CORS is off: another origin in the options would change nothing. */
const SWITCHED_ON = 'No policy applies to this route: leave cors: false out of its config and origin: false out of the options, ' +
  'and see that the plugin is registered in a context that has the route, with urls that match it.'

function switchedOff (verdict: CorsVerdict, { whereOf }: ExplainedRoute): CorsVerdict {
  const [cause, ...others] = verdict.notes
  const notes = cause === undefined ? [] : [{ ...cause, fix: SWITCHED_ON, where: whereOf('origin') }, ...others]
  return { ...verdict, fix: SWITCHED_ON, notes }
}

/** A verdict that ends at a preflight whose handler shares its route with other methods, and was not run. */
export function undecided (verdict: CorsVerdict, url: string): CorsVerdict {
  const message = `The preflight of ${url} arrives at a handler that serves other methods too, and was not run: what it answers is not known.`
  const fix = 'Declare an OPTIONS route of its own for this URL, or let the plugin answer: preflight: true, preflightContinue: false.'
  const end = verdict.exchanges.findIndex(({ kind, request }) => kind === 'preflight' && request.url === url)
  return {
    ...verdict,
    allowed: false,
    reason: null,
    parameter: null,
    explanation: message,
    fix,
    notes: [{ code: 'handler-not-run', message, fix, where: 'route' }],
    remedy: null,
    preflight: 'failed',
    exchanges: verdict.exchanges.slice(0, end + 1),
    readableHeaders: [],
    maxAge: null,
    differs: []
  }
}

/** The application answers the preflight: all of it, or its status. Causes that have a name of their own are kept. */
function leftAlone (refusal: Refusal, page: CorsPage, last: LastExchange, { options, whereOf }: ExplainedRoute, { preflight }: PolicyDescription): CorsVerdict {
  const { verdict: { notes: [cause] } } = refusal
  const { decision, request, response: { status } } = last
  if (decision === 'cors-off' && preflight) return leftByDelegator(refusal, page, status)
  const [given, option, wanted] = decision === 'cors-off'
    ? ['preflight: false', 'preflight', 'preflight: true'] as const
    : ['preflightContinue: true', 'preflightContinue', 'preflightContinue: false'] as const
  const missing = optionsSource(missingBeside(page, last, options))
  const written = missing === '' ? wanted : `${wanted}, ${missing}`
  if (cause !== undefined && cause.code !== 'preflight-not-handled') return advising(refusal, written, whereOf(option))
  return beginningWith(refusal, {
    code: 'preflight-not-handled',
    message: `${given} leaves the preflight to the application, which answered it with ${status}.`,
    fix: `Let the plugin answer it, ${written}, or answer it from an OPTIONS route of ${new URL(request.url).pathname}.`,
    where: whereOf(option)
  })
}

/** The decision does not tell which of the two the delegator chose. */
function leftByDelegator (refusal: Refusal, { origin }: CorsPage, status: number): CorsVerdict {
  return beginningWith(refusal, {
    code: 'preflight-not-handled',
    message: `The delegator chose origin: false or preflight: false, which leaves the preflight to the application, which answered it with ${status}.`,
    fix: `Let the delegator return an origin that allows ${origin}, and no preflight: false.`,
    where: 'delegator'
  })
}

/** No option helps where a hook comes first. */
function answeredBefore (refusal: Refusal, status: number): CorsVerdict {
  const isOk = status >= 200 && status < 300
  const code = status === 429 ? 'rate-limited' : 'authentication-first'
  return beginningWith(refusal, {
    code: isOk ? 'preflight-not-handled' : code,
    message: `A hook or a middleware answered the preflight with ${status} before fastify-cors-policy could${isOk ? '' : ': browsers never send cookies or tokens with a preflight'}.`,
    fix: 'Register fastify-cors-policy before what answers preflights (authentication, a rate limit), with the hook onRequest.',
    where: 'server'
  })
}

/** A verdict with another likeliest cause. */
function beginningWith ({ verdict, explained }: Refusal, note: CorsNote & { fix: string }): CorsVerdict {
  const notes = [note, ...verdict.notes.slice(1)]
  return { ...verdict, explanation: explanationOf(explained, notes), fix: note.fix, notes }
}
