import { namesIn } from '../http/field-values.js'
import { isSafelistedMethod } from '../http/methods.js'
import { judged, type Judged } from '../browser/check-cors.js'
import { guessFramework, type CorsExchange, type CorsPage, type CorsRemedy, type CorsRequest, type CorsResponse, type CorsVerdict, type Engine } from '../browser/index.js'
import { fill } from '../browser/failure-text.js'
import { failureTexts } from '../browser/reasons.js'
import { announcedBy, type SeenAnswer, type SeenCall, type SeenRequest } from './memory.js'
import { withoutSecrets } from './hidden.js'
import { isPreflight } from '../http/preflight.js'
import { isToken } from '../http/token.js'
import type { Decider } from '../introspection/controller.js'
import type { Call, CallState, Exchange, Hop, Judgement, Line } from './wire.js'

/** Headers that no script sets, or that browsers set too. */
const NOT_OF_SCRIPTS = /^(?:accept|accept-charset|accept-encoding|accept-language|access-control-.+|cache-control|connection|content-length|cookie|date|dnt|expect|host|if-modified-since|if-none-match|keep-alive|origin|pragma|priority|proxy-.+|referer|sec-.+|te|trailer|transfer-encoding|upgrade|upgrade-insecure-requests|user-agent|via|:.+)$/

/** Takes the place of a value that is not known, since the request never came. */
const UNKNOWN_VALUE = '(not known)'

/** Thrown for a request whose answer nobody has seen. */
class NotSeen extends Error {}

/** The verdict of a browser on the seen answers. */
interface Played extends Judged {
  /** A preflight that the browser needs was not seen. */
  readonly isPresumed: boolean
}

/** Facts about a call beside what was seen. */
export interface Known {
  readonly id: string
  readonly decider: Decider | null
  /** This plugin answers it. */
  readonly isOwn: boolean
}

/** Judges a call, as far as it has come, for the page to show. */
export async function judge (call: SeenCall, { id, decider, isOwn }: Known): Promise<Call> {
  const { first, preflight, actual, at } = call
  const isIncluded = actual?.hasCookie === true
  const method = announcedBy(first)?.method ?? first.method
  const answered = (actual ?? preflight)?.answer
  const plain = answered == null ? null : await play(call, isIncluded ? 'include' : 'same-origin')
  const included = answered == null || isIncluded ? null : await play(call, 'include')
  const state = stateOf(call, answered, plain)
  // The likeliest cause of a request that never came is credentials, which no preflight announces.
  const shown = state === 'never-came' ? included : plain
  return {
    id,
    at,
    origin: first.origin,
    method,
    url: first.url,
    state,
    decider,
    redirects: [],
    preflight: preflight === null ? null : exchangeOf(preflight),
    actual: actual === null ? null : exchangeOf(actual),
    credentials: isIncluded ? 'include' : 'unknown',
    verdict: shown === null ? null : judgementOf(shown, shown.isPresumed, isOwn),
    withCredentials: included === null || included === shown || plain === null || isSame(plain, included) ? null : judgementOf(included, included.isPresumed, isOwn)
  }
}

function stateOf ({ actual, isLate }: SeenCall, answered: SeenAnswer | null | undefined, plain: Played | null): CallState {
  if (answered === undefined) return 'waiting'
  if (answered === null) return 'gone'
  if (actual !== null || plain !== null) return 'judged'
  return isLate ? 'never-came' : 'waiting'
}

function isSame ({ verdict: one }: Played, { verdict: other }: Played): boolean {
  return one.allowed === other.allowed && one.reason === other.reason
}

/** @returns `null` if the preflight passes, and the rest is still to come */
async function play (call: SeenCall, credentials: 'same-origin' | 'include'): Promise<Played | null> {
  const { first } = call
  let isPresumed = false
  const withRedirects = (location: boolean) => async (request: CorsRequest): Promise<CorsResponse> => {
    const seen = request.url !== first.url
      ? null
      : isPreflight(request) ? call.preflight : call.actual
    if (seen?.answer != null) return answerOf(seen.answer, location)
    // The request came without a preflight: an earlier one was remembered, and had passed.
    if (call.actual !== null && request.url === first.url && isPreflight(request)) {
      isPresumed = true
      return passing(request, credentials)
    }
    throw new NotSeen()
  }
  const page = pageOf(call, credentials)
  try {
    const found = await judged(page, withRedirects(true))
    return { ...found, isPresumed }
  } catch (error) {
    if (!(error instanceof NotSeen)) throw error
    if (call.actual === null) return null
    // The browser follows a redirect: the next call shows the rest.
    const found = await judged(page, withRedirects(false))
    return { ...found, isPresumed }
  }
}

function answerOf ({ status, headers }: SeenAnswer, location: boolean): CorsResponse {
  return { status, headers: headers.filter(([name]) => location || name !== 'location').map(([name, value]): [string, string] => [name, value]) }
}

/** An answer that allows all that a preflight announces. */
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

/** The request that the script must have made. */
function pageOf ({ first: { origin, url, method }, preflight, actual }: SeenCall, credentials: 'same-origin' | 'include'): CorsPage & { upload?: boolean } {
  const announced = preflight === null ? null : announcedBy(preflight)
  const sent = actual?.headers.filter(([name]) => announced?.names.includes(name) === true || !NOT_OF_SCRIPTS.test(name))
  const named = (announced?.names ?? []).map((name): Line => [name, name === 'content-type' ? 'application/json' : UNKNOWN_VALUE])
  return {
    origin,
    url,
    method: announced?.method ?? method,
    headers: Object.fromEntries(sent ?? named),
    credentials,
    // Nothing else makes a browser send a preflight for such a request.
    ...announced !== null && announced.names.length === 0 ? { upload: true } : {}
  }
}

function judgementOf ({ verdict: { exchanges, ...verdict }, explained }: Judged, isPresumed: boolean, isOwn: boolean): Judgement {
  return {
    ...verdict,
    seen: explained?.seen ?? '',
    remedy: keepingListed(verdict.remedy, exchanges),
    prints: printsOf(verdict, exchanges),
    framework: isOwn ? 'fastify-cors-policy' : guessFramework(exchanges.flatMap(({ response }) => response.headers)),
    isPresumed
  }
}

/** The lines that browsers print to their consoles about a verdict, as far as they are known. */
function printsOf ({ reason, parameter }: Pick<CorsVerdict, 'reason' | 'parameter'>, exchanges: readonly CorsExchange[]): Judgement['prints'] {
  const last = exchanges.at(-1)
  if (reason === null || last === undefined) return null
  const { request, response } = last
  const announced = request.headers['access-control-request-method']
  const values = {
    origin: String(request.headers.origin),
    status: String(response.status),
    value: String(parameter),
    method: announced ?? request.method,
    header: String(parameter),
    location: request.url
  }
  const { chromium, firefox, webkit }: Readonly<Record<Engine, string | null>> = failureTexts[reason].prints
  return { chromium: chromium && fill(chromium, values), firefox: firefox && fill(firefox, values), webkit: webkit && fill(webkit, values) }
}

/** Keeps what the server lists already, in its order. Safelisted methods are not added to its list. */
function keepingListed (remedy: CorsRemedy | null, exchanges: readonly CorsExchange[]): CorsRemedy | null {
  if (remedy === null) return null
  const listed = (name: string): string[] => exchanges
    .flatMap(({ response }) => response.headers.filter(([other]) => other === name).flatMap(([, value]) => namesIn(value)))
    .filter(item => isToken(item) && item !== '*')
  const { methods, allowedHeaders } = remedy.options
  const listedMethods = listed('access-control-allow-methods')
  const added = unique(methods ?? []).filter(method => listedMethods.length === 0 || !isSafelistedMethod(method))
  return {
    options: {
      ...remedy.options,
      ...methods === undefined ? {} : { methods: unique(listedMethods, added) },
      ...allowedHeaders === undefined ? {} : { allowedHeaders: unique(listed('access-control-allow-headers'), allowedHeaders) }
    }
  }
}

function unique (...lists: ReadonlyArray<string | readonly string[]>): string[] {
  return [...new Set(lists.flat())]
}

function exchangeOf ({ method, url, headers, answer }: SeenRequest): Exchange {
  return { method, url, request: headers, response: answer ?? null }
}

/** Makes a call of a verdict that the page asked for. */
export function trialOf (page: CorsPage, judged: Judged, { id, decider, isOwn }: Known): Call {
  const { origin, url, method = 'GET' } = page
  const hops = hopsOf(judged.verdict.exchanges)
  const { preflight = null, actual = null } = hops.at(-1) ?? {}
  return {
    id,
    at: Date.now(),
    origin,
    method,
    url,
    state: 'judged',
    decider,
    redirects: hops.slice(0, -1),
    preflight,
    actual,
    credentials: page.credentials === 'include' ? 'include' : 'unknown',
    verdict: judgementOf(judged, false, isOwn),
    withCredentials: null
  }
}

/** The URLs of a call, each with its preflight, if any, and its request. */
function hopsOf (exchanges: readonly CorsExchange[]): Hop[] {
  const hops: Hop[] = []
  let preflight: Exchange | null = null
  for (const exchange of exchanges) {
    if (exchange.kind === 'preflight') {
      preflight = shownExchange(exchange)
    } else {
      hops.push({ preflight, actual: shownExchange(exchange) })
      preflight = null
    }
  }
  return preflight === null ? hops : [...hops, { preflight, actual: null }]
}

function shownExchange ({ request, response }: CorsExchange): Exchange {
  return {
    method: request.method,
    url: request.url,
    request: withoutSecrets(Object.entries(request.headers)),
    response: { status: response.status, headers: withoutSecrets(response.headers), rewritten: [] }
  }
}
