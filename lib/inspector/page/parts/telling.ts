import { causeOf, paragraphsOf } from './cause.js'
import { pathOf } from './facts.js'
import { SURPRISES } from './surprises.js'
import type { CorsNote } from '../../../browser/index.js'
import type { Call, Judgement } from '../../wire.js'

/** The kind of a verdict, which decides its shape, word and colour. */
export type Kind = 'allowed' | 'but' | 'blocked' | 'waiting'

export const WORDS: Readonly<Record<Kind, string>> = { allowed: 'Allowed', but: 'Allowed, but', blocked: 'Blocked', waiting: 'Waiting' }

/** A station on the way of a call. */
export interface Station {
  readonly name: 'Page' | 'Preflight' | 'Request' | 'Script'
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
  const [note, ...others] = verdict.notes
  const about = note === undefined ? null : SURPRISES.get(note.code)
  const kind = note === undefined ? 'allowed' : 'but'
  const asked = call.preflight !== null ? 'after a preflight' : verdict.isPresumed ? 'the preflight was not seen' : 'no preflight needed'
  return {
    kind,
    short: note === undefined ? asked : about?.short ?? 'something will surprise',
    headline: note === undefined ? 'The page may read the answer' : about?.headline ?? 'The page may read the answer',
    stations: [
      page(call),
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

function blocked (call: Call, verdict: Judgement): Telling {
  const cause = causeOf(call, verdict)
  const { short, headline, stop, header, says } = cause
  const isAsked = verdict.preflight === 'failed'
  const isUnsent = !isAsked && call.actual === null
  const never = { name: 'Request', code: `${call.method} ${pathOf(call.url)}`, says: 'never sent', state: 'never' } as const
  return {
    kind: 'blocked',
    short,
    headline,
    stations: [
      isUnsent ? { ...page(call), says: `Stopped here: ${stop}`, state: 'stop' } : page(call),
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
        ? { name: 'Request', code: `${call.method} ${pathOf(call.url)}`, says: 'not sent yet', state: 'never' }
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
      { name: 'Request', code: `${call.method} ${pathOf(call.url)}`, says: 'never came', state: 'never' },
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
      { name: 'Request', code: `${call.method} ${pathOf(call.url)}`, says: isAsked ? 'Stopped here: no answer' : 'never sent', state: isAsked ? 'stop' : 'never' },
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

function requestCode ({ method, url, actual }: Call): string {
  return `${method} ${pathOf(url)} ${actual?.response?.status ?? ''}`.trim()
}

/** Says if the server has handled the request, which people would have to guess. */
function consequence ({ method, actual }: Call, isUnsent: boolean): string {
  if (isUnsent) return `The browser never sent the ${method}. Nothing was ${method === 'DELETE' ? 'deleted' : 'changed'}.`
  const status = actual?.response?.status
  return status === undefined || status >= 400
    ? 'The request did arrive. The browser only keeps the answer from your script.'
    : `The server did its work, and answered ${status}. The browser only keeps the answer from your script.`
}
