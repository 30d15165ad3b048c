import { getHeader, type HeaderList } from '../header-list.js'
import { serializeRequestOrigin } from '../page-request.js'
import { namesIn } from '../../http/field-values.js'
import type { FailureName } from '../reasons.js'
import { isRedirectStatus } from '../redirect.js'
import { capitalised } from '../failure-text.js'
import { answerTo, type Blocked, type Outcome } from '../outcome.js'
import { refusesByStatus } from '../lacking.js'
import { answererNote } from './answerers.js'
import type { CorsNote } from '../verdict.js'

/** Failures where something else than a CORS layer may have answered the request itself. */
const unclear: ReadonlySet<FailureName> = new Set<FailureName>([
  'MissingAllowOriginHeader', 'PreflightMissingAllowOriginHeader', 'PreflightInvalidStatus', 'UnexpectedProxyAuthentication'
])

/** Notes on what answered, by the status: a CORS layer, or something before it. */
export function answerNotes ({ blocked }: Outcome): CorsNote[] {
  if (blocked === null || !isUnclear(blocked)) return []
  const { status, headers } = blocked.response
  const known = answererNote(blocked)
  if (known !== null) return [known]
  const isRefusal = getHeader(headers, 'access-control-allow-origin') === null && hasCorsLayer(headers)
  const refused = isRefusal && serializeRequestOrigin(blocked.request) !== 'null' ? [originRefused(blocked)] : []
  switch (status) {
    case 401:
    case 407:
    case 419:
    case 511: return loginNotes(blocked, isRefusal, refused)
    case 403: return isRefusal && getHeader(headers, 'www-authenticate') === null ? refused : loginNotes(blocked, isRefusal, refused)
    case 413:
    case 414:
    case 431: return [tooLarge(blocked)]
    case 429: return [rateLimited(blocked)]
  }
  if (blocked.stage === 'preflight' && [404, 405, 501].includes(status)) return [notHandled(blocked, `No one answers OPTIONS at ${blocked.request.url.pathname}: the preflight got ${status}.`)]
  if (status >= 500 && status <= 599) return [serverError(blocked)]
  return blocked.stage === 'preflight' && refused.length === 0 ? answeredByAnother(blocked) : refused
}

/** A route, or the server itself, may answer every OPTIONS request, and know nothing of preflights. */
function answeredByAnother (blocked: Blocked): CorsNote[] {
  const { request: { url: { pathname } }, response: { status, headers } } = blocked
  const allow = getHeader(headers, 'allow') ?? getHeader(headers, 'public')
  if (status >= 400) {
    return [notHandled(blocked, `No one answers OPTIONS at ${pathname} as a preflight: something took it for a request of its own, and answered ${status}.`)]
  }
  return allow === null
    ? []
    : [notHandled(blocked, `The server answers OPTIONS at ${pathname} by itself (Allow: ${allow}), as if there were no CORS layer, or one that does not know ${serializeRequestOrigin(blocked.request)}. CORS headers on the answers to other methods do not help the preflight.`)]
}

/** True if the status can tell what answered. That of a preflight also counts where CORS headers are there, but wrong. */
function isUnclear (blocked: Blocked): boolean {
  const { stage, failure: { name }, response: { status } } = blocked
  if (isRedirectStatus(status) || refusesByStatus(blocked)) return false
  if (unclear.has(name)) return true
  const isFailed = stage === 'preflight' && status >= 400
  return isFailed && /WildcardOrigin|AllowCredentials|MultipleAllowOrigin/.test(name)
}

/** The request headers that the answers of a CORS layer depend on. */
const BY_CORS = new Set(['origin', 'access-control-request-method', 'access-control-request-headers'])

/** True if only a CORS layer sends such headers. */
function hasCorsLayer (headers: HeaderList): boolean {
  return headers.some(([name]) => name.startsWith('access-control-allow-') || name === 'access-control-expose-headers') ||
    namesIn(getHeader(headers, 'vary')?.toLowerCase() ?? '').some(name => BY_CORS.has(name))
}

function originRefused (blocked: Blocked): CorsNote {
  const origin = serializeRequestOrigin(blocked.request)
  return {
    code: 'origin-refused',
    message: `The server knows CORS, and does not allow the origin ${origin}: ${answerTo(blocked)} has signs of a CORS layer, but no Access-Control-Allow-Origin.`,
    fix: `Add ${origin} to the origins that the server allows.`,
    where: 'server'
  }
}

const FORGERY = 'a check against forged requests (CSRF)'

/** Signs of a CORS layer on the refusal of a login leave open which of the two came first: one note says both. */
function loginNotes (blocked: Blocked, isRefusal: boolean, refused: CorsNote[]): CorsNote[] {
  if (blocked.stage === 'preflight' || refused.length === 0) return [authenticationFirst(blocked, isRefusal), ...refused]
  const origin = serializeRequestOrigin(blocked.request)
  return [{
    code: 'authentication-first',
    message: `${capitalised(answerTo(blocked))}, a ${blocked.response.status}, has signs of a CORS layer, but no Access-Control-Allow-Origin: either that layer does not allow ${origin}, or something took the header out of the refusal.`,
    fix: `First check whether the server allows ${origin}, then what takes the header out; then look at the refusal itself.`,
    where: 'server'
  }]
}

function authenticationFirst (blocked: Blocked, isRefusal: boolean): CorsNote {
  const { stage, response: { status, headers }, request } = blocked
  const when = isRefusal
    ? 'and the signs of a CORS layer on it do not help'
    : getHeader(headers, 'access-control-allow-origin') === null ? 'before CORS could' : 'and the CORS headers on it do not help'
  const found = status === 419 ? FORGERY : status === 403 ? `a login, a firewall or ${request.method === 'GET' ? 'another guard' : FORGERY}` : 'a login'
  return stage === 'preflight'
    ? {
        code: 'authentication-first',
        message: `${capitalised(found)} answered the preflight with ${status}, ${when}: browsers never send cookies or tokens with a preflight.`,
        fix: `Let CORS come before authentication: OPTIONS ${request.url.pathname} must be answered without a login.`,
        where: 'server'
      }
    : {
        code: 'authentication-first',
        message: `${capitalised(found)} answered with ${status}, ${when}: the page is not even told that status.`,
        fix: `Let CORS come before authentication, so that its refusals carry the headers too; then look at the ${status === 419 ? 'check' : 'login'} itself.`,
        where: 'server'
      }
}

function notHandled ({ request }: Blocked, message: string): CorsNote {
  const { pathname } = request.url
  return {
    code: 'preflight-not-handled',
    message,
    fix: `Let a CORS layer that allows ${serializeRequestOrigin(request)} answer preflights before the routes of the server, or answer OPTIONS ${pathname} with 204 and the CORS headers.`,
    where: 'server'
  }
}

const failures: Readonly<Record<number, string>> = {
  502: 'a gateway got no proper answer from the server behind it',
  503: 'the server is down, or has too much to do',
  504: 'the server behind a gateway took too long'
}

/** Where a function decides about origins, the package `cors` makes an error of a refusal, as its own examples do. */
function thrown ({ request, response: { status, headers } }: Blocked): string {
  return status === 500 && /^express\b/i.test(getHeader(headers, 'x-powered-by') ?? '')
    ? ` If the log says "Not allowed by CORS", add ${serializeRequestOrigin(request)} to the list in that function.`
    : ''
}

function serverError (blocked: Blocked): CorsNote {
  const { status } = blocked.response
  return {
    code: 'server-error',
    message: `${capitalised(answerTo(blocked))} has the status ${status}: ${failures[status] ?? 'the server failed'}. That is the fault, not CORS: such answers rarely carry its headers.`,
    fix: `Look into the log of the server, and of the proxy in front of it, and mend the error first.${thrown(blocked)}`,
    where: 'server'
  }
}

function rateLimited (blocked: Blocked): CorsNote {
  const wait = getHeader(blocked.response.headers, 'retry-after')
  const first = blocked.stage === 'preflight' ? 'Do not count preflights' : 'Let CORS come before the rate limit'
  return {
    code: 'rate-limited',
    message: `${capitalised(answerTo(blocked))} has the status 429: a rate limit refused it before CORS could add its headers${wait === null ? '' : ` (Retry-After: ${wait})`}.`,
    fix: `Wait, and call less often. ${first}, so that the page can read the status.`,
    where: 'server'
  }
}

function tooLarge (blocked: Blocked): CorsNote {
  const { status } = blocked.response
  const [what, mend] = status === 413
    ? ['body is', 'Send a smaller body, or raise the limit where it is: client_max_body_size of nginx, bodyLimit of Fastify.']
    : status === 414
      ? ['URL is', 'Send what is in the query in the body of a POST, or raise the limit of the server or proxy.']
      : ['headers are', 'Send fewer or shorter headers (cookies are the usual cause), or raise the limit of the server or proxy.']
  return {
    code: 'too-large',
    message: `${capitalised(answerTo(blocked))} has the status ${status}: the ${what} too large for the server or a proxy, which refused it before CORS could add its headers.`,
    fix: mend,
    where: 'server'
  }
}
