import { departureTexts } from '../../lib/browser/departures.js'
import { fill, type FailureText } from '../../lib/browser/failure-text.js'
import { networkFailures } from '../../lib/browser/network-failures.js'
import { corsFailures } from '../../lib/browser/reasons.js'
import { besideCors, type BesideCors } from './beside-cors.js'

/** The case that the page tells every failure with. */
const example = {
  answer: 'The answer to PUT https://api.example.net/items',
  outcome: 'the script may not read it',
  origin: 'https://app.example.com',
  originOption: "origin: ['https://app.example.com']",
  status: '200',
  failed: '',
  unset: '',
  refusal: '',
  method: 'PUT',
  methodNames: "'GET', 'HEAD', 'POST', 'PUT'",
  methodList: 'GET, HEAD, POST, PUT',
  header: 'x-api-key',
  missing: 'x-api-key',
  headerNames: "'x-api-key'",
  headerAdvice: 'send Access-Control-Allow-Headers: x-api-key',
  path: '/items',
  location: 'https://api.example.net/v2/items',
  redirection: 'https://user:password@api.example.net/v2/items',
  space: 'loopback'
}

const preflight = {
  status: '204',
  answer: 'The answer to the preflight of PUT https://api.example.net/items',
  outcome: 'the browser does not send the request'
}
const wrongCredentials = { value: 'TRUE', credentials: 'Access-Control-Allow-Credentials "TRUE"' }
const redirect = { outcome: 'the browser does not follow it' }

/** What differs from the case above. */
const particular: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  AllowOriginMismatch: { value: 'https://www.example.com' },
  MultipleAllowOriginValues: { value: 'https://app.example.com, *' },
  InvalidAllowOriginValue: { value: 'app.example.com' },
  InvalidAllowCredentials: wrongCredentials,
  PreflightAllowOriginMismatch: { value: 'https://www.example.com' },
  PreflightMultipleAllowOriginValues: { value: 'https://app.example.com, *' },
  PreflightInvalidAllowOriginValue: { value: 'app.example.com' },
  PreflightInvalidAllowCredentials: wrongCredentials,
  PreflightInvalidStatus: { status: '401' },
  PreflightDisallowedRedirect: { status: '302' },
  InvalidAllowMethodsPreflightResponse: { ...preflight, value: 'PUT DELETE' },
  InvalidAllowHeadersPreflightResponse: { ...preflight, value: 'x-api-key x-other' },
  MethodDisallowedByPreflightResponse: preflight,
  HeaderDisallowedByPreflightResponse: preflight,
  CorsDisabledScheme: { location: 'ftp://files.example.net/items', outcome: 'the browser does not send the request' },
  RedirectContainsCredentials: redirect,
  TooManyRedirects: redirect,
  InvalidRedirect: redirect,
  UnsafeRedirect: { ...redirect, location: 'data:text/plain,x' },
  UnsupportedScheme: { location: 'ftp://files.example.net/items', scheme: 'ftp', outcome: 'the browser does not send the request' },
  LocalResource: { location: 'file:///home/me/items.json', outcome: 'the browser does not send the request' },
  UnexpectedProxyAuthentication: { status: '407' },
  MixedContent: { location: 'http://api.example.net/items', outcome: 'the browser does not send the request' },
  BlockedPort: { port: '6000', outcome: 'the browser does not send the request' }
}

const engines = [['Chromium', 'chromium'], ['Firefox', 'firefox'], ['WebKit', 'webkit']] as const

/** Renders docs/errors.md from the tables that `checkCors` explains its verdicts with, and from what stands beside CORS. */
export function renderErrorsPage (): string {
  return `${introduction}
${index()}
${cases}
## Failures of the CORS protocol

${sections(corsFailures)}
## Other network errors on the way

Chromium does not count these as CORS: the reason of the verdict is \`null\`.

${sections(networkFailures)}
## Beside CORS

What stops a page beside CORS, or looks like it. \`https://api.example.net\` is the other origin here too.

${besideCors.map(besideSection).join('\n')}
${conclusion}`
}

/** Every line that a browser prints, and where it is explained. */
function index (): string {
  const rows = new Map<string, { engines: Set<string>, links: Set<string> }>()
  const add = (engine: string, line: string, title: string): void => {
    const row = rows.get(line) ?? { engines: new Set(), links: new Set() }
    rows.set(line, { engines: row.engines.add(engine), links: row.links.add(`[${title}](#${anchor(title)})`) })
  }
  for (const [name, { prints }] of Object.entries({ ...corsFailures, ...networkFailures })) {
    for (const [engine, key] of engines) {
      const line: string | null = prints[key]
      if (line !== null) add(engine, fill(line, valuesOf(name)), name)
    }
  }
  for (const { title, prints, networkPanel } of besideCors) {
    for (const [engine, key] of engines) {
      const line = prints[key]
      if (line !== null) add(engine, fill(line, places), title)
    }
    if (networkPanel !== undefined) add('Chromium (network panel)', networkPanel, title)
  }
  const sorted = Array.from(rows).sort(([a], [b]) => a.localeCompare(b, 'en'))
  return table(['what the browser prints', 'which', 'what it means'],
    sorted.map(([line, { engines, links }]) => [code(line), [...engines].join(', '), [...links].join(', ')]))
}

/** The anchor that GitHub gives a heading. */
function anchor (title: string): string {
  return title.toLowerCase().replace(/[^a-z0-9 -]/g, '').replaceAll(' ', '-')
}

function table (head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map(cells => `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |\n`).join('')
}

const places = { api: 'https://api.example.net', page: 'https://app.example.com' }

function besideSection ({ title, prints, networkPanel, remark, means, fix }: BesideCors): string {
  const printed = engines.map(([engine, key]) => {
    const line = prints[key]
    const panel = key === 'chromium' && networkPanel !== undefined ? `; its network panel says ${code(networkPanel)}` : ''
    return [engine, line === null ? `nothing${panel}` : code(fill(line, places))]
  })
  return `### ${title}

${means.replaceAll('<', '&lt;')}

${table(['engine', 'what it prints'], printed)}${remark === undefined ? '' : `\n${remark}\n`}
**Fix.** ${fix}
`
}

function sections (texts: Readonly<Record<string, FailureText>>): string {
  return Object.entries(texts).map(([name, text]) => section(name, text)).join('\n')
}

function valuesOf (name: string): Readonly<Record<string, string>> {
  return { ...example, ...(name.startsWith('Preflight') ? preflight : {}), ...particular[name] }
}

function section (name: string, { explanation, options, otherwise, prints }: FailureText): string {
  const values = valuesOf(name)
  const printed = engines.map(([engine, key]) => {
    const line = prints[key]
    return [engine, line === null ? 'no message of its own' : code(fill(line, values))]
  })
  const advice = fill(otherwise, values)
  return `### ${name}

${fill(explanation, values)}.

${table(['engine', 'what it prints'], printed)}
**Fix.** ${options === null
  ? `${advice.charAt(0).toUpperCase()}${advice.slice(1)}`
  : `With this plugin: ${code(fill(options, values))}. From any other server: ${advice}`}.
`
}

function code (text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``
}

const introduction = `<!-- Rendered from lib/browser/reasons.ts and test/browser/beside-cors.ts. To change it, change them and run UPDATE_DOCS=1 npx tap test/browser/errors-page.test.ts -->

# What browsers print, what it means, and the fix

Look for the words that your browser printed, and follow the link. All lines are of one case: a page at \`https://app.example.com\` calls \`PUT https://api.example.net/items\`. Chromium puts \`Access to fetch at … from origin … has been blocked by CORS policy:\` before its words, and Firefox puts \`Cross-Origin Request Blocked: … (Reason: …)\` around its own. WebKit adds \`Fetch API cannot load … due to access control checks.\` as a second message; where it has no other, that is all it prints.

The line rarely tells the cause: a crash, a login or a redirect that answers without CORS headers prints the same as a server that knows no CORS. \`npx fastify-cors-policy check <url> --origin <origin>\` asks the server itself, and its notes name what answered.

**Firefox says \`CORS request did not succeed). Status code: (null).\`** where there was no answer at all: a server that is down, a certificate that is not trusted, a host that is not known. That is no matter of CORS: see [No answer at all](#no-answer-at-all).

## The lines
`

const cases = `
The sections below have the name that Chromium gives the failure in its DevTools protocol (\`Network.CorsError\`), which is also the \`reason\` of a verdict of \`checkCors\`, of \`fastify.cors.explain()\` and of the command.

The names that begin with \`Preflight\`, and those that end in \`PreflightResponse\`, are about the browser's question before the request (an \`OPTIONS\` request): the request itself was not sent. The others are about its answer: the request has reached the server and done its work there, only the page may not read the result.
`

const differences = table(['case', 'the standard', 'who does otherwise', 'why'],
  Object.values(departureTexts).map(({ when, standard, otherwise, why }) => [when, standard, otherwise, why]))

const conclusion = `## Notes

The line that a browser prints tells what it missed, not why. Verdicts have \`notes\` for that; when a call is blocked, the first is the likeliest cause, and \`explanation\` and \`fix\` begin with it. When it is allowed, they tell what will still surprise.

| code | when |
| --- | --- |
| \`origin-refused\` | there is a CORS layer (\`Vary: Origin\`, or other CORS headers), and it does not allow the origin |
| \`authentication-first\` | 401, 407, 419, or 403 without a sign of CORS: a login or a firewall answered first; to a preflight, whatever CORS headers the answer has |
| \`preflight-not-handled\` | 404, 405 or 501 to the preflight, another 4xx without a sign of CORS, or what servers answer to OPTIONS by themselves (\`Allow\`) |
| \`server-error\` | another 5xx: a crash, a gateway, a time-out |
| \`redirect\` | a slash, https, www or a login by redirect; allowed, a redirect that loses the body or \`Authorization\`, or ends at a login |
| \`rate-limited\`, \`too-large\` | 429; 413, 414 or 431 |
| \`answered-twice\` | two values where one must stand |
| \`origin-near-miss\` | the allowed origin is the page's but for a slash, case, scheme, port, www, or localhost for 127.0.0.1 |
| \`method-case\` | \`patch\` in the page, \`PATCH\` in the list |
| \`null-origin\` | a local file, a sandboxed page, or a way by another origin |
| \`mixed-content\`, \`blocked-port\`, \`local-network\` | what browsers do not send, or only when their user agrees |
| \`header-misplaced\` | the page sends \`Access-Control-Allow-Origin\` or another header of answers with its request |
| \`handler-not-run\` | of \`explain()\` alone: the preflight arrives at a handler that serves other methods too, and was not run |
| \`headers-not-exposed\` | headers that this page has a use for and may not read; an \`ETag\` counts when it writes, a rate limit at 429, a request id on errors |
| \`cookie-not-kept\` | a cookie that the browser does not store |
| \`resource-policy\` | an image, script, font or the like that plain elements do not get |
| \`vary-missing\` | an answer for one origin that caches may hand to another, or have handed to this page |

## Where engines differ

The verdict is the Fetch Standard's. \`differs\` names the engines that this project's browser tests have seen decide otherwise; the command prints the case beside them:

${differences}
\`Access-Control-Max-Age\` is no part of \`differs\`: a negative number counts as 0 in all engines, and so in \`maxAge\`; \`+600\` counts as 600 in Chromium and WebKit, and not at all in Firefox; numbers from 2⁶³ on count as none in Chromium and WebKit, which then remember for 5 seconds.

\`differs\` goes by the answers at hand. Where an engine asks and the standard does not, an answer that lists nothing of the kind counts as a refusal. What only an answer that the standard never asks for could tell is left out: after a redirect, for one, Firefox and WebKit send a preflight even where the request has become a plain \`GET\` or has lost its \`Authorization\`.

Where a preflight lists none of several headers, Chromium names one of them, by the order of an internal table. The \`parameter\` of the verdict is one of them too, not always the same; the fix lists them all.

## What no verdict says

- \`LocalNetworkAccessPermissionDenied\`: whether a page from the internet may reach this machine or the local network is for the user of the browser to say, and no header takes part in it.
- Content security policies are the page's own: see [Content-Security-Policy: connect-src](#content-security-policy-connect-src).
- What engines print of mixed content was seen once, by hand: the pages of the browser tests have no certificate.
`
