import { extractTokens, getHeader } from '../header-list.js'
import { isRedirectTainted, serializeRequestOrigin } from '../page-request.js'
import { isAboutOrigin } from '../reasons.js'
import type { Blocked, Outcome } from '../outcome.js'
import type { CorsNote } from '../verdict.js'

/** Notes on mistakes in the page, whatever the server allows. */
export function pageNotes (outcome: Outcome): CorsNote[] {
  return [...nullOrigin(outcome), ...methodCase(outcome), ...headerMisplaced(outcome)]
}

/** True for a header that only answers can have: people who look for the cause let their page send it. */
export function isMisplaced (name: string): boolean {
  return /^access-control-(?:allow-|expose-headers$|max-age$)/.test(name)
}

/** True if all headers that the server does not allow are such ones. */
export function lacksMisplacedOnly ({ failure: { name, details } }: Blocked): boolean {
  return name === 'HeaderDisallowedByPreflightResponse' && String(details.missing).split(', ').every(isMisplaced)
}

function headerMisplaced ({ request, blocked }: Outcome): CorsNote[] {
  const names = request.headers.map(([name]) => name).filter(isMisplaced)
  return blocked === null || names.length === 0
    ? []
    : [{
        code: 'header-misplaced',
        message: `The page sends ${names.join(', ')}, which is a header of answers: in a request it allows nothing, and browsers ask the server about it first.`,
        fix: `Leave ${names.join(', ')} out of the request: the server has to send it.`,
        where: 'page'
      }]
}

function nullOrigin ({ request, answers, blocked }: Outcome): CorsNote[] {
  const origin = serializeRequestOrigin(request)
  if (origin !== 'null' && origin !== 'file://') return []
  const allowed = answers.at(-1)?.headers
  const isMatter = blocked === null
    ? allowed !== undefined && getHeader(allowed, 'access-control-allow-origin') === origin
    : isAboutOrigin(blocked.failure.name)
  if (!isMatter) return []
  return isRedirectTainted(request) && request.origin !== 'null'
    ? [{
        code: 'null-origin',
        message: 'After a redirect from one foreign origin to another, browsers send Origin: null. To allow null would let everybody in.',
        fix: `Call ${request.url.href} directly.`,
        where: 'page'
      }]
    : [{
        code: 'null-origin',
        message: `The page has no origin of its own (Origin: ${origin}): it is a local file, or sandboxed. To allow ${origin} lets everybody in, since any page can make itself one.`,
        fix: 'Serve the page over http, from http://localhost:8080 say, and allow that origin.',
        where: 'page'
      }]
}

function methodCase ({ request, blocked }: Outcome): CorsNote[] {
  if (blocked?.failure.name !== 'MethodDisallowedByPreflightResponse') return []
  const { method } = request
  const upper = method.toUpperCase()
  const listed = extractTokens(blocked.response.headers, 'access-control-allow-methods')
  return method !== upper && Array.isArray(listed) && listed.includes(upper)
    ? [{
        code: 'method-case',
        message: `The page says ${method}, and the server allows ${upper}: names of methods are case-sensitive, and browsers write only DELETE, GET, HEAD, OPTIONS, POST and PUT in capitals by themselves.`,
        fix: `Write method: '${upper}' in the page.`,
        where: 'page'
      }]
    : []
}
