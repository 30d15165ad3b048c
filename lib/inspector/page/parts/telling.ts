import { statusText } from './status.js'
import type { Call, Exchange, Judgement } from '../../wire.js'

/** Of what sort a verdict is; its shape, word and colour follow. */
export type Kind = 'allowed' | 'but' | 'blocked' | 'waiting'

export const WORDS: Readonly<Record<Kind, string>> = { allowed: 'Allowed', but: 'Allowed, but', blocked: 'Blocked', waiting: 'Waiting' }

/** A station on the way of a call. */
export interface Station {
  readonly name: 'Page' | 'Preflight' | 'Request' | 'Script'
  readonly code: string
  readonly says: string
  /** `stop`: it went no further. `end`: where it has come to. `skip`: not needed. */
  readonly state: 'done' | 'skip' | 'never' | 'stop' | 'end'
}

/** The line of an answer that decided. */
export interface Mark {
  readonly message: 'preflight' | 'actual'
  /** `null`: the line with the status. */
  readonly header: string | null
  readonly says: string
}

/** What is told about a call. */
export interface Telling {
  readonly kind: Kind
  /** What goes on after the word of the kind. */
  readonly short: string
  readonly headline: string
  readonly stations: readonly Station[]
  readonly first: { readonly title: string, readonly paragraphs: readonly string[] } | null
  readonly mark: Mark | null
}

/** A cause, in the places where it is told. */
interface Cause {
  readonly short: string
  readonly headline: string
  /** After "Stopped here:". */
  readonly stop: string
  readonly header: string | null
  /** Below the line that decided. */
  readonly says: string
  /** What happened, and what that means; `null`: as the verdict explains it. */
  readonly why: string | null
}

/** Tells what became of a call, in the words of a colleague. */
export function tell (call: Call): Telling {
  const { verdict } = call
  if (call.state === 'gone') return gone(call)
  if (call.state === 'never-came') return neverCame(call)
  if (call.state === 'waiting' || verdict === null) return waiting(call)
  return verdict.allowed ? allowed(call, verdict) : blocked(call, verdict)
}

function allowed (call: Call, verdict: Judgement): Telling {
  const [note] = verdict.notes
  const about = note === undefined ? null : NOTES.get(note.code)
  const kind = note === undefined ? 'allowed' : 'but'
  const asked = call.preflight !== null ? 'after a preflight' : verdict.isPresumed ? 'the preflight was not seen' : 'no preflight needed'
  return {
    kind,
    short: note === undefined ? asked : about?.short ?? 'something will surprise',
    headline: note === undefined ? 'The page may read the answer' : about?.headline ?? 'The page may read the answer',
    stations: stations(call, [
      passedPreflight(call, verdict),
      { name: 'Request', code: requestCode(call), says: 'answered', state: 'done' },
      { name: 'Script', code: 'reads the answer', says: about?.end ?? 'as it should', state: 'end' }
    ]),
    first: note === undefined ? null : { title: 'Look here first', paragraphs: [note.message, ...note.fix === null ? [] : [note.fix]] },
    mark: note === undefined
      ? { message: 'actual', header: 'access-control-allow-origin', says: 'This line decides: it allows the page’s origin.' }
      : about?.header == null ? null : { message: 'actual', header: about.header, says: about.says }
  }
}

function blocked (call: Call, verdict: Judgement): Telling {
  const cause = causeOf(call, verdict)
  const isStopped = verdict.preflight === 'failed'
  const where = call.actual?.response == null && !isStopped ? 'Page' : isStopped ? 'Preflight' : 'Request'
  const [note] = verdict.notes
  return {
    kind: 'blocked',
    short: cause.short,
    headline: cause.headline,
    stations: stations(call, [
      isStopped
        ? { name: 'Preflight', code: preflightCode(call), says: `Stopped here: ${cause.stop}`, state: 'stop' }
        : passedPreflight(call, verdict),
      isStopped
        ? { name: 'Request', code: `${call.method} ${pathOf(call.url)}`, says: 'never sent', state: 'never' }
        : { name: 'Request', code: requestCode(call), says: where === 'Page' ? 'never sent' : `Stopped on the way back: ${cause.stop}`, state: where === 'Page' ? 'never' : 'stop' },
      { name: 'Script', code: 'TypeError', says: 'Failed to fetch', state: 'never' }
    ]),
    first: note === undefined
      ? { title: 'Look here first', paragraphs: [cause.why ?? plain(verdict.explanation), consequence(call, isStopped)] }
      : { title: 'Look here first', paragraphs: [note.message, ...note.fix === null ? [] : [note.fix], consequence(call, isStopped)] },
    mark: where === 'Page' ? null : { message: isStopped ? 'preflight' : 'actual', header: cause.header, says: cause.says }
  }
}

function waiting (call: Call): Telling {
  const isAsked = call.preflight?.response != null
  return {
    kind: 'waiting',
    short: isAsked ? 'the preflight passed; no answer yet' : 'no answer yet',
    headline: 'The server has not answered yet',
    stations: stations(call, [
      call.preflight === null
        ? { name: 'Preflight', code: 'not seen', says: 'not needed, or remembered', state: 'skip' }
        : { name: 'Preflight', code: preflightCode(call), says: isAsked ? 'passed' : 'no answer yet', state: isAsked ? 'done' : 'end' },
      call.preflight !== null && !isAsked
        ? { name: 'Request', code: `${call.method} ${pathOf(call.url)}`, says: 'not sent yet', state: 'never' }
        : { name: 'Request', code: requestCode(call), says: call.actual === null ? 'to come' : 'sent', state: 'end' },
      { name: 'Script', code: 'await fetch()', says: 'still waits', state: 'never' }
    ]),
    first: { title: 'Nothing is wrong so far', paragraphs: ['The call is under way. The verdict comes with the answer.'] },
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
    stations: stations(call, [
      { name: 'Preflight', code: preflightCode(call), says: cause === null ? 'passed' : `Stopped here, if with cookies: ${cause.stop}`, state: cause === null ? 'done' : 'stop' },
      { name: 'Request', code: `${call.method} ${pathOf(call.url)}`, says: 'never came', state: 'never' },
      { name: 'Script', code: 'no answer', says: 'or left', state: 'never' }
    ]),
    first: {
      title: 'Look here first',
      paragraphs: cause === null
        ? ['The page was closed, the call was cancelled, or the answer to the preflight was lost. Call again to see.']
        : ['Most likely, the page calls with `credentials: \'include\'`. A preflight carries no cookie, so the server can’t see that; the browser can, and its answer does not do for such a call.', cause.why ?? plain(verdict?.explanation ?? '')]
    },
    mark: cause === null ? null : { message: 'preflight', header: cause.header, says: cause.says }
  }
}

function gone (call: Call): Telling {
  const isAsked = call.actual !== null
  return {
    kind: 'blocked',
    short: 'the connection closed without an answer',
    headline: 'The connection closed without an answer',
    stations: stations(call, [
      isAsked ? passedPreflight(call, null) : { name: 'Preflight', code: preflightCode(call), says: 'Stopped here: no answer', state: 'stop' },
      { name: 'Request', code: `${call.method} ${pathOf(call.url)}`, says: isAsked ? 'Stopped here: no answer' : 'never sent', state: isAsked ? 'stop' : 'never' },
      { name: 'Script', code: 'TypeError', says: 'Failed to fetch', state: 'never' }
    ]),
    first: { title: 'Look here first: this is not a CORS problem', paragraphs: ['The page left, or the server closed the connection before it answered. If the page is still there, the log of the server says more.'] },
    mark: null
  }
}

function stations ({ origin }: Call, others: readonly Station[]): readonly Station[] {
  return [{ name: 'Page', code: origin, says: 'calls fetch()', state: 'done' }, ...others]
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

/** A URL without its origin. */
export function pathOf (url: string): string {
  const { pathname, search } = new URL(url)
  return pathname + search
}

/** What the server has done, or has not: nobody should have to guess. */
function consequence ({ method, actual }: Call, isStopped: boolean): string {
  if (isStopped) {
    const done = method === 'DELETE' ? 'deleted' : 'changed'
    return `The browser never sent the ${method}. Nothing was ${done}.`
  }
  const status = actual?.response?.status
  return status === undefined || status >= 400
    ? 'The request did arrive. The browser only keeps the answer from your script.'
    : `The server did its work, and answered ${status}. The browser only keeps the answer from your script.`
}

/** The way into the documentation stands elsewhere. */
function plain (explanation: string): string {
  return explanation.replace(/ \(docs\/errors\.md[^)]*\)/, '')
}

const ALLOW_ORIGIN = 'access-control-allow-origin'

function causeOf (call: Call, verdict: Judgement): Cause {
  const answer = verdict.preflight === 'failed' || call.actual === null ? call.preflight : call.actual
  const parameter = verdict.parameter ?? ''
  const isPreflight = answer === call.preflight
  switch (verdict.reason) {
    case 'MissingAllowOriginHeader':
    case 'PreflightMissingAllowOriginHeader':
    case 'PreflightInvalidStatus':
      return ofStatus(call, answer, isPreflight) ?? missing(call, answer)
    case 'AllowOriginMismatch':
    case 'PreflightAllowOriginMismatch':
      return mismatch(call, parameter)
    case 'WildcardOriginNotAllowed':
    case 'PreflightWildcardOriginNotAllowed':
      return {
        short: 'with cookies, * does not count',
        headline: 'A call with cookies needs the origin by name',
        stop: '* does not count with cookies',
        header: ALLOW_ORIGIN,
        says: 'This line decides: with cookies, it has to name the origin.',
        why: 'The call says `credentials: \'include\'`. For such a call, `*` means nothing: the answer has to name the page’s origin, and say that credentials are allowed.'
      }
    case 'InvalidAllowCredentials':
    case 'PreflightInvalidAllowCredentials':
      return {
        short: 'the policy does not allow cookies',
        headline: 'The answer does not allow cookies',
        stop: 'cookies are not allowed',
        header: 'access-control-allow-credentials',
        says: 'it has to be “true”.',
        why: 'The call says `credentials: \'include\'`. Then the answer has to say, in so many letters, that credentials are allowed.'
      }
    case 'MultipleAllowOriginValues':
    case 'PreflightMultipleAllowOriginValues':
      return {
        short: 'the origin is allowed twice',
        headline: 'Two layers each add their own header',
        stop: 'two values where one has to be',
        header: ALLOW_ORIGIN,
        says: 'This line decides: it has more than one value.',
        why: 'A proxy and the server behind it, or a framework and a handler, each add `Access-Control-Allow-Origin`. Browsers take one value only: let one of them set it.'
      }
    case 'MethodDisallowedByPreflightResponse':
    case 'InvalidAllowMethodsPreflightResponse':
      return {
        short: `this route does not list ${call.method}`,
        headline: `This route does not let pages use ${call.method}`,
        stop: `${call.method} is not listed`,
        header: 'access-control-allow-methods',
        says: `${call.method} is missing.`,
        why: `Before a ${call.method}, the browser asks the server whether it may. ${listed(answer, 'access-control-allow-methods')} ${call.method} is not among them.`
      }
    case 'HeaderDisallowedByPreflightResponse':
    case 'InvalidAllowHeadersPreflightResponse':
      return {
        short: `the header ${parameter} is not listed`,
        headline: `The page may not send the header ${parameter}`,
        stop: `${parameter} is not listed`,
        header: 'access-control-allow-headers',
        says: `${parameter} is missing.`,
        why: `The page sets the header \`${parameter}\`. No form could, so the browser asks first. ${listed(answer, 'access-control-allow-headers')} \`${parameter}\` is not among them.`
      }
    case 'PreflightDisallowedRedirect':
      return {
        short: 'the preflight was redirected',
        headline: 'A preflight may not be redirected',
        stop: 'a redirect',
        header: 'location',
        says: 'This line decides: call this URL, not the one before.',
        why: 'The server answered the preflight with another address: often one with a slash at its end, or https. Let the page call that address.'
      }
    default:
      return {
        short: 'see why',
        headline: 'The browser does not let the page have the answer',
        stop: 'the browser refuses it',
        header: null,
        says: 'This line decides.',
        why: null
      }
  }
}

function listed (answer: Exchange | null, name: string): string {
  const line = answer?.response?.headers.find(([other]) => other === name)
  return line === undefined ? 'The server listed none.' : `The server answered: \`${line[1]}\`.`
}

/** What a status says more truly than the missing header. */
function ofStatus ({ decider }: Call, answer: Exchange | null, isPreflight: boolean): Cause | null {
  const status = answer?.response?.status ?? 0
  const named = `${status} ${statusText(status)}`.trim()
  const isRefusal = status === 403 && variesByOrigin(answer)
  const about = (short: string, headline: string, why: string): Cause =>
    ({ short, headline, stop: isPreflight ? named : 'an error without CORS headers', header: null, says: 'This line decides.', why })
  if (status >= 500) {
    return about(`the server failed, ${status}`, `The server failed: ${named}`,
      'This is not a CORS problem. The server crashed, or what runs behind it is down. Its error has no CORS headers, so the browser reports CORS, and hides the status from your script. Mend the crash: the log of the server says more.')
  }
  if (decider?.isOff === true || isRefusal) return null
  if (status === 401 || status === 407 || status === 403) {
    return about(`a login is asked for first, ${status}`, `Something answered ${named} before CORS could`,
      isPreflight
        ? 'A preflight never carries a login. Let whatever asks for one pass OPTIONS, or register CORS before it.'
        : 'The error comes from a part of the server that knows nothing of CORS. Register CORS before it, so that the page can read the error.')
  }
  if (isPreflight && (status === 404 || status === 405)) {
    return about(`nobody answers OPTIONS here, ${status}`, 'The server does not know preflights',
      'Before such a call, the browser asks with OPTIONS. The server has nothing that answers that.')
  }
  if (status === 429) return about('too many calls, 429', 'The server says: too many calls', 'A rate limit answered before CORS could. Wait, or let the limit pass preflights.')
  if (status === 413 || status === 431) return about(`too large, ${status}`, `The server says: ${named}`, 'What was sent is too large for a proxy or a parser that answers before CORS could.')
  return null
}

function variesByOrigin (answer: Exchange | null): boolean {
  return answer?.response?.headers.some(([name, value]) => name === 'vary' && /(?:^|[,\s])origin(?:$|[,\s])/i.test(value)) === true
}

function missing (call: Call, answer: Exchange | null): Cause {
  if (call.decider?.isOff === true) {
    return {
      short: 'CORS is off for this route',
      headline: 'CORS is switched off for this route',
      stop: 'no CORS headers',
      header: ALLOW_ORIGIN,
      says: 'the route has CORS off.',
      why: 'CORS is off here: the route says `cors: false`, or no origin is allowed. If that is what you want, all is well. If not, delete `cors: false` from its `config`: then the policy of the context holds.'
    }
  }
  if (variesByOrigin(answer)) {
    return {
      short: 'this origin is not on the list',
      headline: `The server does not allow ${call.origin}`,
      stop: answer === call.preflight ? 'this origin is refused' : 'the answer is for other origins',
      header: ALLOW_ORIGIN,
      says: 'the origin is not on the list.',
      why: `The server allows some origins, and \`${call.origin}\` is none of them. A browser compares letter by letter: \`localhost\` is not \`127.0.0.1\`, and every port is an origin of its own.`
    }
  }
  return {
    short: 'the answer says nothing about CORS',
    headline: 'The server says nothing about other origins',
    stop: 'no CORS headers',
    header: ALLOW_ORIGIN,
    says: 'without it, no page of another origin may read the answer.',
    why: `The page is of \`${call.origin}\`, the server is another origin. It has to say that this origin may read the answer, and says nothing.`
  }
}

function mismatch ({ origin }: Call, allowed: string): Cause {
  const isLoopbackTwin = origin.replace('//127.0.0.1', '//localhost') === allowed.replace('//127.0.0.1', '//localhost')
  const [own, other] = isLoopbackTwin ? [hostOf(origin), hostOf(allowed)] : [origin, allowed]
  return {
    short: isLoopbackTwin ? `${own} is not ${other}` : 'the answer is for another origin',
    headline: isLoopbackTwin ? `The server allows ${other}, your page is on ${own}` : `The server allows ${other}, not this page`,
    stop: 'the answer is for another origin',
    header: ALLOW_ORIGIN,
    says: `This line decides: it is not ${origin}.`,
    why: isLoopbackTwin
      ? `To a browser, \`${origin}\` and \`${allowed}\` are two origins, though both are this computer. The quickest way: open your page as \`${allowed}\`.`
      : `The answer allows \`${allowed}\`, and the page is of \`${origin}\`. A browser compares letter by letter.`
  }
}

function hostOf (origin: string): string {
  return URL.canParse(origin) ? new URL(origin).hostname : origin
}

interface About {
  readonly short: string
  readonly headline: string
  readonly end: string
  readonly header: string | null
  readonly says: string
}

/** What a note about a call that is allowed comes to. */
const NOTES: ReadonlyMap<string, About> = new Map([
  ['cookie-not-kept', { short: 'the cookie is lost', headline: 'The browser drops the cookie', end: 'without the cookie', header: 'set-cookie', says: 'Dropped.' }],
  ['headers-not-exposed', { short: 'not every header can be read', headline: 'The page may read the answer, but not all its headers', end: 'but for some headers', header: 'access-control-expose-headers', says: 'the page may not read some headers.' }],
  ['resource-policy', { short: 'plain elements may not load it', headline: 'fetch() may read it, plain elements may not', end: 'as it should', header: 'cross-origin-resource-policy', says: 'This line keeps it from plain elements.' }],
  ['vary-missing', { short: 'a cache may mix up origins', headline: 'A cache may hand this answer to another origin', end: 'as it should', header: 'vary', says: 'it has to have Origin.' }],
  ['local-network', { short: 'Chrome asks its user first', headline: 'Chrome asks its user before it lets the page call here', end: 'once the user agrees', header: null, says: '' }]
])
