import { causeOf, decides, type DecidingLine, paragraphsOf } from './cause.js'
import { before, page, passedPreflight, preflightCode, redirectOf, requestCode, type Station } from './stations.js'
import type { CorsNote, CorsNoteCode } from '../../../browser/index.js'
import type { Call, Judgement } from '../../wire.js'

/** The kind of a verdict, which decides its shape, word and colour. */
export type Kind = 'allowed' | 'but' | 'blocked' | 'waiting'

export const WORDS: Readonly<Record<Kind, string>> = { allowed: 'Allowed', but: 'Allowed, but', blocked: 'Blocked', waiting: 'Waiting' }

/** The line of an answer that decided. */
export interface Mark extends DecidingLine {
  readonly message: 'preflight' | 'actual'
}

/** The texts about a call. */
export interface Telling {
  readonly kind: Kind
  /** Follows the word of the kind. */
  readonly short: string
  readonly headline: string
  readonly stations: readonly Station[]
  readonly first: { readonly title: string, readonly paragraphs: readonly string[] } | null
  /** Notes other than the first. */
  readonly others: readonly CorsNote[]
  readonly mark: Mark | null
}

/** Tells the outcome of a call, as a colleague would. */
export function tell (call: Call): Telling {
  const { verdict } = call
  if (call.state === 'gone') return gone(call)
  if (call.state === 'never-came') return neverCame(call)
  if (call.state === 'waiting' || verdict === null) return waiting(call)
  return verdict.allowed ? allowed(call, verdict) : blocked(call, verdict)
}

function allowed (call: Call, verdict: Judgement): Telling {
  const next = redirectOf(call)
  if (next !== null) return redirected(call, verdict, next)
  const [note, ...others] = verdict.notes
  const about = note === undefined ? null : SURPRISES.get(note.code)
  const kind = note === undefined ? 'allowed' : 'but'
  const asked = call.preflight !== null ? 'after a preflight' : verdict.isPresumed ? 'the preflight was not seen' : 'no preflight needed'
  return {
    kind,
    short: note === undefined ? asked : about?.short ?? 'something will surprise',
    headline: note === undefined ? 'The page may read the answer' : about?.headline ?? 'The page may read the answer',
    stations: [
      ...before(call),
      passedPreflight(call, verdict),
      { name: 'Request', code: requestCode(call), says: 'answered', state: 'done' },
      { name: 'Script', code: 'reads the answer', says: about?.end ?? 'as it should', state: 'end' }
    ],
    first: note === undefined ? null : { title: 'Look here first', paragraphs: paragraphsOf(note) },
    others,
    mark: note === undefined
      ? { message: 'actual', ...ALLOWS }
      : about?.line == null ? null : { message: 'actual', ...about.line }
  }
}

/** The texts about an allowed call. */
interface About {
  readonly short: string
  readonly headline: string
  readonly end: string
  readonly line: DecidingLine | null
}

function tells (header: string, what: string): DecidingLine {
  return { header, says: what, ifMissing: `This line is missing: ${what}` }
}

/** The texts for notes on calls that are allowed. */
const SURPRISES: ReadonlyMap<CorsNoteCode, About> = new Map([
  ['cookie-not-kept', { short: 'the cookie is lost', headline: 'The browser drops the cookie', end: 'without the cookie', line: tells('set-cookie', 'Dropped.') }],
  ['headers-not-exposed', { short: 'not every header can be read', headline: 'The page may read the answer, but not all its headers', end: 'but for some headers', line: tells('access-control-expose-headers', 'the page may not read some headers.') }],
  ['resource-policy', { short: 'plain elements may not load it', headline: 'fetch() may read it, plain elements may not', end: 'as it should', line: tells('cross-origin-resource-policy', 'This line keeps it from plain elements.') }],
  ['vary-missing', { short: 'a cache may mix up origins', headline: 'A cache may hand this answer to another origin', end: 'as it should', line: tells('vary', 'it has to have Origin.') }],
  ['redirect', { short: 'a redirect changed it', headline: 'A redirect changed the call on its way', end: 'of another call', line: null }],
  ['null-origin', { short: 'everybody else is, too', headline: 'Allowing “null” lets everybody in', end: 'as may everybody', line: tells('access-control-allow-origin', 'This line lets everybody in.') }],
  ['local-network', { short: 'Chrome asks its user first', headline: 'Chrome asks its user before it lets the page call here', end: 'once the user agrees', line: null }]
])

const ALLOWED_ORIGIN = 'This line decides: it allows the page’s origin.'
const ALLOWS: DecidingLine = { header: 'access-control-allow-origin', says: ALLOWED_ORIGIN, ifMissing: ALLOWED_ORIGIN }

/** A server sees one URL at a time: what comes of a redirect, the next call tells. */
function redirected (call: Call, verdict: Judgement, next: string): Telling {
  return {
    kind: 'allowed',
    short: `redirected to ${next}`,
    headline: 'The browser follows the redirect',
    stations: [
      ...before(call),
      passedPreflight(call, verdict),
      { name: 'Request', code: requestCode(call), says: `leads to ${next}`, state: 'end' },
      { name: 'Script', code: 'await fetch()', says: 'gets the answer of the last URL', state: 'never' }
    ],
    first: { title: 'Nothing is wrong so far', paragraphs: [`The browser goes on to \`${next}\`, and asks there again whether the page may read the answer. If that is this server, it is the next call of the list.`] },
    others: verdict.notes,
    mark: { message: 'actual', ...decides('location', 'The browser goes on here.') }
  }
}

function blocked (call: Call, verdict: Judgement): Telling {
  const cause = causeOf(call, verdict)
  const { short, headline, stop, line } = cause
  const isAsked = verdict.preflight === 'failed'
  const isUnsent = !isAsked && call.actual === null
  const never = { name: 'Request', code: requestCode(call), says: 'never sent', state: 'never' } as const
  const [origin, ...hops] = before(call)
  return {
    kind: 'blocked',
    short,
    headline,
    stations: [
      isUnsent ? { ...origin, says: `Stopped here: ${stop}`, state: 'stop' } : origin,
      ...hops,
      isUnsent
        ? { name: 'Preflight', code: 'OPTIONS', says: 'never sent', state: 'never' }
        : isAsked
          ? { name: 'Preflight', code: preflightCode(call), says: `Stopped here: ${stop}`, state: 'stop' }
          : passedPreflight(call, verdict),
      isUnsent || isAsked ? never : { name: 'Request', code: requestCode(call), says: `Stopped on the way back: ${stop}`, state: 'stop' },
      { name: 'Script', code: 'TypeError', says: 'Failed to fetch', state: 'never' }
    ],
    first: { title: 'Look here first', paragraphs: [...cause.why, consequence(call, isUnsent || isAsked)] },
    others: verdict.notes.filter(note => note !== cause.note),
    mark: isUnsent ? null : { message: isAsked ? 'preflight' : 'actual', ...line }
  }
}

function waiting (call: Call): Telling {
  const isAsked = call.preflight?.response != null
  return {
    kind: 'waiting',
    short: isAsked ? 'the preflight passed; no answer yet' : 'no answer yet',
    headline: 'The server has not answered yet',
    stations: [
      page(call),
      call.preflight === null
        ? { name: 'Preflight', code: 'not seen', says: 'not needed, or remembered', state: 'skip' }
        : { name: 'Preflight', code: preflightCode(call), says: isAsked ? 'passed' : 'no answer yet', state: isAsked ? 'done' : 'end' },
      call.preflight !== null && !isAsked
        ? { name: 'Request', code: requestCode(call), says: 'not sent yet', state: 'never' }
        : { name: 'Request', code: requestCode(call), says: call.actual === null ? 'to come' : 'sent', state: 'end' },
      { name: 'Script', code: 'await fetch()', says: 'still waits', state: 'never' }
    ],
    first: { title: 'Nothing is wrong so far', paragraphs: ['The call is under way. The verdict comes with the answer.'] },
    others: [],
    mark: null
  }
}

function neverCame (call: Call): Telling {
  const { verdict } = call
  const cause = verdict?.allowed === false ? causeOf(call, verdict) : null
  return {
    kind: 'blocked',
    short: 'the announced request never came',
    headline: `The preflight passed, and the ${call.method} never came`,
    stations: [
      page(call),
      { name: 'Preflight', code: preflightCode(call), says: cause === null ? 'passed' : `Stopped here, if with cookies: ${cause.stop}`, state: cause === null ? 'done' : 'stop' },
      { name: 'Request', code: requestCode(call), says: 'never came', state: 'never' },
      { name: 'Script', code: 'no answer', says: 'or left', state: 'never' }
    ],
    first: {
      title: 'Look here first',
      paragraphs: cause === null
        ? ['The page was closed, the call was cancelled, or the answer to the preflight was lost. Call again to see.']
        : ['Most likely, the page calls with `credentials: \'include\'`. A preflight carries no cookie, so the server can’t see that; the browser can, and its answer does not do for such a call.', ...cause.why]
    },
    others: [],
    mark: cause === null ? null : { message: 'preflight', ...cause.line }
  }
}

function gone (call: Call): Telling {
  const isAsked = call.actual !== null
  return {
    kind: 'blocked',
    short: 'the connection closed without an answer',
    headline: 'The connection closed without an answer',
    stations: [
      page(call),
      isAsked ? passedPreflight(call, null) : { name: 'Preflight', code: preflightCode(call), says: 'Stopped here: no answer', state: 'stop' },
      { name: 'Request', code: requestCode(call), says: isAsked ? 'Stopped here: no answer' : 'never sent', state: isAsked ? 'stop' : 'never' },
      { name: 'Script', code: 'TypeError', says: 'Failed to fetch', state: 'never' }
    ],
    first: { title: 'Look here first: this is not a CORS problem', paragraphs: ['The page left, or the server closed the connection before it answered. If the page is still there, the log of the server says more.'] },
    others: [],
    mark: null
  }
}

/** Says if the server has handled the request, which people would have to guess. */
function consequence ({ method, actual }: Call, isUnsent: boolean): string {
  if (isUnsent) return `The browser never sent the ${method}. Nothing was ${method === 'DELETE' ? 'deleted' : 'changed'}.`
  const status = actual?.response?.status
  return status === undefined || status >= 400
    ? 'The request did arrive. The browser only keeps the answer from your script.'
    : `The server did its work, and answered ${status}. The browser only keeps the answer from your script.`
}
