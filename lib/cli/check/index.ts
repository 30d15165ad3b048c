import { type PageBody, readBody } from './body.js'
import { renderVerdict } from './report.js'
import { readFramework, writtenRemedy } from './remedy.js'
import { type Arguments, type Command, type Result, wrongUsage } from '../command.js'
import { sender, TIMEOUT, TIMEOUT_OPTION } from '../send.js'
import { readOrigin, readUrl } from '../urls.js'
import { type Judged, judged } from '../../browser/check-cors.js'
import { type CorsPage, type CorsSend, FRAMEWORKS } from '../../browser/index.js'

/** Plays the browser against a running server of any make. */
export const check: Command = {
  name: 'check',
  summary: 'Sends a running server what a browser would send for a page, and says whether the page gets the answer, why, and how to fix it',
  operand: { name: '<url>', meaning: 'the URL that the page calls' },
  options: {
    origin: { value: '<origin>', required: true, meaning: 'the origin of the page, such as https://app.example.com' },
    method: { value: '<method>', meaning: 'the method that the page uses (default GET; with a body, POST)' },
    header: { value: '\'<name>: <value>\'', short: 'H', multiple: true, meaning: 'a request header that the page sets; as often as needed' },
    credentials: { meaning: 'the page calls with cookies and HTTP authentication: fetch(url, { credentials: \'include\' })' },
    data: { value: '<text|@file>', meaning: 'the body: a text, or the content of a file' },
    'body-size': { value: '<bytes>', meaning: 'a body of this length, to meet the limits of servers and proxies' },
    upload: { meaning: 'the page follows the upload: XMLHttpRequest with listeners on upload, or a streamed body' },
    for: { value: '<framework>', meaning: `write the remedy for ${FRAMEWORKS.join(', ')} (default: guessed from the answer)` },
    timeout: TIMEOUT_OPTION
  },
  exits: ['the browser lets the page have the answer', 'the browser blocks it'],
  examples: [
    'http://localhost:3000/users --origin http://localhost:5173',
    'http://localhost:8000/users/1 --origin http://localhost:5173 --method PUT -H \'Content-Type: application/json\' --for django',
    'https://api.example.com/photos --origin https://app.example.com --credentials --body-size 5000000'
  ],
  run
}

async function run (given: Arguments): Promise<Result> {
  const framework = readFramework(given.text('for'))
  const body = readBody(given)
  const page = {
    origin: readOrigin(given.required('origin')),
    url: readUrl(given.operand).href,
    method: readMethod(given.text('method'), body),
    headers: withType(readHeaders(given.texts('header')), body),
    credentials: given.has('credentials') ? 'include' : 'same-origin',
    upload: given.has('upload')
  } as const
  const outcome = await judge(page, sender(given.milliseconds('timeout', TIMEOUT), body))
  const { verdict } = outcome
  const remedy = writtenRemedy(verdict, framework)
  return {
    isGood: verdict.allowed,
    json: { ...verdict, remedy: remedy === null ? null : { options: remedy.options, for: remedy.for, text: remedy.text } },
    text: style => renderVerdict(page, outcome, remedy, style)
  }
}

async function judge (page: CorsPage, send: CorsSend): Promise<Judged> {
  try {
    return await judged(page, send)
  } catch (error) {
    // Arguments that fetch() refuses: whatever happens later is a CommandError.
    if (error instanceof TypeError) throw wrongUsage(error.message)
    throw error
  }
}

function readMethod (method: string | undefined, body: PageBody | null): string {
  if (body === null) return method ?? 'GET'
  if (method === undefined) return 'POST'
  if (/^(?:GET|HEAD)$/i.test(method)) throw wrongUsage(`fetch() refuses a body with ${method.toUpperCase()}: leave --method out for POST, or name another one`)
  return method
}

/** A name that is given again adds to its value, as `Headers.append()` does. */
function readHeaders (lines: readonly string[]): Record<string, string> {
  const headers = new Map<string, string>()
  for (const line of lines) {
    const colon = line.indexOf(':')
    if (colon < 1) throw wrongUsage(`--header takes 'name: value', not ${JSON.stringify(line)}`)
    const key = line.slice(0, colon).trim().toLowerCase()
    const value = line.slice(colon + 1).trim()
    const before = headers.get(key)
    headers.set(key, before === undefined ? value : `${before}, ${value}`)
  }
  return Object.fromEntries(headers)
}

/** Fetch, "new Request(input, init)": a body brings its type, unless the page sets one. */
function withType (headers: Record<string, string>, body: PageBody | null): Record<string, string> {
  const type = body?.type ?? null
  return type === null || headers['content-type'] !== undefined ? headers : { ...headers, 'content-type': type }
}
