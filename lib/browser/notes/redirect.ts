import { isRedirectTainted } from '../page-request.js'
import { locationUrl } from '../redirect.js'
import { answer, capitalised } from './answer.js'
import type { Outcome } from '../outcome.js'
import type { CorsNote } from './note.js'

/** Notes on redirects that block the request, or change it. */
export function redirectNotes (outcome: Outcome): CorsNote[] {
  const { request, blocked } = outcome
  if (blocked === null) return bodyLost(outcome)
  if (blocked.stage === 'request' || blocked.stage === 'redirect') return []
  const location = locationUrl(request, blocked.response)
  if (location.kind === 'url') {
    return [redirect(`${capitalised(answer(blocked))} is a redirect (${blocked.response.status}) to ${location.url.href}`, request.url, location.url, blocked.stage === 'preflight')]
  }
  const [first] = request.previousUrls
  // Only a failure about the origin can come from the redirect: methods and headers are the last server's own matter.
  const isStranger = /AllowOrigin|WildcardOrigin/.test(blocked.failure.name)
  return !isStranger || first === undefined || (first.origin === request.url.origin && !isRedirectTainted(request))
    ? []
    : [redirect(`${first.href} redirects to ${request.url.href}, by way of another origin`, first, request.url)]
}

function redirect (what: string, from: URL, to: URL, isPreflight = false): CorsNote {
  const change = changeOf(from, to)
  if (change === null && isLogin(to) && !isLogin(from)) {
    if (isPreflight) {
      return {
        code: 'redirect',
        message: `${what}, which looks like a login: preflights carry no cookies, so they are sent there even if the user is logged in.`,
        fix: 'Answer preflights (OPTIONS) before the login is asked for: put CORS before authentication.',
        where: 'server'
      }
    }
    return {
      code: 'redirect',
      message: `${what}, which looks like a login: the session is missing or over, and a call of a script can't log in there.`,
      fix: 'Log in with a link or a navigation, and let the API answer 401 in place of a redirect.',
      where: 'server'
    }
  }
  return {
    code: 'redirect',
    message: `${what}${change === null ? '' : `, ${change}`}: CORS is not what is missing first.`,
    fix: `Call ${to.href} directly.`,
    where: 'page'
  }
}

/** Notes on a POST that arrives as GET, and on a lost token: both are allowed, but hardly meant. */
function bodyLost ({ request, answers }: Outcome): CorsNote[] {
  const from = request.previousUrls.at(-1)
  const [before, after] = answers.filter(({ kind }) => kind === 'actual').slice(-2)
  if (from === undefined || before === undefined || after === undefined) return []
  const change = changeOf(from, request.url)
  const lost = before.request.method !== after.request.method && change !== null
    ? 'followed with GET, and the body did not arrive'
    : before.request.headers.authorization !== undefined && after.request.headers.authorization === undefined
      ? 'left the Authorization header out there'
      : null
  return lost === null
    ? []
    : [{
        code: 'redirect',
        message: `${from.href} redirects to ${request.url.href}${change === null ? '' : `, ${change}`}: the browser ${lost}.`,
        fix: `Call ${request.url.href} directly.`,
        where: 'page'
      }]
}

/** The small change that a redirect makes to a URL; `null` if it leads elsewhere. */
function changeOf (from: URL, to: URL): string | null {
  const changes: string[] = []
  if (from.protocol !== to.protocol) changes.push(`to ${to.protocol.slice(0, -1)}`)
  if (from.hostname !== to.hostname) {
    if (from.hostname.replace(/^www\./, '') !== to.hostname.replace(/^www\./, '')) return null
    changes.push(to.hostname.startsWith('www.') ? 'with www' : 'without www')
  } else if (from.protocol === to.protocol && from.port !== to.port) {
    changes.push('to another port')
  }
  if (from.pathname !== to.pathname) {
    if (from.pathname.replace(/\/$/, '') !== to.pathname.replace(/\/$/, '')) return null
    changes.push(`${to.pathname.endsWith('/') ? 'with' : 'without'} a slash at the end`)
  }
  return changes.length === 0 ? null : changes.join(' and ')
}

function isLogin ({ hostname, pathname }: URL): boolean {
  return /\b(?:log-?in|sign-?in|oauth2?|authorize|sso|saml2?|openid)\b/i.test(`${hostname}${pathname.replaceAll('_', '-')}`)
}
