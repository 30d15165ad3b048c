import { fill } from '../failure-text.js'
import { getHeader } from '../header-list.js'
import { serializeRequestOrigin } from '../page-request.js'
import type { Blocked } from '../outcome.js'
import type { CorsNote } from '../verdict.js'

/** A service that answers in place of the server that was meant, and says so in a header. */
interface Answerer {
  header: string
  value: RegExp
  /** The statuses that it is known by; any, if left out. */
  statuses?: readonly number[]
  code: CorsNote['code']
  message: string
  fix: string
}

/** The words in braces are those of {@link answererNote}. */
const answerers: readonly Answerer[] = [
  {
    header: 'server',
    value: /^AirTunes\b/i,
    code: 'authentication-first',
    message: 'The AirPlay receiver of macOS answered with {status}, and not your server: it holds the ports 5000 and 7000.',
    fix: 'Let your server listen on another port, such as 8000, and call that one.'
  },
  {
    header: 'server',
    value: /^AmazonS3\b/i,
    statuses: [403],
    code: 'authentication-first',
    message: 'Amazon S3 answered {what} with 403: no CORS rule of the bucket allows this request, or the object is not for everybody.',
    fix: 'Add a rule to the CORS configuration of the bucket (Permissions, CORS) that allows {origin} and {method}.'
  },
  {
    header: 'x-amzn-errortype',
    value: /^MissingAuthenticationToken/i,
    code: 'authentication-first',
    message: 'Amazon API Gateway answered {what} with {status}: it asks for a token where a path, or its method OPTIONS, is not there.',
    fix: 'Enable CORS for the resource, which creates its method OPTIONS, and deploy it; see also whether {path} is right.'
  },
  {
    header: 'cf-mitigated',
    value: /^challenge$/i,
    code: 'authentication-first',
    message: 'Cloudflare answered {what} with a challenge ({status}), which no script can solve.',
    fix: 'Except {path} from the challenge in the security rules of Cloudflare.'
  },
  {
    header: 'ngrok-error-code',
    value: /^ERR_NGROK_6024$/i,
    code: 'authentication-first',
    message: 'ngrok answered with its warning page, before the server could.',
    fix: "Send the header ngrok-skip-browser-warning: '1' with every call, and let the server allow that header."
  },
  {
    header: 'ngrok-error-code',
    value: /^ERR_NGROK_/i,
    code: 'server-error',
    message: 'ngrok answered itself, with {status}: the tunnel is not running, has another address, or its server is down.',
    fix: 'Start the tunnel and the server behind it, and call the address that ngrok prints.'
  },
  {
    header: 'server',
    value: /^Vercel$/i,
    statuses: [401],
    code: 'authentication-first',
    message: 'The Deployment Protection of Vercel answered {what} with 401, before the deployment could.',
    fix: 'Call the production domain, or except the path of the API from the protection (OPTIONS Allowlist).'
  }
]

/** The note on a service that is known by its headers; `null` if none is. */
export function answererNote ({ stage, request, response: { status, headers } }: Blocked): CorsNote | null {
  const found = answerers.find(({ header, value, statuses }) =>
    value.test(getHeader(headers, header) ?? '') && (statuses === undefined || statuses.includes(status)))
  if (found === undefined) return null
  const words: Readonly<Record<string, string>> = {
    status: String(status),
    what: stage === 'preflight' ? 'the preflight' : `${request.method} ${request.url.pathname}`,
    origin: serializeRequestOrigin(request),
    method: request.method,
    path: request.url.pathname
  }
  return { code: found.code, message: fill(found.message, words), fix: fill(found.fix, words), where: 'server' }
}
