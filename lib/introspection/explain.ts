import type { OutgoingHttpHeaders } from 'node:http'
import { assertUrl } from '../browser/page-request.js'
import { judged, type Judged } from '../browser/check-cors.js'
import type { CorsPage, CorsRequest, CorsResponse, CorsVerdict } from '../browser/index.js'
import { type ExplainedRoute, undecided, withCause } from './causes.js'
import { dryRun, OUTCOME, UNRUN } from '../request/dry-run.js'
import type { Application } from '../scope/application.js'
import { isPreflight } from '../http/preflight.js'
import { pathOf } from '../scope/routed-path.js'

/** The host of a URL that is given without one: no page can come from there. */
const NO_HOST = 'https://server.invalid'

/** The route of the request that is made or announced. */
type RouteFor = (request: { method: string, url: string, headers: Record<string, string> }) => ExplainedRoute

/**
 * Plays a browser against an application's answers. Preflights and requests are really sent through the application, in
 * process, until they are decided. The only handlers that run are those of routes for OPTIONS alone, for preflights that
 * the plugin leaves to them.
 *
 * @throws what `checkCors` throws for a page that can't be, and an error if an answer leads to another server
 */
export async function explain (application: Application, page: CorsPage, routeFor: RouteFor): Promise<Judged> {
  assertUrl(page.url)
  const url = new URL(page.url, NO_HOST)
  const found = await explainAt(url, application, page, routeFor)
  return url.origin === NO_HOST ? { ...found, verdict: withoutHost(found.verdict) } : found
}

/** A verdict that names paths as its reader did. */
function withoutHost ({ explanation, fix, notes, ...verdict }: CorsVerdict): CorsVerdict {
  const bare = (text: string): string => text.replaceAll(NO_HOST, '')
  const bareNotes = notes.map(note => ({ ...note, message: bare(note.message), fix: note.fix && bare(note.fix) }))
  return { ...verdict, explanation: bare(explanation), fix: bare(fix), notes: bareNotes }
}

async function explainAt (url: URL, application: Application, page: CorsPage, routeFor: RouteFor): Promise<Judged> {
  const outcomes: Array<readonly [url: string, outcome: string | null]> = []
  const found = await judged({ ...page, url: url.href }, async request => {
    const target = new URL(request.url)
    if (target.origin !== url.origin) throw new Error(`The answer leads to another server, ${target.origin}, which can't be asked in process`)
    const answer = await send(application, request, target)
    outcomes.push([request.url, answer.outcome])
    return answer
  })
  const { verdict, explained } = found
  const unrun = outcomes.find(([, outcome]) => outcome === UNRUN)
  if (unrun !== undefined) return { ...found, verdict: undecided(verdict, unrun[0]), explained: null }
  const last = verdict.exchanges.at(-1)
  const [, decision = null] = outcomes.at(-1) ?? []
  if (explained === null || last === undefined) return found
  const route = routeFor({ ...last.request, url: pathOf(last.request.url) })
  return { ...found, verdict: withCause({ verdict, explained }, page, { ...last, decision }, route) }
}

interface InProcessAnswer extends CorsResponse {
  /** The reason of the decision, or {@link UNRUN}; `null` where the answer went past the plugin. */
  readonly outcome: string | null
}

async function send (application: Application, { method, headers }: CorsRequest, url: URL): Promise<InProcessAnswer> {
  const request = { method, url: url.pathname + url.search, headers: { host: url.host, ...headers } }
  // Nothing would keep a request that no registration sees from its handler, and nothing is granted there.
  if (!application.sees(request)) return await sendUnseen(application, request)
  const response = await dryRun(marks => application.root.inject({ ...request, headers: { ...request.headers, ...marks } }))
  const { [OUTCOME]: outcome, ...seen } = response.headers
  return { status: response.statusCode, headers: pairs(seen), outcome: outcome === undefined ? null : String(outcome) }
}

async function sendUnseen ({ root, preflightTargets }: Application, request: { method: string, url: string, headers: Record<string, string> }): Promise<InProcessAnswer> {
  const [reached] = isPreflight(request) ? preflightTargets.finder.candidates('OPTIONS', request) : []
  if (reached === undefined) return { status: 404, headers: [], outcome: null }
  if (reached.methods.length > 1) return { status: 204, headers: [], outcome: UNRUN }
  const response = await root.inject({ ...request, method: 'OPTIONS' })
  return { status: response.statusCode, headers: pairs(response.headers), outcome: null }
}

function * pairs (headers: OutgoingHttpHeaders): Generator<[string, string]> {
  for (const [name, value] of Object.entries(headers)) {
    for (const line of [value].flat()) yield [name, String(line)]
  }
}
