import { isNoMatterOfCors, type CorsNote } from './notes/note.js'
import type { Blocked, Stage } from './outcome.js'
import { failureTexts } from './reasons.js'
import { getLines, type HeaderList } from './header-list.js'
import { isRedirectTainted, serializeRequestOrigin } from './page-request.js'
import { unsafeRequestHeaders } from './safelist.js'
import { isToken } from '../http/token.js'

const outcomes: Record<Stage, string> = {
  request: 'the browser does not send the request',
  preflight: 'the browser does not send the request',
  redirect: 'the browser does not follow it',
  response: 'the script may not read it'
}

/** What went wrong: the likeliest cause, then a sentence on what the browser saw, with the place that says more. */
export function explain (blocked: Blocked, [cause]: readonly CorsNote[]): string {
  const { name } = blocked.failure
  const seen = `${fill(failureTexts[name].explanation, valuesOf(blocked))} (docs/errors.md#${name.toLowerCase()}).`
  return cause === undefined ? seen : `${cause.message} ${seen}`
}

/** What to change: the cause, then the line of this plugin's options, and what to do with another server. */
export function fix (blocked: Blocked, [cause]: readonly CorsNote[]): string {
  if (cause === undefined || cause.fix === null) return protocolFix(blocked)
  return isNoMatterOfCors(cause) ? cause.fix : `${cause.fix} ${protocolFix(blocked)}`
}

function protocolFix (blocked: Blocked): string {
  const { request } = blocked
  const { options, otherwise } = failureTexts[blocked.failure.name]
  if (options?.startsWith('{originOption}') === true && isRedirectTainted(request)) {
    return `Call ${request.url.href} directly: after a redirect by another origin, browsers send Origin: null.`
  }
  const values = valuesOf(blocked)
  const advice = fill(otherwise, values)
  return options === null
    ? `${advice.charAt(0).toUpperCase()}${advice.slice(1)}.`
    : `With fastify-cors-policy: ${fill(options, values)}. From any other server: ${advice}.`
}

/** Puts values in place of the words in braces, and leaves those without one as they are. */
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

/** What of a list header, valid or not, can be kept. */
function salvage (headers: HeaderList, name: string): string[] {
  return getLines(headers, name).flatMap(line => line.split(/[\s,;"()[\]{}]+/)).filter(isToken)
}

/** The line that lets the origin in, with the named exception that the plugin demands for some. */
function originOption (origin: string, withCredentials: boolean): string {
  const option = `origin: [${quoted([origin])}]`
  if (origin === 'null' || origin === 'file://') return `${option}, dangerouslyAllow: ['null-origin']`
  const isInsecure = /^http:\/\/(?!(?:localhost|[^:]+\.localhost|127\.[0-9.]+|\[::1\])(?::|$))/.test(origin)
  return withCredentials && isInsecure ? `${option}, dangerouslyAllow: ['insecure-origins']` : option
}

function quoted (names: readonly string[]): string {
  return names.map(name => `'${name.replaceAll("'", "\\'")}'`).join(', ')
}

function unique (names: readonly string[]): string[] {
  return [...new Set(names)]
}
