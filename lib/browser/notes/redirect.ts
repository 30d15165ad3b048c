import { locationUrl } from '../redirect.js'
import { answer, capitalised } from './answer.js'
import type { Outcome } from '../outcome.js'
import type { CorsNote } from './note.js'

/** Notes on redirects that stand in the way, or change the request on it. */
export function redirectNotes (outcome: Outcome): CorsNote[] {
  const { request, blocked } = outcome
  if (blocked === null) return bodyLost(outcome)
  const location = locationUrl(request, blocked.response)
  if (location.kind === 'url' && blocked.stage !== 'redirect') {
    return [redirect(`${capitalised(answer(blocked))} is a redirect (${blocked.response.status}) to ${location.url.href}`, request.url, location.url)]
  }
  const [first] = request.previousUrls
  return blocked.stage === 'redirect' || first === undefined || first.origin === request.url.origin
    ? []
    : [redirect(`${first.href} redirects to ${request.url.href}, on another origin`, first, request.url)]
}

function redirect (what: string, from: URL, to: URL): CorsNote {
  const change = changeOf(from, to)
  if (change === null && isLogin(to) && !isLogin(from)) {
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

/** A POST that arrives as GET, and a token that does not arrive: allowed, and hardly meant. */
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

/** What little a redirect changes; `null` where it leads elsewhere. */
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
