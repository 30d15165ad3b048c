import { capitalised, fill } from './failure-text.js'
import type { CorsNote } from './verdict.js'
import { isMisplaced, lacksMisplacedOnly } from './notes/page.js'
import { answerTo, type Blocked, type Stage } from './outcome.js'
import { isInsecure } from './remedy.js'
import { type FailureName, failureTexts } from './reasons.js'
import { getHeader, getLines, type HeaderList } from './header-list.js'
import { serializeRequestOrigin } from './page-request.js'
import { unsafeRequestHeaders } from './safelist.js'
import { lackingIn, needsNoHeader, refusesByStatus } from './lacking.js'
import { isToken } from '../http/token.js'

const outcomes: Record<Stage, string> = {
  request: 'the browser does not send the request',
  preflight: 'the browser does not send the request',
  redirect: 'the browser does not follow it',
  response: 'the script may not read it'
}

/** The protocol's part of an explanation: the likeliest cause is a note. */
export interface Explained {
  /** The heading in docs/errors.md. */
  readonly name: FailureName
  /** The sentence on what the browser saw, without its full stop. */
  readonly seen: string
  /** The advice that follows that of the cause; `null` if the cause says all. */
  readonly advice: Advice | null
}

/** The change that makes the browser content. */
export interface Advice {
  /** Sentences about what to see first, with a space behind them; empty if nothing is in doubt. */
  readonly first: string
  /** Options of this plugin; `null` if none help. */
  readonly options: string | null
  /** The options go into the `config.cors` of a route. */
  readonly isOfRoute?: boolean
  /** The change to another server. */
  readonly otherwise: string
}

export function explain (blocked: Blocked, [cause]: readonly CorsNote[]): Explained {
  const { name } = blocked.failure
  return { name, seen: fill(failureTexts[name].explanation, valuesOf(blocked)), advice: adviceBeside(blocked, cause) }
}

/** The likeliest cause, then what the browser saw, with a link into the documentation. */
export function explanationOf ({ name, seen }: Explained, [cause]: readonly CorsNote[]): string {
  return sentences(cause?.message, `${seen} (docs/errors.md#${name.toLowerCase()}).`)
}

/** The advice: the cause, then the line of this plugin's options, then the advice for another server. */
export function fixOf ({ advice }: Explained, [cause]: readonly CorsNote[]): string {
  return sentences(cause?.fix, adviceText(advice))
}

/** Advice in words; empty for `null`. */
export function adviceText (advice: Advice | null): string {
  if (advice === null) return ''
  const { first, options, isOfRoute = false, otherwise } = advice
  return first + (options === null
    ? `${capitalised(otherwise)}.`
    : `With fastify-cors-policy${isOfRoute ? ', in config.cors of the route' : ''}: ${options}. From any other server: ${otherwise}.`)
}

function sentences (...texts: readonly (string | null | undefined)[]): string {
  return texts.filter(text => typeof text === 'string' && text !== '').join(' ')
}

function adviceBeside (blocked: Blocked, cause: CorsNote | undefined): Advice | null {
  if (cause === undefined || cause.fix === null) return protocolFix(blocked, doubt(blocked))
  return needsNoHeader(blocked, cause) || lacksMisplacedOnly(blocked) ? null : protocolFix(blocked, '')
}

function protocolFix (blocked: Blocked, first: string): Advice {
  const { options, otherwise } = adviceFor(blocked)
  const values = valuesOf(blocked)
  return { first, options: options === null ? null : fill(options, values), otherwise: fill(otherwise, values) }
}

/** The advice of a failure, or of all that the lists of a CORS layer lack. */
function adviceFor (blocked: Blocked): { options: string | null, otherwise: string } {
  const { name } = blocked.failure
  if (name !== 'MethodDisallowedByPreflightResponse' && !refusesByStatus(blocked)) return failureTexts[name]
  const { method, headers } = lackingIn(blocked)
  const parts = [
    ...method ? [failureTexts.MethodDisallowedByPreflightResponse] : [],
    ...headers.some(header => !isMisplaced(header)) ? [failureTexts.HeaderDisallowedByPreflightResponse] : []
  ]
  if (parts.length === 0) return failureTexts[name]
  return { options: parts.map(part => part.options).join(', '), otherwise: parts.map(part => part.otherwise).join(', and ') }
}

/** An answer that may not be the one of the API at all. */
function doubt ({ failure, stage, response: { status, headers } }: Blocked): string {
  if (stage !== 'response' || failure.name !== 'MissingAllowOriginHeader') return ''
  if (status === 404 || status === 410) return `First check the URL: ${status} says that nothing is there.${forErrors(headers)} `
  if (status === 400) return `First find out what the server found wrong: its own host or port that was called, perhaps, or plain http in place of https.${forErrors(headers)} `
  if (status === 405) return `First check the method: 405 says that the URL does not take it.${forErrors(headers)} `
  const isPage = status < 400 && /^text\/html\b/i.test(getHeader(headers, 'content-type') ?? '')
  return isPage ? 'First check the URL: an HTML page answered. ' : ''
}

function valuesOf (blocked: Blocked): Record<string, string> {
  const { failure, stage, request, response } = blocked
  const origin = serializeRequestOrigin(request)
  const methods = unique(['GET', 'HEAD', 'POST', ...salvage(response.headers, 'access-control-allow-methods', /[\s,;]/), request.method])
  const headers = unique([
    ...salvage(response.headers, 'access-control-allow-headers', /[,;]/).map(name => name.toLowerCase()),
    ...unsafeRequestHeaders(request.headers).map(header => header.name)
  ]).filter(name => !isMisplaced(name))
  return {
    answer: capitalised(answerTo(blocked)),
    // Of a failure about the status, the status is told anyway.
    failed: response.status >= 400 ? `, a ${response.status},` : '',
    outcome: outcomes[stage],
    origin,
    originOption: originOption(origin, request.credentials === 'include'),
    status: String(response.status),
    value: failure.parameter,
    refusal: refusalOf(blocked),
    unset: unset.test(failure.parameter) ? ' (it looks like a setting that is missing)' : '',
    credentials: credentialsOf(response.headers),
    method: request.method,
    methodNames: quoted(methods),
    methodList: methods.join(', '),
    headerNames: quoted(headers),
    headerAdvice: headers.length === 0
      ? 'leave the header Access-Control-Allow-Headers out'
      : `send Access-Control-Allow-Headers: ${headers.join(', ')}`,
    path: request.url.pathname,
    location: request.url.href,
    ...failure.details
  }
}

function forErrors (headers: HeaderList): string {
  return /^nginx\b/i.test(getHeader(headers, 'server') ?? '') ? ' And nginx leaves add_header out of errors, unless the line ends in always.' : ''
}

/** The meaning of a status that a CORS layer refuses with. */
function refusalOf (blocked: Blocked): string {
  if (!refusesByStatus(blocked)) return ''
  const { method, headers } = lackingIn(blocked)
  const missing = [...method ? [`the method ${blocked.request.method}`] : [], ...headers.length > 0 ? [headers.join(', ')] : []]
  return ` (its CORS layer does not allow ${missing.join(', nor ')})`
}

/** The values that programs write if a variable is not set, or is no text. */
const unset = /^(?:|undefined|null|none|nil|nan|true|false|\$\{?\w+\}?|%\w+%|process\.env.*)$/i

/** Chromium's parameter is empty whether the header is missing or empty. */
function credentialsOf (headers: HeaderList): string {
  const value = getHeader(headers, 'access-control-allow-credentials')
  return value === null ? 'no Access-Control-Allow-Credentials header' : `Access-Control-Allow-Credentials "${value}"`
}

/**
 * The names in a list header, valid or not; `*` is none, since the names are listed in its place. No name of a header is
 * made of the words in "content type".
 */
function salvage (headers: HeaderList, name: string, separator: RegExp): string[] {
  return getLines(headers, name).flatMap(line => line.split(separator)).map(item => item.trim()).filter(item => item !== '*' && isToken(item))
}

/** The option that allows the origin, with the exception that the plugin demands for some. */
function originOption (origin: string, withCredentials: boolean): string {
  const option = `origin: [${quoted([origin])}]`
  if (origin === 'null' || origin === 'file://') return `${option}, dangerouslyAllow: ['null-origin']`
  return withCredentials && isInsecure(origin) ? `${option}, dangerouslyAllow: ['insecure-origins']` : option
}

function quoted (names: readonly string[]): string {
  return names.map(name => `'${name.replaceAll("'", "\\'")}'`).join(', ')
}

function unique (names: readonly string[]): string[] {
  return [...new Set(names)]
}
