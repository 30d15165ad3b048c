import type { OutgoingHttpHeaders } from 'node:http'
import { assertUrl } from '../browser/page-request.js'
import { checkCors, type CorsExchange, type CorsPage, type CorsRequest, type CorsResponse, type CorsVerdict } from '../browser/index.js'
import { dryRun, isMarkOfUnrun } from '../request/dry-run.js'
import type { Application } from '../scope/application.js'
import { isPreflight } from '../http/preflight.js'
import { pathOf } from '../scope/routed-path.js'
import type { PolicyDescription } from './description.js'

/** The host of a URL that is given without one: no page can come from there. */
const NO_HOST = 'https://server.invalid'

/** The policy of the request that is made or announced: `false` where CORS is off, `null` where there is no route. */
type PolicyFor = (request: { method: string, url: string, headers: Record<string, string> }) => PolicyDescription | false | null

/**
 * What a browser would do with an application's answers. Preflights and requests are really sent through the
 * application, in process, up to where they have been decided. The only handlers that run are those of routes for
 * OPTIONS alone, for preflights that the plugin leaves to them.
 *
 * @throws what `checkCors` throws for a page that can't be, and an error where an answer leads to another server
 */
export async function explain (application: Application, page: CorsPage, policyFor: PolicyFor): Promise<CorsVerdict> {
  assertUrl(page.url)
  const url = new URL(page.url, NO_HOST)
  const unrun: string[] = []
  const verdict = await checkCors({ ...page, url: url.href }, async request => {
    const target = new URL(request.url)
    if (target.origin !== url.origin) throw new Error(`The answer leads to another server, ${target.origin}, which can't be asked in process`)
    const answer = await send(application, request, target)
    if (answer.isUnrun) unrun.push(request.url)
    return answer
  })
  const [end] = unrun
  if (end !== undefined) return undecided(verdict, end)
  const last = verdict.exchanges.at(-1)
  if (verdict.allowed || last === undefined) return verdict
  const policy = policyFor({ ...last.request, url: pathOf(last.request.url) })
  if (policy === false) return { ...verdict, fix: SWITCHED_ON }
  return policy !== null && isAnsweredBefore(policy, verdict, last) ? answeredBefore(verdict, last.response.status) : verdict
}

interface InProcessAnswer extends CorsResponse {
  /** The preflight arrived at a handler that was not run. */
  readonly isUnrun: boolean
}

async function send (application: Application, { method, headers }: CorsRequest, url: URL): Promise<InProcessAnswer> {
  const request = { method, url: url.pathname + url.search, headers: { host: url.host, ...headers } }
  // Nothing would keep a request that no registration sees from its handler, and nothing is granted there.
  if (!application.sees(request)) return await sendUnseen(application, request)
  const response = await dryRun(marks => application.root.inject({ ...request, headers: { ...request.headers, ...marks } }))
  const lines = [...pairs(response.headers)]
  return { status: response.statusCode, headers: lines.filter(line => !isMarkOfUnrun(line)), isUnrun: lines.some(isMarkOfUnrun) }
}

async function sendUnseen ({ root, preflightTargets }: Application, request: { method: string, url: string, headers: Record<string, string> }): Promise<InProcessAnswer> {
  const [reached] = isPreflight(request) ? preflightTargets.finder.candidates('OPTIONS', request) : []
  if (reached === undefined) return { status: 404, headers: [], isUnrun: false }
  if (reached.methods.length > 1) return { status: 204, headers: [], isUnrun: true }
  const response = await root.inject({ ...request, method: 'OPTIONS' })
  return { status: response.statusCode, headers: pairs(response.headers), isUnrun: false }
}

function * pairs (headers: OutgoingHttpHeaders): Generator<[string, string]> {
  for (const [name, value] of Object.entries(headers)) {
    for (const line of [value].flat()) yield [name, String(line)]
  }
}

/** The fix where CORS is off: another origin in the options would change nothing. */
const SWITCHED_ON = 'No policy applies to this route: leave cors: false out of its config and origin: false out of the options, ' +
  'and see that the plugin is registered in a context that has the route, with urls that match it.'

/** A verdict that ends at a preflight whose handler shares its route with other methods, and was not run. */
function undecided (verdict: CorsVerdict, url: string): CorsVerdict {
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

/** The plugin itself answers preflights with the success status or with 403, and failures of its functions are errors of the server. */
function isAnsweredBefore (
  { preflight, preflightContinue, optionsSuccessStatus }: PolicyDescription, { reason }: CorsVerdict, { kind, response: { status } }: CorsExchange
): boolean {
  const isPlugins = status === optionsSuccessStatus || status >= 500 || (status === 403 && reason !== 'PreflightInvalidStatus')
  return kind === 'preflight' && preflight && !preflightContinue && !isPlugins
}

/** No option helps where a hook comes first. */
function answeredBefore (verdict: CorsVerdict, status: number): CorsVerdict {
  const [cause, ...others] = verdict.notes
  const message = `A hook answered the preflight with ${status} before fastify-cors-policy could: browsers never send cookies or tokens with a preflight.`
  const fix = 'Register fastify-cors-policy before what answers preflights (authentication, a rate limit), with the hook onRequest.'
  return {
    ...verdict,
    explanation: `${message} ${verdict.explanation.slice(cause?.message.length).trim()}`,
    fix,
    notes: [{ code: status === 429 ? 'rate-limited' : 'authentication-first', message, fix, where: 'server' }, ...others]
  }
}
