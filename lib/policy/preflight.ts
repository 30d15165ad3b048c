import { isSafelistedMethod } from '../http/methods.js'
import { type CorsDecision, type CorsReason, originReason } from './decision.js'
import type { Policy, PreflightPolicy } from './policy.js'
import { echoedNames, requestedNames, requestsOther } from './requested-headers.js'
import { addToVary } from '../http/field-values.js'
import { isToken } from '../http/token.js'
import type { PreflightRequest } from '../http/preflight.js'

/** The headers of a preflight's answer. What is `null` or empty is not sent. */
export interface PreflightHeaders {
  /** `null` if the origin is refused. */
  readonly allowOrigin: string | null
  readonly credentials: boolean
  readonly allowMethods: string | null
  readonly allowHeaders: string | null
  readonly maxAge: string | null
  readonly privateNetwork: boolean
  readonly vary: string
  /** It has what does not depend on the request. */
  readonly policy: PreflightPolicy
}

/** The answer to a preflight. */
export interface PreflightAnswer {
  readonly headers: PreflightHeaders
  /** The outcome in a browser. */
  readonly decision: CorsDecision
}

/**
 * Answers a preflight. If the origin is allowed but the method or a header is not, it sends the policy's lists all the
 * same, so that the browser can say which one is missing (A5).
 *
 * @param policiesDiffer - true if the routes of the URL have more than one policy. A browser remembers preflights by URL,
 *   so it must not remember this one.
 */
export function answerPreflight (policy: Policy, request: PreflightRequest, originAllowed: boolean, policiesDiffer: boolean): PreflightAnswer {
  const headers = headersOf(policy, request, originAllowed, policiesDiffer)
  return { headers, decision: decidePreflight(policy, request, headers) }
}

/** The headers for an origin that is not allowed (A6). */
const REFUSED: Omit<PreflightHeaders, 'vary' | 'policy'> = {
  allowOrigin: null,
  credentials: false,
  allowMethods: null,
  allowHeaders: null,
  maxAge: null,
  privateNetwork: false
}

function headersOf (policy: Policy, request: PreflightRequest, originAllowed: boolean, policiesDiffer: boolean): PreflightHeaders {
  const { preflights } = policy
  const vary = policiesDiffer ? preflights.varyByMethod : preflights.vary
  if (!originAllowed) return { ...REFUSED, vary, policy: preflights }
  return {
    allowOrigin: policy.allowsAnyone ? '*' : request.origin,
    credentials: policy.credentials,
    allowMethods: preflights.allowMethods ?? methodOrNull(request['access-control-request-method']),
    allowHeaders: preflights.allowHeaders ?? echoedNames(request['access-control-request-headers']),
    maxAge: policiesDiffer ? '0' : preflights.maxAge,
    privateNetwork: preflights.privateNetwork && request['access-control-request-private-network'] === 'true',
    vary,
    policy: preflights
  }
}

/** Longer than any method. */
const LONGEST_METHOD = 64

function methodOrNull (text: string): string | null {
  return text.length <= LONGEST_METHOD && isToken(text) ? text : null
}

function decidePreflight (policy: Policy, request: PreflightRequest, answer: PreflightHeaders): CorsDecision {
  const { origin } = request
  const reason = answer.allowOrigin === null ? originReason(policy, origin, false) : refusal(request, answer) ?? 'origin-allowed'
  return { kind: 'preflight', origin, allowed: reason === 'origin-allowed', reason }
}

/**
 * The part of the request that a browser would refuse, as in steps 7.5 to 7.7.
 *
 * @see https://fetch.spec.whatwg.org/#cors-preflight-fetch
 */
function refusal (
  { 'access-control-request-method': method, 'access-control-request-headers': headers }: PreflightRequest, answer: PreflightHeaders
): CorsReason | null {
  if (refusesMethod(method, answer) && !isSafelistedMethod(method)) return 'method-not-allowed'
  return refusesHeaders(headers, answer) ? 'header-not-allowed' : null
}

function refusesMethod (method: string, { policy: { methods }, allowMethods }: PreflightHeaders): boolean {
  return methods === null ? allowMethods === null : !methods.includes(method)
}

function refusesHeaders (requested: string | undefined, { policy: { headers, wildcardExceptAuthorization }, allowHeaders }: PreflightHeaders): boolean {
  if (headers !== null) return requestsOther(requested, headers)
  return allowHeaders === null || (wildcardExceptAuthorization && requestedNames(requested).includes('authorization'))
}

/**
 * Makes one answer for a preflight that may be for any of several routes: it grants only what all of them grant (S5).
 *
 * @param answers - at least one
 */
export function leastOf (answers: readonly PreflightAnswer[]): PreflightAnswer {
  return answers.reduce((least, answer) => {
    const { headers, decision } = isLess(answer, least) ? answer : least
    return {
      decision,
      headers: {
        ...headers,
        vary: addToVary(least.headers.vary, answer.headers.vary),
        credentials: least.headers.credentials && answer.headers.credentials,
        privateNetwork: least.headers.privateNetwork && answer.headers.privateNetwork
      }
    }
  })
}

function isLess (answer: PreflightAnswer, other: PreflightAnswer): boolean {
  return (!answer.decision.allowed && other.decision.allowed) || (answer.headers.allowOrigin === null && other.headers.allowOrigin !== null)
}
