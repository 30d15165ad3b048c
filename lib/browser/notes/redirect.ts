import { isRedirectTainted } from '../page-request.js'
import { isAboutOrigin } from '../reasons.js'
import { locationUrl } from '../redirect.js'
import { capitalised } from '../failure-text.js'
import { answerTo, type Outcome } from '../outcome.js'
import type { CorsNote } from '../verdict.js'

/** Notes on redirects that block the request, or change it. */
export function redirectNotes (outcome: Outcome): CorsNote[] {
  const { request, blocked } = outcome
  const [first] = request.previousUrls
  if (blocked === null) return first !== undefined && leadsToLogin(first, request.url) ? [loginInstead(first, request.url)] : bodyLost(outcome)
  if (blocked.stage === 'request' || blocked.stage === 'redirect') return []
  const location = locationUrl(request, blocked.response)
  if (location.kind === 'url' || location.kind === 'repeated') {
    const { status } = blocked.response
    return [redirect(`${capitalised(answerTo(blocked))} is a redirect (${status}) to ${location.url.href}`, request.url, location.url, {
      isPreflight: blocked.stage === 'preflight',
      isMove: status === 301 || status === 308
    })]
  }
  // A crash at its end is a fault of its own.
  if (first === undefined || blocked.response.status >= 500) return []
  const isTainted = isRedirectTainted(request)
  const isSameServer = first.origin === request.url.origin
  // Only a failure about the origin can come from the redirect: methods and headers are the last server's own matter.
  const isStranger = isAboutOrigin(blocked.failure.name) && (!isSameServer || isTainted)
  return isStranger || leadsToLogin(first, request.url)
    ? [redirect(`${first.href} redirects to ${request.url.href}${isSameServer && isTainted ? ', by way of another origin' : ''}`, first, request.url)]
    : []
}

const byNavigation = 'Log in with a link or a navigation, and let the API answer 401 in place of a redirect.'

function redirect (what: string, from: URL, to: URL, { isPreflight = false, isMove = true } = {}): CorsNote {
  if (leadsToLogin(from, to)) {
    return isPreflight
      ? {
          code: 'redirect',
          message: `${what}, which looks like a login: preflights carry no cookies, so they are sent there even if the user is logged in.`,
          fix: 'Answer preflights (OPTIONS) before the login is asked for: put CORS before authentication.',
          where: 'server'
        }
      : {
          code: 'redirect',
          message: `${what}, which looks like a login: the session is missing or over, and a call of a script can't log in there.`,
          fix: byNavigation,
          where: 'server'
        }
  }
  if (to.href === from.href) {
    return { code: 'redirect', message: `${what}, which is where it comes from.`, fix: `See why the server redirects ${from.pathname} to itself: often it waits for a cookie.`, where: 'server' }
  }
  const change = changeOf(from, to)
  const isDirect = isMove || change !== null || isSameThing(from, to)
  return {
    code: 'redirect',
    message: `${what}${change === null ? '' : `, ${change}`}: CORS is not what is missing first.`,
    fix: isDirect
      ? `Call ${to.href} directly.`
      : `If what the page wants is at ${to.href}, call that directly. If not, see why the server redirects${isPreflight ? ' OPTIONS' : ''} ${from.pathname}: often it wants a login first.`,
    where: isDirect ? 'page' : 'server'
  }
}

/** A login is allowed, and the page gets it: hardly what it asked for. */
function loginInstead (from: URL, to: URL): CorsNote {
  return {
    code: 'redirect',
    message: `${from.href} redirects to ${to.href}, which looks like a login: that is what the page gets, in place of what it asked for.`,
    fix: byNavigation,
    where: 'server'
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

/** True for a redirect from elsewhere to what looks like a login. */
function leadsToLogin (from: URL, to: URL): boolean {
  if (changeOf(from, to) !== null || isLogin(from)) return false
  return comesBack(from, to) || (isLogin(to) && !isSameThing(from, to))
}

/** A login is told where to come back to. */
function comesBack ({ pathname }: URL, { searchParams }: URL): boolean {
  return pathname !== '/' && Array.from(searchParams).some(([name, value]) =>
    /^(?:next|return|redirect|continue|service|goto|came|back|relaystate)/i.test(name) && value.includes(pathname))
}

function isLogin ({ hostname, pathname }: URL): boolean {
  return /^(?:accounts?|auth|id|identity|idp)\./i.test(hostname) ||
    /\b(?:(?:service)?log-?[io]n|sign-?[io]n|authenticate|authorize|oauth2?|sso|saml2?|openid|adfs|sessions?\/new)\b|\/auth(?:\/|$)/i
      .test(`${hostname}${pathname.replaceAll('_', '-')}`)
}

/** True for paths that end in the same name: what moved to another server or version keeps it. */
function isSameThing (from: URL, to: URL): boolean {
  const [one, other] = [from, to].map(({ pathname }) => pathname.split('/').filter(segment => segment !== '').at(-1))
  return one !== undefined && one === other
}
