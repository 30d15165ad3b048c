import { isSafelistedMethod } from '../http/methods.js'
import { listSource } from '../text.js'
import type { CorsExchange, CorsNote, CorsVerdict } from '../browser/index.js'
import type { PolicyDescription } from './description.js'

/** The route that a verdict is about. */
export interface ExplainedRoute {
  /** `false` where CORS is off. */
  readonly policy: PolicyDescription | false
  /** Where an option of the policy is written. */
  readonly placeOf: (option: 'preflight' | 'preflightContinue') => 'registration' | 'route'
}

/** A verdict with the cause that only the application can tell, in place of what its answers alone suggest. */
export function withCause (verdict: CorsVerdict, last: CorsExchange, { policy, placeOf }: ExplainedRoute): CorsVerdict {
  if (policy === false) return { ...verdict, fix: SWITCHED_ON }
  const { kind, response: { status } } = last
  if (kind !== 'preflight') return verdict
  if (isLeftAlone(policy, verdict)) return leftAlone(verdict, last, policy, placeOf)
  return policy.preflight && !policy.preflightContinue && !isOfPlugin(policy, verdict, status) ? answeredBefore(verdict, status) : verdict
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
  verdict: CorsVerdict, { request, response: { status } }: CorsExchange, { preflight, methods }: PolicyDescription, placeOf: ExplainedRoute['placeOf']
): CorsVerdict {
  const [given, option, wanted] = preflight
    ? ['preflightContinue: true', 'preflightContinue', 'preflightContinue: false'] as const
    : ['preflight: false', 'preflight', 'preflight: true'] as const
  const method = String(request.headers['access-control-request-method'])
  const isListed = methods === '*' || methods.includes(method) || isSafelistedMethod(method)
  const more = isListed ? '' : `, methods: ${listSource([...methods, method])}`
  return beginningWith(verdict, {
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
function answeredBefore (verdict: CorsVerdict, status: number): CorsVerdict {
  return beginningWith(verdict, {
    code: status === 429 ? 'rate-limited' : 'authentication-first',
    message: `A hook answered the preflight with ${status} before fastify-cors-policy could: browsers never send cookies or tokens with a preflight.`,
    fix: 'Register fastify-cors-policy before what answers preflights (authentication, a rate limit), with the hook onRequest.',
    where: 'server'
  })
}

/** A verdict with another likeliest cause. */
function beginningWith (verdict: CorsVerdict, note: CorsNote & { fix: string }): CorsVerdict {
  const [cause, ...others] = verdict.notes
  const explanation = `${note.message} ${verdict.explanation.slice(cause?.message.length).trim()}`
  return { ...verdict, explanation, fix: note.fix, notes: [note, ...others] }
}
