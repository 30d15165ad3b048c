import { quote, shorten } from '../../origin/source.js'
import { isToken } from '../../token.js'
import type { Problem } from '../issue-list.js'
import { checkNames, namesSource } from './names.js'
import type { Rules } from './rule.js'

/** Fetch, section 2.2.2, "forbidden request-header"; by name, in lower case. */
const FORBIDDEN_IN_REQUESTS = new Set([
  'accept-charset', 'accept-encoding', 'connection', 'content-length', 'cookie', 'cookie2', 'date', 'dnt', 'expect', 'host',
  'keep-alive', 'origin', 'referer', 'set-cookie', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'via'
])

/** The same, by how they begin. Those of CORS itself are among them, also those that the standard does not know yet. */
const FORBIDDEN_BEGINNING = /^(?:access-control-request-|proxy-|sec-)/

/** Fetch, section 2.2.2, "forbidden response-header name". */
const FORBIDDEN_IN_RESPONSES = new Set(['set-cookie', 'set-cookie2'])

/** `header-invalid`, `header-forbidden` and `header-misplaced`. */
export function checkHeaders (rules: Rules): void {
  checkNames('allowedHeaders', 'header-invalid', rules, name => invalidName(name) ?? problemInRequests(name, name.toLowerCase()))
  checkNames('exposedHeaders', 'header-invalid', rules, name => invalidName(name) ?? problemInResponses(name, name.toLowerCase()))
}

function invalidName (value: string): Problem | null {
  if (isToken(value)) return null
  const what = value.trim() === '' ? 'is empty' : 'is not the name of a header'
  return {
    code: 'header-invalid',
    value,
    message: `${quote(shorten(value))} ${what}`,
    fix: namesSource(value.replace(/:.*/s, ''))
  }
}

function problemInRequests (value: string, name: string): Problem | null {
  const shown = quote(shorten(value))
  if (name === 'cookie') {
    return { code: 'header-forbidden', value, message: `${shown} is never set by a page: browsers send cookies with credentials`, fix: 'credentials: true' }
  }
  if (FORBIDDEN_IN_REQUESTS.has(name) || FORBIDDEN_BEGINNING.test(name)) {
    return { code: 'header-forbidden', value, message: `${shown} is never set by a page, only by the browser itself: leave it out`, fix: null }
  }
  if (name.startsWith('access-control-') || name === 'timing-allow-origin') {
    return { code: 'header-misplaced', value, message: `${shown} is a header of the server's answer, which the plugin sends: leave it out`, fix: null }
  }
  return null
}

function problemInResponses (value: string, name: string): Problem | null {
  const shown = quote(shorten(value))
  if (FORBIDDEN_IN_RESPONSES.has(name)) {
    return { code: 'header-forbidden', value, message: `${shown} is never shown to a page by a browser: leave it out`, fix: null }
  }
  if (name === 'origin' || name.startsWith('access-control-request-')) {
    return { code: 'header-misplaced', value, message: `${shown} is a header of the browser's request, not of an answer: leave it out`, fix: null }
  }
  return null
}
