import { remedyOf } from '../browser/remedy.js'
import { checkCors, guessFramework, type CorsExchange, type CorsPage, type CorsReason, type CorsRemedy, type CorsRequest, type CorsResponse, type CorsVerdict } from '../browser/index.js'
import { announcedBy, type Answer, type Course, type Line, type Seen } from './memory.js'
import { withoutSecrets } from './hidden.js'
import { isToken } from '../http/token.js'
import { printsOf } from './prints.js'
import type { Decider } from '../introspection/controller.js'
import type { Call, CallState, Exchange, Judgement, Note } from './wire.js'

/** Headers that no script sets, or that say nothing about whether one did. */
const NOT_OF_SCRIPTS = /^(?:accept|accept-charset|accept-encoding|accept-language|access-control-.+|cache-control|connection|content-length|cookie|date|dnt|expect|host|if-modified-since|if-none-match|keep-alive|origin|pragma|priority|proxy-.+|referer|sec-.+|te|trailer|transfer-encoding|upgrade|upgrade-insecure-requests|user-agent|via|:.+)$/

/** What stands for a value that is not known, since the request never came. */
const UNKNOWN_VALUE = '(not known)'

/** Asked for an answer that nobody has seen. */
class NotSeen extends Error {
  constructor (readonly request: CorsRequest) {
    super(`nobody has seen the answer to ${request.method} ${request.url}`)
  }
}

/** What came of playing the browser with the answers that were seen. */
interface Played {
  readonly page: CorsPage
  readonly verdict: CorsVerdict
  /** Whether a preflight that the browser needs was not seen. */
  readonly isPresumed: boolean
}

/** What is known of a call beside what was seen. */
export interface Known {
  readonly id: string
  readonly decider: Decider | null
  /** Whether this plugin answers it. */
  readonly isOwn: boolean
}

/** A call as the page shows it, judged as far as it has come. */
export async function judge (course: Course, first: Seen, { id, decider, isOwn }: Known): Promise<Call> {
  const { preflight, actual, at } = course
  const isIncluded = actual?.hasCookie === true
  const method = announcedBy(first)?.method ?? first.method
  const answered = (actual ?? preflight)?.answer
  const plain = answered == null ? null : await play(course, first, isIncluded ? 'include' : 'same-origin')
  const included = answered == null || isIncluded ? null : await play(course, first, 'include')
  const state = stateOf(course, answered, plain)
  // The likeliest cause of a request that never came: a preflight carries no cookie, so that nobody saw it was to have one.
  const shown = state === 'never-came' ? included : plain
  return {
    id,
    at,
    origin: first.origin,
    method,
    url: first.url,
    state,
    decider,
    preflight: preflight === null ? null : exchangeOf(preflight),
    actual: actual === null ? null : exchangeOf(actual),
    credentials: isIncluded ? 'include' : 'unknown',
    verdict: shown === null ? null : judgementOf(shown, isOwn),
    withCredentials: included === null || included === shown || plain === null || isSame(plain, included) ? null : judgementOf(included, isOwn)
  }
}

function stateOf ({ actual, isLate }: Course, answered: Answer | null | undefined, plain: Played | null): CallState {
  if (answered === undefined) return 'waiting'
  if (answered === null) return 'gone'
  if (actual !== null || plain !== null) return 'judged'
  return isLate ? 'never-came' : 'waiting'
}

function isSame ({ verdict: one }: Played, { verdict: other }: Played): boolean {
  return one.allowed === other.allowed && one.reason === other.reason
}

/** @returns `null` where the preflight passes, and the rest is still to come */
async function play (course: Course, first: Seen, credentials: 'same-origin' | 'include'): Promise<Played | null> {
  let isPresumed = false
  const withRedirects = (location: boolean) => async (request: CorsRequest): Promise<CorsResponse> => {
    const seen = request.url !== first.url
      ? null
      : request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined ? course.preflight : course.actual
    if (seen?.answer != null) return answerOf(seen.answer, location)
    // What is not asked has been asked before, and was allowed.
    if (course.actual !== null && request.url === first.url && 'access-control-request-method' in request.headers) {
      isPresumed = true
      return passing(request, credentials)
    }
    throw new NotSeen(request)
  }
  const page = pageOf(course, first, credentials)
  try {
    const verdict = await checkCors(page, withRedirects(true))
    return { page, verdict, isPresumed }
  } catch (error) {
    if (!(error instanceof NotSeen)) throw error
    if (course.actual === null) return null
    // The browser goes on to another URL: what comes of that, the next call tells.
    const verdict = await checkCors(page, withRedirects(false))
    return { page, verdict, isPresumed }
  }
}

function answerOf ({ status, headers }: Answer, location: boolean): CorsResponse {
  return { status, headers: headers.filter(([name]) => location || name !== 'location').map(([name, value]): [string, string] => [name, value]) }
}

/** An answer to a preflight that lets pass what is announced. */
function passing ({ headers }: CorsRequest, credentials: string): CorsExchange['response'] {
  return {
    status: 204,
    headers: [
      ['access-control-allow-origin', String(headers.origin)],
      ['access-control-allow-methods', String(headers['access-control-request-method'])],
      ['access-control-allow-headers', headers['access-control-request-headers'] ?? ''],
      ['access-control-allow-credentials', String(credentials === 'include')]
    ]
  }
}

/** What the script must have asked for. */
function pageOf ({ preflight, actual }: Course, { origin, url, method }: Seen, credentials: 'same-origin' | 'include'): CorsPage & { upload?: boolean } {
  const announced = preflight === null ? null : announcedBy(preflight)
  const sent = actual?.headers.filter(([name]) => announced?.names.includes(name) === true || !NOT_OF_SCRIPTS.test(name))
  const named = announced?.names.map((name): Line => [name, name === 'content-type' ? 'application/json' : UNKNOWN_VALUE])
  return {
    origin,
    url,
    method: announced?.method ?? method,
    headers: Object.fromEntries(sent ?? named ?? []),
    credentials,
    // Nothing else makes a browser ask before such a request.
    ...announced !== null && announced.names.length === 0 ? { upload: true } : {}
  }
}

function judgementOf ({ page, verdict: { exchanges, ...verdict }, isPresumed }: Played, isOwn: boolean): Judgement {
  const { notes = [], remedy = null }: typeof verdict & { notes?: readonly Note[], remedy?: Judgement['remedy'] } = verdict
  return {
    ...verdict,
    notes,
    remedy: keepingListed(remedy ?? lackingRemedy(page, verdict, exchanges), exchanges),
    prints: printsOf(verdict, exchanges),
    framework: isOwn ? 'fastify-cors-policy' : guessFramework(exchanges.flatMap(({ response }) => response.headers)),
    isPresumed
  }
}

/** What no header of an answer mends. */
const NOT_MENDED: ReadonlySet<CorsReason | null> = new Set([
  null, 'CorsDisabledScheme', 'RedirectContainsCredentials', 'PreflightDisallowedRedirect', 'LocalNetworkAccessPermissionDenied'
])

/** All that a blocked request asks of the server; `null` where something else than CORS is missing. */
function lackingRemedy (page: CorsPage, { reason }: Pick<CorsVerdict, 'reason'>, exchanges: readonly CorsExchange[]): CorsRemedy | null {
  const last = exchanges.at(-1)
  if (last === undefined || NOT_MENDED.has(reason) || last.response.status >= 500) return null
  const { origin, method = 'GET', credentials } = page
  const names = exchanges.flatMap(({ request }) => request.headers['access-control-request-headers']?.split(',') ?? [])
  return remedyOf({ origin, method, headers: new Set(names), credentials: credentials === 'include', exposed: [] })
}

/** What a server lists already stays listed. */
function keepingListed (remedy: CorsRemedy | null, exchanges: readonly CorsExchange[]): CorsRemedy | null {
  if (remedy === null) return null
  const listed = (name: string): string[] => exchanges
    .flatMap(({ response }) => response.headers.filter(([other]) => other === name).flatMap(([, value]) => value.split(',')))
    .map(item => item.trim())
    .filter(item => isToken(item) && item !== '*')
  const { methods, allowedHeaders } = remedy.options
  return {
    options: {
      ...remedy.options,
      ...methods === undefined ? {} : { methods: unique(listed('access-control-allow-methods'), methods) },
      ...allowedHeaders === undefined ? {} : { allowedHeaders: unique(listed('access-control-allow-headers'), allowedHeaders) }
    }
  }
}

function unique (...lists: ReadonlyArray<string | readonly string[]>): string[] {
  return [...new Set(lists.flat())]
}

function exchangeOf ({ method, url, headers, answer }: Seen): Exchange {
  return { method, url, request: headers, response: answer ?? null }
}

/** A verdict that was asked for, in the form of a call that was seen. */
export function trialOf (page: CorsPage, verdict: CorsVerdict, { id, decider, isOwn }: Known): Call {
  const { origin, url, method = 'GET' } = page
  const last = (kind: CorsExchange['kind']): Exchange | null => {
    const exchange = verdict.exchanges.findLast(one => one.kind === kind)
    return exchange === undefined ? null : shownExchange(exchange)
  }
  return {
    id,
    at: Date.now(),
    origin,
    method,
    url,
    state: 'judged',
    decider,
    preflight: last('preflight'),
    actual: last('actual'),
    credentials: page.credentials === 'include' ? 'include' : 'unknown',
    verdict: judgementOf({ page, verdict, isPresumed: false }, isOwn),
    withCredentials: null
  }
}

function shownExchange ({ request, response }: CorsExchange): Exchange {
  return {
    method: request.method,
    url: request.url,
    request: withoutSecrets(Object.entries(request.headers)),
    response: { status: response.status, headers: withoutSecrets(response.headers), rewritten: [] }
  }
}
