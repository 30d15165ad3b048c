import { getLines } from '../header-list.js'
import { serializeRequestOrigin } from '../page-request.js'
import { titleCased } from '../../http/header-names.js'
import { isLoopback } from '../../http/hosts.js'
import type { Blocked, Outcome } from '../outcome.js'
import type { CorsNote } from '../verdict.js'

/** Notes on an answer that allows an origin much like the page's. */
export function originNotes ({ blocked }: Outcome): CorsNote[] {
  if (blocked === null) return []
  const name = blocked.failure.name.replace(/^Preflight/, '')
  if (name === 'MultipleAllowOriginValues') return answeredTwice(blocked, 'access-control-allow-origin')
  if (name === 'InvalidAllowCredentials') return answeredTwice(blocked, 'access-control-allow-credentials')
  return name === 'AllowOriginMismatch' || name === 'InvalidAllowOriginValue' ? nearMiss(blocked) : []
}

function answeredTwice ({ response }: Blocked, header: string): CorsNote[] {
  const lines = getLines(response.headers, header)
  const values = lines.flatMap(line => line.split(/[\s,]+/)).filter(value => value !== '')
  const name = titleCased(header)
  return values.length < 2
    ? []
    : [{
        code: 'answered-twice',
        message: `${name} has ${values.length} values, ${values.join(' and ')}: two layers each add theirs (a proxy, the framework, a handler), or one writes a list, which browsers do not read.`,
        fix: `Let only one of them send ${name}, with one value: take CORS out of the application, or let the proxy drop what the application sends (in nginx, proxy_hide_header ${name};).`,
        where: 'server'
      }]
}

function nearMiss ({ failure, request }: Blocked): CorsNote[] {
  const origin = serializeRequestOrigin(request)
  const differences = origin === 'null'
    ? null
    : failure.parameter === request.url.origin ? ["that is the API's own address, and the page's has to stand there"] : differencesOf(failure.parameter, origin)
  return differences === null
    ? []
    : [{
        code: 'origin-near-miss',
        message: `The server allows ${failure.parameter}, and the page is ${origin}. The difference: ${differences.join(', and ')}.`,
        fix: `Allow ${origin}, byte for byte.`,
        where: 'server'
      }]
}

/** The differences of an allowed origin from the page's; `null` if the two are unrelated. */
function differencesOf (allowed: string, origin: string): string[] | null {
  const differences: string[] = []
  const bare = allowed.replace(/^["'<]+|["'>]+$/g, '')
  if (bare !== allowed) differences.push('the marks around it')
  if (isPatternOf(bare, origin)) return [...differences, 'a pattern, which browsers take as it is written']
  const page = new URL(origin)
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(bare)
  const text = hasScheme ? bare : `${page.protocol}//${bare}`
  if (!URL.canParse(text)) return null
  const url = new URL(text)
  const host = hostDifference(url.hostname, page.hostname)
  if (host === null) return null
  if (!hasScheme) differences.push(`${page.protocol}// is missing`)
  else if (url.protocol !== page.protocol) differences.push(`${url.protocol}// in place of ${page.protocol}//`)
  if (host !== '') differences.push(host)
  if (url.port !== page.port) differences.push(`${portOf(url)} in place of ${portOf(page)}`)
  const rest = url.pathname + url.search + url.hash
  if (rest !== '/' && rest !== '') differences.push(`the path ${rest}`)
  else if (text.endsWith('/')) differences.push('a slash at the end')
  if (differences.length === 0 && /^[^/]*\/\/[^/]*:(?:80|443)$/.test(text)) differences.push(`the default port :${text.slice(text.lastIndexOf(':') + 1)}, which browsers leave out`)
  if (differences.length === 0) differences.push(text.toLowerCase() === origin ? 'letter case' : `it is spelled ${allowed}`)
  return differences
}

/** `''` for the same host, `null` for unrelated ones. */
function hostDifference (allowed: string, page: string): string | null {
  if (allowed === page) return ''
  if (isLoopback(allowed) && isLoopback(page)) return `${allowed} in place of ${page}, which is another host for browsers`
  if (`www.${allowed}` === page) return 'www. is missing'
  if (allowed === `www.${page}`) return 'www. is not in the address of the page'
  if (allowed === `${page}.` || `${allowed}.` === page) return 'the dot after the host'
  return null
}

/** True for a text with one `*` that would match the origin, if browsers knew patterns. */
function isPatternOf (text: string, origin: string): boolean {
  const [start = '', end, ...others] = text.split('*')
  return end !== undefined && others.length === 0 && start !== '' &&
    origin.length >= start.length + end.length && origin.startsWith(start) && origin.endsWith(end)
}

function portOf ({ port, protocol }: URL): string {
  return port === '' ? `no port (${protocol === 'https:' ? 443 : 80})` : `port ${port}`
}
