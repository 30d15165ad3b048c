import { isNoMatterOfCors, type CorsNote } from './notes/note.js'
import type { Blocked, Stage } from './outcome.js'
import { isInsecure } from './remedy.js'
import { failureTexts } from './reasons.js'
import { getHeader, getLines, type HeaderList } from './header-list.js'
import { serializeRequestOrigin } from './page-request.js'
import { unsafeRequestHeaders } from './safelist.js'
import { isToken } from '../http/token.js'

const outcomes: Record<Stage, string> = {
  request: 'the browser does not send the request',
  preflight: 'the browser does not send the request',
  redirect: 'the browser does not follow it',
  response: 'the script may not read it'
}

/** Explains a failure: the likeliest cause, then what the browser saw, with a link into the documentation. */
export function explain (blocked: Blocked, [cause]: readonly CorsNote[]): string {
  const { name } = blocked.failure
  const seen = `${fill(failureTexts[name].explanation, valuesOf(blocked))} (docs/errors.md#${name.toLowerCase()}).`
  return cause === undefined ? seen : `${cause.message} ${seen}`
}

/** Says what to change: the cause, then the line of this plugin's options, then the advice for another server. */
export function fix (blocked: Blocked, [cause]: readonly CorsNote[]): string {
  if (cause === undefined || cause.fix === null) return protocolFix(blocked)
  return isNoMatterOfCors(cause) ? cause.fix : `${cause.fix} ${protocolFix(blocked)}`
}

function protocolFix (blocked: Blocked): string {
  const { options, otherwise } = failureTexts[blocked.failure.name]
  const values = valuesOf(blocked)
  const advice = fill(otherwise, values)
  return options === null
    ? `${advice.charAt(0).toUpperCase()}${advice.slice(1)}.`
    : `With fastify-cors-policy: ${fill(options, values)}. From any other server: ${advice}.`
}

/** Replaces words in braces by values, and leaves words without a value as they are. */
export function fill (text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{([a-zA-Z]+)\}/g, (braces, word: string) => values[word] ?? braces)
}

function valuesOf ({ failure, stage, request, response }: Blocked): Record<string, string> {
  const origin = serializeRequestOrigin(request)
  const methods = unique(['GET', 'HEAD', 'POST', ...salvage(response.headers, 'access-control-allow-methods'), request.method])
    .filter(method => method !== '*')
  const headers = unique([
    ...salvage(response.headers, 'access-control-allow-headers').map(name => name.toLowerCase()),
    ...unsafeRequestHeaders(request.headers).map(header => header.name)
  ]).filter(name => name !== '*' || request.credentials !== 'include')
  return {
    answer: `The answer to ${stage === 'preflight' ? 'the preflight of ' : ''}${request.method} ${request.url.href}`,
    outcome: outcomes[stage],
    origin,
    originOption: originOption(origin, request.credentials === 'include'),
    status: String(response.status),
    value: failure.parameter,
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

/** Chromium's parameter is empty whether the header is missing or empty. */
function credentialsOf (headers: HeaderList): string {
  const value = getHeader(headers, 'access-control-allow-credentials')
  return value === null ? 'no Access-Control-Allow-Credentials header' : `Access-Control-Allow-Credentials "${value}"`
}

/** The tokens in a list header, valid or not. */
function salvage (headers: HeaderList, name: string): string[] {
  return getLines(headers, name).flatMap(line => line.split(/[\s,;"()[\]{}]+/)).filter(isToken)
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
