import { causeOf, paragraphsOf } from './cause.js'
import { pathOf } from './facts.js'
import { SURPRISES } from './surprises.js'
import type { CorsNote } from '../../../browser/index.js'
import type { Call, Hop, Judgement } from '../../wire.js'

/** The kind of a verdict, which decides its shape, word and colour. */
export type Kind = 'allowed' | 'but' | 'blocked' | 'waiting'

export const WORDS: Readonly<Record<Kind, string>> = { allowed: 'Allowed', but: 'Allowed, but', blocked: 'Blocked', waiting: 'Waiting' }

/** A station on the way of a call. */
export interface Station {
  readonly name: 'Page' | 'Redirect' | 'Preflight' | 'Request' | 'Script'
  readonly code: string
  readonly says: string
  /** `stop`: the call went no further. `end`: it has come here. `skip`: not needed. */
  readonly state: 'done' | 'skip' | 'never' | 'stop' | 'end'
}

/** The line of an answer that decided. */
export interface Mark {
  readonly message: 'preflight' | 'actual'
  /** `null`: the line with the status. */
  readonly header: string | null
  readonly says: string
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
      ? { message: 'actual', header: 'access-control-allow-origin', says: 'This line decides: it allows the page’s origin.' }
      : about?.header == null ? null : { message: 'actual', header: about.header, says: about.says }
  }
}

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
    mark: { message: 'actual', header: 'location', says: 'The browser goes on here.' }
  }
}

/** Where an answer leads (Fetch, "redirect status" and "location URL"). */
function redirectOf ({ actual }: Call): string | null {
  if (actual?.response == null || ![301, 302, 303, 307, 308].includes(actual.response.status)) return null
  const location = actual.response.headers.find(([name]) => name === 'location')?.[1]
  if (location === undefined || !URL.canParse(location, actual.url)) return null
  return seenFrom(actual.url, new URL(location, actual.url).href)
}

function blocked (call: Call, verdict: Judgement): Telling {
  const cause = causeOf(call, verdict)
  const { short, headline, stop, header, says } = cause
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
    mark: isUnsent ? null : { message: isAsked ? 'preflight' : 'actual', header, says }
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
    mark: cause === null ? null : { message: 'preflight', header: cause.header, says: cause.says }
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

function page ({ origin }: Call): Station {
  return { name: 'Page', code: origin, says: 'calls fetch()', state: 'done' }
}

/** The page, and the URLs that led on to the one where it ended. */
function before (call: Call): [Station, ...Station[]] {
  const { redirects } = call
  const hops: readonly Hop[] = [...redirects, call]
  return [page(call), ...redirects.map((hop, i): Station => {
    const { method, url } = sentAt(call, hop)
    const next = sentAt(call, hops[i + 1] ?? call).url
    return {
      name: 'Redirect',
      code: `${method} ${pathOf(url)} ${hop.actual?.response?.status ?? ''}`.trim(),
      says: `${hop.preflight === null ? '' : 'asked first; '}leads to ${seenFrom(url, next)}`,
      state: 'done'
    }
  })]
}

/** The request at a URL of a call, sent or not: redirects change the URL, and some the method (Fetch, "HTTP-redirect fetch"). */
export function sentAt ({ method, url }: Call, { preflight, actual }: Hop): { method: string, url: string } {
  if (actual !== null) return actual
  if (preflight === null) return { method, url }
  const announced = preflight.request.find(([name]) => name === 'access-control-request-method')?.[1]
  return { method: announced ?? method, url: preflight.url }
}

/** A URL as short as it may be beside another one. */
function seenFrom (url: string, other: string): string {
  return new URL(other).origin === new URL(url).origin ? pathOf(other) : other
}

function passedPreflight (call: Call, verdict: Judgement | null): Station {
  const { preflight, method } = call
  if (preflight !== null) {
    const isListed = !['GET', 'HEAD', 'POST'].includes(method)
    return { name: 'Preflight', code: preflightCode(call), says: isListed ? `${method} is allowed` : 'its headers are allowed', state: 'done' }
  }
  return verdict?.isPresumed === true
    ? { name: 'Preflight', code: 'none seen', says: 'perhaps remembered', state: 'skip' }
    : { name: 'Preflight', code: 'not needed', says: 'a form could send this, too', state: 'skip' }
}

function preflightCode ({ preflight }: Call): string {
  return `OPTIONS ${preflight?.response?.status ?? ''}`.trim()
}

function requestCode (call: Call): string {
  const { method, url } = sentAt(call, call)
  return `${method} ${pathOf(url)} ${call.actual?.response?.status ?? ''}`.trim()
}

/** Says if the server has handled the request, which people would have to guess. */
function consequence ({ method, actual }: Call, isUnsent: boolean): string {
  if (isUnsent) return `The browser never sent the ${method}. Nothing was ${method === 'DELETE' ? 'deleted' : 'changed'}.`
  const status = actual?.response?.status
  return status === undefined || status >= 400
    ? 'The request did arrive. The browser only keeps the answer from your script.'
    : `The server did its work, and answered ${status}. The browser only keeps the answer from your script.`
}
