import { fill } from '../../lib/browser/explain.js'
import { corsFailures, type FailureText, networkFailures } from '../../lib/browser/reasons.js'

/** The case that the page tells every failure with. */
const example = {
  answer: 'The answer to PUT https://api.example.net/items',
  outcome: 'the script may not read it',
  origin: 'https://app.example.com',
  originOption: "origin: ['https://app.example.com']",
  status: '200',
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
const redirect = { outcome: 'the browser does not follow it' }

/** What differs from the case above. */
const particular: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  AllowOriginMismatch: { value: 'https://www.example.com' },
  MultipleAllowOriginValues: { value: 'https://app.example.com, *' },
  InvalidAllowOriginValue: { value: 'app.example.com' },
  InvalidAllowCredentials: { value: 'TRUE' },
  PreflightAllowOriginMismatch: { value: 'https://www.example.com' },
  PreflightMultipleAllowOriginValues: { value: 'https://app.example.com, *' },
  PreflightInvalidAllowOriginValue: { value: 'app.example.com' },
  PreflightInvalidAllowCredentials: { value: 'TRUE' },
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
  UnsupportedScheme: { location: 'file:///home/me/items.json', outcome: 'the browser does not send the request' }
}

/** Renders docs/errors.md from the tables that `checkCors` explains its verdicts with. */
export function renderErrorsPage (): string {
  return `${introduction}
## Failures of the CORS protocol

${sections(corsFailures)}
## Other network errors on the way

Chromium does not count these as CORS: the reason of the verdict is \`null\`.

${sections(networkFailures)}
${conclusion}`
}

function sections (texts: Readonly<Record<string, FailureText>>): string {
  return Object.entries(texts).map(([name, text]) => section(name, text)).join('\n')
}

function section (name: string, { explanation, options, otherwise, prints }: FailureText): string {
  const values = { ...example, ...(name.startsWith('Preflight') ? preflight : {}), ...particular[name] }
  const printed = ([['Chromium', prints.chromium], ['Firefox', prints.firefox], ['WebKit', prints.webkit]] as const)
    .map(([engine, message]) => `| ${engine} | ${message === null ? 'no message of its own' : code(fill(message, values))} |\n`)
  const here = options === null ? '' : `With this plugin: ${code(fill(options, values))}. From any other server: `
  const advice = fill(otherwise, values)
  return `### ${name}

${fill(explanation, values)}.

| engine | what it prints |
| --- | --- |
${printed.join('')}
**Fix.** ${here}${here === '' ? `${advice.charAt(0).toUpperCase()}${advice.slice(1)}` : advice}.
`
}

function code (text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``
}

const introduction = `<!-- Rendered from lib/browser/reasons.ts and lib/browser/failure.ts. To change it, change them and run UPDATE_DOCS=1 npx tap test/browser/errors-page.test.ts -->

# What browsers print, what it means, and the fix

Browsers say little in the console, and each says it in its own words. This page lists every failure under the name that Chromium gives it in its DevTools protocol (\`Network.CorsError\`), which is also the \`reason\` of a verdict of \`checkCors\`, of \`fastify.cors.explain()\` and of the command. Search it for the words that your browser printed.

All examples are of one case: a page at \`https://app.example.com\` calls \`PUT https://api.example.net/items\`. Firefox puts \`Cross-Origin Request Blocked: … (Reason: …)\` around its words; Chromium puts \`Access to fetch at … has been blocked by CORS policy: …\` before its own. WebKit adds \`Fetch API cannot load … due to access control checks.\` as a second message; where it has no other, that is all it prints.

The names that begin with \`Preflight\`, and those that end in \`PreflightResponse\`, are about the browser's question before the request (an \`OPTIONS\` request): the request itself was not sent. The others are about its answer: the request has reached the server and done its work there, only the page may not read the result.
`

const conclusion = `## Where engines differ

The verdict is the Fetch Standard's. \`differs\` names the engines that this project's browser tests have seen decide otherwise:

| case | the standard | who does otherwise |
| --- | --- | --- |
| \`Authorization\` under \`Access-Control-Allow-Headers: *\` | must be listed by name | Chromium, Firefox and WebKit still let it pass |
| \`Save-Data: on\`, \`DPR\`, \`Device-Memory\`, \`Width\`, \`Viewport-Width\`, \`Downlink\`, \`ECT\`, \`RTT\` and \`Intervention\`, set by a script | need a preflight | Chromium sends them without |
| \`User-Agent\`, set by a script | needs a preflight | Chromium sends its own instead, without a preflight |
| \`Range: Bytes=0-10\`, the unit in capitals | needs a preflight | WebKit sends it without |
| a preflight after a redirect from one foreign origin to another | says \`Origin: null\` | Firefox says the page's origin there, and \`null\` in the request after it |
| \`DELETE\` that the page's own server redirects to another origin | stays \`DELETE\` | WebKit sends \`GET\` |
| a redirect with an empty \`Location\` | leads to the same URL | Chromium hands the redirect itself to the script |
| the same \`Location\` on two header lines | is an error | Chromium and Firefox follow it |

\`differs\` goes by the answers at hand. What only an answer that the standard never asks for could tell is left out: after a redirect, for one, Firefox and WebKit send a preflight even where the request has become a plain \`GET\` or has lost its \`Authorization\`.

Where a preflight lists none of several headers, Chromium names one of them, by the order of an internal table. The \`parameter\` of the verdict is one of them too, not always the same; the fix lists them all.

## What no verdict says

- \`LocalNetworkAccessPermissionDenied\`: whether a page from the internet may reach this machine or the local network is for the user of the browser to say, and no header takes part in it.
- Mixed content (a page at \`https:\` that calls \`http:\`), content security policies and blocked ports stop a request before CORS comes into it.
- A server that does not answer, a name that does not resolve, a browser extension that blocks: \`Failed to fetch\`, \`NetworkError\` or \`Load failed\` without any of the messages above is no matter of CORS.
`
