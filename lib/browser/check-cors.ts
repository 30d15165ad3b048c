import { corsCheck, lacksCredentialsForWebKit, onlyRepeatsCredentials } from './cors-check.js'
import { Departures, type Departure } from './departures.js'
import { type Explained, explain, explanationOf, fixOf } from './explain.js'
import { readableHeaders } from './safelist.js'
import { failure, isCorsReason, type Failure } from './reasons.js'
import { getLines, readHeaders, toHeaderList, type HeaderList } from './header-list.js'
import {
  createRequest, includesCredentials, isHttp, isSameOrigin, serializeRequestOrigin, withoutCredentials, type PageRequest
} from './page-request.js'
import { blockedUnsent } from './network.js'
import { notesOf } from './notes/index.js'
import type { Answer, Blocked, Outcome, Stage } from './outcome.js'
import { judgePreflight, noteUnasked, preflightCauses, preflightHeaders } from './preflight.js'
import { remedyFrom } from './remedy.js'
import { followRedirect, locationUrl, schemeFailure } from './redirect.js'
import type { CorsExchange, CorsPage, CorsSend, CorsVerdict } from './verdict.js'

interface Response {
  status: number
  headers: HeaderList
}

/** The record of one fetch. */
interface Course {
  readonly send: CorsSend
  readonly exchanges: CorsExchange[]
  readonly departures: Departures
  readonly preflightBecause: Set<string>
  preflight: CorsVerdict['preflight']
  maxAge: number | null
}

/**
 * Plays the browser: sends the requests of a page's `fetch()`, in their order, and judges the answers by the Fetch Standard.
 * It covers the CORS protocol, redirects, mixed content and blocked ports. It leaves out content security policies, service
 * workers, the HTTP cache and the preflight cache: nothing is remembered between calls.
 *
 * @param page - the page, and the request that its script makes
 * @param send - performs one exchange and follows no redirect; its rejections are passed on
 * @throws TypeError if `fetch()` refuses its arguments, or the origin is not a serialised one
 */
export async function checkCors (page: CorsPage, send: CorsSend): Promise<CorsVerdict> {
  return (await judged(page, send)).verdict
}

/** A verdict, with the parts that its texts are joined from, and the departures of the engines that its `differs` names. */
export interface Judged {
  verdict: CorsVerdict
  /** `null` if allowed. */
  explained: Explained | null
  departures: ReadonlySet<Departure>
}

/** {@link checkCors}, for who writes the verdict in another form. */
export async function judged (page: CorsPage, send: CorsSend): Promise<Judged> {
  const request = createRequest(page)
  const course: Course = {
    send,
    exchanges: [],
    departures: new Departures(),
    preflightBecause: new Set(),
    preflight: 'not-needed',
    maxAge: null
  }
  const result = await mainFetch(request, course)
  const blocked = 'failure' in result ? result : null
  const readable = 'failure' in result ? [] : readableHeaders(request, result.headers)
  const outcome: Outcome = { request, blocked, readable, answers: course.exchanges.map(asAnswer) }
  const notes = await notesOf(outcome)
  const explained = blocked === null ? null : explain(blocked, notes)
  const departing = course.departures.from(blocked === null)
  const verdict: CorsVerdict = {
    allowed: blocked === null,
    ...(blocked === null ? nothingToName : nameOf(blocked.failure)),
    explanation: explained === null ? '' : explanationOf(explained, notes),
    fix: explained === null ? '' : fixOf(explained, notes),
    notes,
    remedy: remedyFrom(outcome, notes),
    preflight: course.preflight,
    preflightBecause: [...course.preflightBecause],
    exchanges: course.exchanges,
    readableHeaders: [...readable],
    maxAge: course.maxAge,
    differs: [...departing.keys()]
  }
  return { verdict, explained, departures: new Set(departing.values()) }
}

function asAnswer ({ kind, request, response: { status, headers } }: CorsExchange): Answer {
  return { kind, request, status, headers: toHeaderList(headers) }
}

type Named = Pick<CorsVerdict, 'reason' | 'parameter'>

const nothingToName: Named = { reason: null, parameter: null }

function nameOf ({ name, parameter }: Failure): Named {
  return isCorsReason(name) ? { reason: name, parameter } : nothingToName
}

/**
 * Main fetch, steps 7 and 12, with HTTP fetch in it: once, and again after every redirect.
 *
 * @see https://fetch.spec.whatwg.org/#main-fetch
 */
async function mainFetch (request: PageRequest, course: Course): Promise<Response | Blocked> {
  for (;;) {
    // 7. If should request be blocked due to a bad port, or fetching request as mixed content: a network error.
    const unsent = blockedUnsent(request, course.departures)
    if (unsent !== null) return blocked(request, 'request', unsent)
    // - request's current URL's scheme is "data": return the result of scheme fetch.
    // - request's current URL's scheme is not an HTTP(S) scheme: return a network error. (A blob URL, even one of the
    //   page's own origin, can't be looked up from here.)
    const { protocol } = request.url
    if (protocol === 'data:' && request.url.pathname.includes(',')) return { status: 200, headers: [['content-type', '']] }
    if (!isHttp(request.url)) return blocked(request, 'request', schemeFailure(request.url))
    // - request's current URL's origin is same origin with request's origin, and request's response tainting is
    //   "basic": scheme fetch, which is HTTP fetch without a preflight.
    // - Otherwise: set request's response tainting to "cors" and run HTTP fetch, with a preflight if request's
    //   method is not CORS-safelisted or the CORS-unsafe request-header names are not empty.
    if (request.responseTainting === 'cors' || !isSameOrigin(request.origin, request.url)) {
      request.responseTainting = 'cors'
      // HTTP fetch, 4.1.
      const refused = await corsPreflightFetch(request, course)
      if (refused !== null) return refused
    }
    // HTTP fetch, 4.3.
    const response = await exchange(course, 'actual', request.method, request, actualHeaders(request))
    const location = locationUrl(request, response)
    // Chromium refuses such a redirect in its network stack, before the CORS check. Both are network errors.
    if (location.kind === 'invalid') return blocked(request, 'redirect', failure('InvalidRedirect'), response)
    // Chromium takes a 407 by a server for a network error.
    if (response.status === 407) course.departures.decide(['chromium'], false, 'proxyAuthentication')
    // HTTP fetch, 4.4. If request's response tainting is "cors" and a CORS check returns failure, then return a
    // network error.
    const refused = request.responseTainting === 'cors' ? corsCheck(request, response.headers) : null
    if (refused !== null) {
      if (onlyRepeatsCredentials(refused, response.headers)) course.departures.decide(['firefox'], true, 'repeatedCredentials')
      return blocked(request, 'response', response.status === 407 ? failure('UnexpectedProxyAuthentication') : refused, response)
    }
    // HTTP fetch, 6. If internalResponse's status is a redirect status: HTTP-redirect fetch, 4. and 5.
    if (location.kind === 'none') return response
    if (location.kind === 'repeated') {
      course.departures.decide(['chromium', 'firefox'], true, 'repeatedLocation')
      return blocked(request, 'redirect', failure('InvalidRedirect'), response)
    }
    // Chromium takes an empty location for none, and gives the redirect itself to the script.
    if (location.isEmpty) course.departures.decide(['chromium'], true, 'emptyLocation')
    if (lacksCredentialsForWebKit(request, response.headers)) course.departures.decide(['webkit'], false, 'redirectCredentials')
    const stopped = followRedirect(request, response.status, location.url)
    // Chromium stops at a URL with user information, whichever server redirects to it.
    if (stopped === null && includesCredentials(request.url)) course.departures.decide(['chromium'], false, 'userInformation')
    if (stopped !== null) return blocked(request, 'redirect', stopped, response)
  }
}

/** Sends a preflight if the request needs one; `null` if the request may then be sent. */
async function corsPreflightFetch (request: PageRequest, course: Course): Promise<Blocked | null> {
  const causes = preflightCauses(request)
  if (causes.length === 0) {
    noteUnasked(request, [], course.departures)
    return null
  }
  for (const cause of causes) course.preflightBecause.add(cause)
  const response = await exchange(course, 'preflight', 'OPTIONS', request, preflightHeaders(request))
  const judged = judgePreflight(request, response, course.departures)
  if ('name' in judged) {
    course.preflight = 'failed'
    return blocked(request, 'preflight', judged, response)
  }
  course.preflight = 'passed'
  course.maxAge = judged.maxAge
  return null
}

/**
 * The script's headers, and those that the browser adds.
 *
 * @see https://fetch.spec.whatwg.org/#http-network-or-cache-fetch
 */
function actualHeaders (request: PageRequest): Record<string, string> {
  const headers: Record<string, string> = { accept: '*/*' }
  for (const [name] of request.headers) headers[name] = getLines(request.headers, name).join(', ')
  // "Append a request `Origin` header": always where the response tainting is "cors", else for unsafe methods.
  if (request.responseTainting === 'cors' || (request.method !== 'GET' && request.method !== 'HEAD')) {
    headers.origin = serializeRequestOrigin(request)
  }
  return headers
}

async function exchange (
  course: Course,
  kind: CorsExchange['kind'],
  method: string,
  { url }: PageRequest,
  headers: Record<string, string>
): Promise<Response> {
  // A fragment stays in the browser (RFC 9110, section 7.1), and user information is sent only after a 401.
  const target = withoutCredentials(url)
  target.hash = ''
  const request = { method, url: target.href, headers }
  const answer = await course.send(request)
  const lines = readHeaders(answer.headers, 'the headers of an answer')
  course.exchanges.push({ kind, request, response: { status: answer.status, headers: lines } })
  return { status: answer.status, headers: toHeaderList(lines) }
}

function blocked (request: PageRequest, stage: Stage, failed: Failure, response: Response = { status: 0, headers: [] }): Blocked {
  return { failure: failed, stage, request, response }
}
