import { type Explained, explanationOf, fixOf } from '../browser/explain.js'
import type { CorsExchange, CorsNote, CorsPage, CorsVerdict } from '../browser/index.js'
import type { CorsOptions, RouteCorsOptions } from '../options/schema.js'
import type { PolicyDescription } from './description.js'
import { missingBeside, type MissingOptions, optionsSource, sufficientOptions } from './option-fix.js'

/** The route that a verdict is about. */
export interface ExplainedRoute {
  /** `false` where CORS is off. */
  readonly policy: PolicyDescription | false
  /** The options of the policy, as they were checked. */
  readonly options: CorsOptions
  /** Judges other options in their place. */
  readonly isSound: (options: CorsOptions) => boolean
  /** Where an option of the policy is written. */
  readonly placeOf: (option: keyof RouteCorsOptions) => 'registration' | 'route'
}

/** A refusal, with the parts that its texts are made of. */
interface Refusal {
  readonly verdict: CorsVerdict
  readonly explained: Explained
}

/** A verdict with the cause that only the application can tell, in place of what its answers alone suggest. */
export function withCause (refusal: Refusal, page: CorsPage, last: CorsExchange, route: ExplainedRoute): CorsVerdict {
  const { verdict } = refusal
  const { policy } = route
  if (policy === false) return { ...verdict, fix: SWITCHED_ON }
  const { kind, response: { status } } = last
  if (kind === 'preflight') {
    if (isLeftAlone(policy, verdict)) return leftAlone(refusal, page, last, route, policy.preflight)
    if (policy.preflight && !policy.preflightContinue && !isOfPlugin(policy, verdict, status)) return answeredBefore(refusal, status)
  }
  return withOptions(refusal, page, last, route)
}

/** Failures that options of the plugin decide. */
const ofOptions = /AllowOrigin|WildcardOrigin|AllowCredentials|DisallowedByPreflight/

/** A verdict whose line of options keeps what the policy grants, and is sound beside its other options. */
function withOptions ({ verdict, explained }: Refusal, page: CorsPage, last: CorsExchange, { options, isSound, placeOf }: ExplainedRoute): CorsVerdict {
  const { advice } = explained
  // A delegator chooses the options: which, is not known here.
  if (advice === null || !ofOptions.test(String(verdict.reason)) || options.delegator !== undefined) return verdict
  const isStranger = /AllowOrigin|WildcardOrigin/.test(String(verdict.reason))
  const found = sufficientOptions(page, last, isStranger, options, isSound)
  if (found === null) return verdict
  const isOfRoute = namesOf(found).some(name => placeOf(name) === 'route')
  const notes = verdict.notes.map(note => note.code === 'origin-refused' ? { ...note, where: isOfRoute ? 'route' as const : 'registration' as const } : note)
  return { ...verdict, notes, fix: fixOf({ ...explained, advice: { ...advice, options: optionsSource(found), isOfRoute } }, notes) }
}

function namesOf (options: MissingOptions): (keyof MissingOptions)[] {
  return (['origin', 'methods', 'allowedHeaders', 'credentials'] as const).filter(name => options[name] !== undefined)
}

/** The fix where CORS is off: another origin in the options would change nothing. */
const SWITCHED_ON = 'No policy applies to this route: leave cors: false out of its config and origin: false out of the options, ' +
  'and see that the plugin is registered in a context that has the route, with urls that match it.'

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
function isLeftAlone ({ preflight, preflightContinue }: PolicyDescription, { reason, notes: [cause] }: CorsVerdict): boolean {
  const isNamed = cause !== undefined && cause.code !== 'preflight-not-handled'
  return !isNamed && (!preflight || (preflightContinue && reason === 'PreflightInvalidStatus'))
}

function leftAlone (
  refusal: Refusal, page: CorsPage, last: CorsExchange, { options, placeOf }: ExplainedRoute, preflight: boolean
): CorsVerdict {
  const { request, response: { status } } = last
  const [given, option, wanted] = preflight
    ? ['preflightContinue: true', 'preflightContinue', 'preflightContinue: false'] as const
    : ['preflight: false', 'preflight', 'preflight: true'] as const
  const missing = optionsSource(missingBeside(page, last, options))
  const more = missing === '' ? '' : `, ${missing}`
  return beginningWith(refusal, {
    code: 'preflight-not-handled',
    message: `${given} leaves the preflight to the application, which answered it with ${status}.`,
    fix: `Let the plugin answer it, ${wanted}${more}, or answer it from an OPTIONS route of ${new URL(request.url).pathname}.`,
    where: placeOf(option)
  })
}

/** The plugin itself answers preflights with the success status or with 403, and failures of its functions are errors of the server. */
function isOfPlugin ({ optionsSuccessStatus }: PolicyDescription, { reason }: CorsVerdict, status: number): boolean {
  return status === optionsSuccessStatus || status >= 500 || (status === 403 && reason !== 'PreflightInvalidStatus')
}

/** No option helps where a hook comes first. */
function answeredBefore (refusal: Refusal, status: number): CorsVerdict {
  return beginningWith(refusal, {
    code: status === 429 ? 'rate-limited' : 'authentication-first',
    message: `A hook answered the preflight with ${status} before fastify-cors-policy could: browsers never send cookies or tokens with a preflight.`,
    fix: 'Register fastify-cors-policy before what answers preflights (authentication, a rate limit), with the hook onRequest.',
    where: 'server'
  })
}

/** A verdict with another likeliest cause. */
function beginningWith ({ verdict, explained }: Refusal, note: CorsNote & { fix: string }): CorsVerdict {
  const notes = [note, ...verdict.notes.slice(1)]
  return { ...verdict, explanation: explanationOf(explained, notes), fix: note.fix, notes }
}
