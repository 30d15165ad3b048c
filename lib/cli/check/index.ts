import { renderVerdict } from './report.js'
import { type Arguments, type Command, type Result, wrongUsage } from '../command.js'
import { readOrigin, readUrl, sender } from '../send.js'
import { checkCors, type CorsPage, type CorsSend, type CorsVerdict } from '../../browser/index.js'

/** How long to wait for the head of an answer, in milliseconds. */
export const TIMEOUT = 10_000

/** Plays the browser against a running server of any make. */
export const check: Command = {
  name: 'check',
  summary: 'Asks a running server what a browser would ask for a page, and says whether the page gets the answer, why, and how to fix it',
  operand: { name: '<url>', meaning: 'the URL that the page calls' },
  options: {
    origin: { value: '<origin>', required: true, meaning: 'the origin of the page, such as https://app.example.com' },
    method: { value: '<method>', meaning: 'the method that the page uses (default GET)' },
    header: { value: '\'<name>: <value>\'', multiple: true, meaning: 'a request header that the page sets; as often as needed' },
    credentials: { meaning: 'the page calls with cookies and HTTP authentication: fetch(url, { credentials: \'include\' })' },
    timeout: { value: '<ms>', meaning: `how long to wait for an answer, in milliseconds (default ${TIMEOUT})` }
  },
  exits: ['the browser lets the page have the answer', 'the browser blocks it'],
  examples: [
    'http://localhost:3000/users --origin http://localhost:5173',
    'https://api.example.com/users/1 --origin https://app.example.com --method PUT --header \'Content-Type: application/json\' --credentials'
  ],
  run
}

async function run (given: Arguments): Promise<Result> {
  const page = {
    origin: readOrigin(given.required('origin')),
    url: readUrl(given.operand).href,
    method: given.text('method') ?? 'GET',
    headers: readHeaders(given.texts('header')),
    credentials: given.has('credentials') ? 'include' : 'same-origin',
    upload: false
  } as const
  const verdict = await judge(page, sender(given.milliseconds('timeout', TIMEOUT)))
  return { isGood: verdict.allowed, json: verdict, text: style => renderVerdict(page, verdict, style) }
}

async function judge (page: CorsPage, send: CorsSend): Promise<CorsVerdict> {
  try {
    return await checkCors(page, send)
  } catch (error) {
    // What fetch() would not take: whatever happens later is a CommandError.
    if (error instanceof TypeError) throw wrongUsage(error.message)
    throw error
  }
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
