import { statusText } from './status.js'
import type { CorsNote, CorsNoteCode } from '../../../browser/index.js'
import type { Call, Exchange, Judgement } from '../../wire.js'

/** The line of an answer that decided. */
export interface DecidingLine {
  /** `null`: the line with the status. */
  readonly header: string | null
  /** The sentence below it. */
  readonly says: string
  /** The sentence in its place, if the answer has no such line. */
  readonly ifMissing: string
}

/** A header that decided, with the reason. */
export function decides (header: string, why: string): DecidingLine {
  return { header, says: `This line decides: ${why}`, ifMissing: `This line is missing: ${why}` }
}

function statusDecides (says = 'This line decides.'): DecidingLine {
  return { header: null, says, ifMissing: says }
}

/** The texts about a cause. */
interface Cause {
  readonly short: string
  readonly headline: string
  /** After "Stopped here:". */
  readonly stop: string
  readonly line: DecidingLine
  /** The paragraphs about the cause and the fix. */
  readonly why: readonly string[]
  /** The note about it, if any. */
  readonly note: CorsNote | null
}

/** A cause without its paragraphs. */
type Head = Omit<Cause, 'why' | 'note'>

/** A note as paragraphs. */
export function paragraphsOf ({ message, fix }: CorsNote): string[] {
  return fix === null ? [message] : [message, fix]
}

const ALLOW_ORIGIN = 'access-control-allow-origin'

/** Notes that matter more than a route with CORS off. */
const MORE_THAN_OFF: ReadonlySet<CorsNoteCode> = new Set(['server-error', 'rate-limited', 'too-large', 'mixed-content', 'blocked-port'])

/** Notes on facts that keep no answer from a page. */
const HARMLESS: ReadonlySet<CorsNoteCode> = new Set(['headers-not-exposed', 'cookie-not-kept', 'local-network', 'resource-policy', 'vary-missing'])

/** The likeliest cause: the first note, if it is a cause, or the protocol's reason. */
export function causeOf (call: Call, verdict: Judgement): Cause {
  const answer = verdict.preflight === 'failed' || call.actual === null ? call.preflight : call.actual
  const [note = null] = verdict.notes
  if (call.decider?.isOff === true && (note === null || !MORE_THAN_OFF.has(note.code))) return { ...OFF, note: null }
  if (note !== null && !HARMLESS.has(note.code)) {
    return { ...headOf(note, call, answer) ?? ofReason(call, verdict, answer), why: paragraphsOf(note), note }
  }
  return { ...ofReason(call, verdict, answer), note: null }
}

const OFF: Omit<Cause, 'note'> = {
  short: 'CORS is off for this route',
  headline: 'CORS is switched off for this route',
  stop: 'no CORS headers',
  line: decides(ALLOW_ORIGIN, 'the route has CORS off.'),
  why: ['CORS is off here: the route says `cors: false`, or no origin is allowed. If that is what you want, all is well. If not, delete `cors: false` from its `config`: then the policy of the context holds.']
}

/** @returns `null` if the protocol's reason says it better */
function headOf ({ code }: CorsNote, call: Call, answer: Exchange | null): Head | null {
  const { method, origin } = call
  const isPreflight = answer === call.preflight
  const status = answer?.response?.status ?? 0
  const named = `${status} ${statusText(status)}`.trim()
  const ofStatus = (short: string, headline: string): Head =>
    ({ short: `${short}, ${status}`, headline, stop: isPreflight ? named : 'an error without CORS headers', line: statusDecides() })
  switch (code) {
    case 'server-error': return ofStatus('the server failed', `The server failed: ${named}`)
    case 'authentication-first': return ofStatus('a login is asked for first', `Something answered ${named} before CORS could`)
    case 'preflight-not-handled': return ofStatus('nobody answers OPTIONS here', 'The server does not know preflights')
    case 'rate-limited': return ofStatus('too many calls', 'The server says: too many calls')
    case 'too-large': return ofStatus('too large', `The server says: ${named}`)
    case 'origin-refused': return {
      short: 'this origin is not on the list',
      headline: `The server does not allow ${origin}`,
      stop: isPreflight ? 'this origin is refused' : 'the answer is for other origins',
      line: decides(ALLOW_ORIGIN, 'the origin is not on the list.')
    }
    case 'redirect': return isPreflight
      ? null
      : { short: 'a redirect stands in the way', headline: 'A redirect stands in the way', stop: 'after a redirect', line: decides(ALLOW_ORIGIN, 'the page should call this URL at once.') }
    case 'method-case': return {
      short: `${method} is not ${method.toUpperCase()}`,
      headline: `The page says ${method}, the server allows ${method.toUpperCase()}`,
      stop: `${method} is not listed`,
      line: decides('access-control-allow-methods', `it has ${method.toUpperCase()}, in capitals.`)
    }
    case 'null-origin': return {
      short: 'the page has no origin of its own',
      headline: 'The page has no origin of its own',
      stop: 'its origin is null',
      line: decides(ALLOW_ORIGIN, 'nobody should allow “null”.')
    }
    case 'mixed-content': return { short: 'an https page can’t call http', headline: 'An https page can’t call plain http', stop: 'mixed content', line: statusDecides('') }
    case 'blocked-port': return { short: 'browsers never call this port', headline: 'Browsers never call this port', stop: 'a port of other services', line: statusDecides('') }
    default: return null
  }
}

/** The cause by the protocol's reason alone. */
function ofReason (call: Call, verdict: Judgement, answer: Exchange | null): Omit<Cause, 'note'> {
  const parameter = verdict.parameter ?? ''
  switch (verdict.reason) {
    case 'MissingAllowOriginHeader':
    case 'PreflightMissingAllowOriginHeader':
      return {
        short: 'the answer says nothing about CORS',
        headline: 'The server says nothing about other origins',
        stop: 'no CORS headers',
        line: decides(ALLOW_ORIGIN, 'without it, no page of another origin may read the answer.'),
        why: [`The page is of \`${call.origin}\`, the server is another origin. It has to say that this origin may read the answer, and says nothing.`]
      }
    case 'PreflightInvalidStatus':
      return {
        short: `the preflight got ${answer?.response?.status}`,
        headline: 'A preflight has to be answered with a status of 200 to 299',
        stop: `${answer?.response?.status} is no success`,
        line: statusDecides('This line decides: only 200 to 299 count.'),
        why: ['Whatever its headers say, an answer with another status lets nothing pass. Let the server answer OPTIONS with 204.']
      }
    case 'AllowOriginMismatch':
    case 'PreflightAllowOriginMismatch':
      return mismatch(call, parameter)
    case 'WildcardOriginNotAllowed':
    case 'PreflightWildcardOriginNotAllowed':
      return {
        short: 'with cookies, * does not count',
        headline: 'A call with cookies needs the origin by name',
        stop: '* does not count with cookies',
        line: decides(ALLOW_ORIGIN, 'with cookies, it has to name the origin.'),
        why: ['The call says `credentials: \'include\'`. For such a call, `*` means nothing: the answer has to name the page’s origin, and say that credentials are allowed.']
      }
    case 'InvalidAllowCredentials':
    case 'PreflightInvalidAllowCredentials':
      return {
        short: 'the policy does not allow cookies',
        headline: 'The answer does not allow cookies',
        stop: 'cookies are not allowed',
        line: decides('access-control-allow-credentials', 'it has to be “true”.'),
        why: ['The call says `credentials: \'include\'`. Then the answer has to say, in so many letters, that credentials are allowed.']
      }
    case 'MultipleAllowOriginValues':
    case 'PreflightMultipleAllowOriginValues':
      return {
        short: 'the origin is allowed twice',
        headline: 'Two layers each add their own header',
        stop: 'two values where one has to be',
        line: decides(ALLOW_ORIGIN, 'it has more than one value.'),
        why: ['A proxy and the server behind it, or a framework and a handler, each add `Access-Control-Allow-Origin`. Browsers take one value only: let one of them set it.']
      }
    case 'MethodDisallowedByPreflightResponse':
    case 'InvalidAllowMethodsPreflightResponse':
      return {
        short: `this route does not list ${call.method}`,
        headline: `This route does not let pages use ${call.method}`,
        stop: `${call.method} is not listed`,
        line: decides('access-control-allow-methods', `${call.method} is missing.`),
        why: [`Before a ${call.method}, the browser asks the server whether it may. ${listed(answer, 'access-control-allow-methods')} ${call.method} is not among them.`]
      }
    case 'HeaderDisallowedByPreflightResponse':
    case 'InvalidAllowHeadersPreflightResponse':
      return {
        short: `the header ${parameter} is not listed`,
        headline: `The page may not send the header ${parameter}`,
        stop: `${parameter} is not listed`,
        line: decides('access-control-allow-headers', `${parameter} is missing.`),
        why: [`The page sets the header \`${parameter}\`. No form could, so the browser asks first. ${listed(answer, 'access-control-allow-headers')} \`${parameter}\` is not among them.`]
      }
    case 'PreflightDisallowedRedirect':
      return {
        short: 'the preflight was redirected',
        headline: 'A preflight may not be redirected',
        stop: 'a redirect',
        line: decides('location', 'call this URL, not the one before.'),
        why: ['The server answered the preflight with another address: often one with a slash at its end, or https. Let the page call that address.']
      }
    default:
      return {
        short: 'the browser refuses it',
        headline: 'The browser does not let the page have the answer',
        stop: 'the browser refuses it',
        line: statusDecides(),
        why: [`${verdict.seen}.`]
      }
  }
}

function listed (answer: Exchange | null, name: string): string {
  const line = answer?.response?.headers.find(([other]) => other === name)
  return line === undefined ? 'The server listed none.' : `The server answered: \`${line[1]}\`.`
}

function mismatch ({ origin }: Call, allowed: string): Omit<Cause, 'note'> {
  const isLoopbackTwin = origin.replace('//127.0.0.1', '//localhost') === allowed.replace('//127.0.0.1', '//localhost')
  const [own, other] = isLoopbackTwin ? [hostOf(origin), hostOf(allowed)] : [origin, allowed]
  return {
    short: isLoopbackTwin ? `${own} is not ${other}` : 'the answer is for another origin',
    headline: isLoopbackTwin ? `The server allows ${other}, your page is on ${own}` : `The server allows ${other}, not this page`,
    stop: 'the answer is for another origin',
    line: decides(ALLOW_ORIGIN, `it is not ${origin}.`),
    why: [isLoopbackTwin
      ? `To a browser, \`${origin}\` and \`${allowed}\` are two origins, though both are this computer. The quickest way: open your page as \`${allowed}\`.`
      : `The answer allows \`${allowed}\`, and the page is of \`${origin}\`. A browser compares letter by letter.`]
  }
}

function hostOf (origin: string): string {
  return URL.canParse(origin) ? new URL(origin).hostname : origin
}
