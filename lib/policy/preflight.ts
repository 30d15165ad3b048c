import { originReason } from './decide.js'
import type { CorsDecision, CorsReason } from './decision.js'
import { isSafelistedMethod } from './method.js'
import type { Policy, PreflightPolicy } from './policy.js'
import { isToken, requestedHeaderNames } from './requested-headers.js'
import { addToVary } from './vary.js'

/** What a preflight announces (Fetch, "CORS-preflight fetch"). */
export interface PreflightRequest {
  readonly origin: string
  /** `Access-Control-Request-Method` */
  readonly method: string
  /** `Access-Control-Request-Headers` */
  readonly headers: string | undefined
  /** Whether `Access-Control-Request-Private-Network` is `true`. */
  readonly privateNetwork: boolean
}

/** What is answered to a preflight. A header that is `null` or empty is not sent. */
export interface PreflightAnswer {
  readonly decision: CorsDecision
  /** `null` where the origin is refused. */
  readonly allowOrigin: string | null
  readonly credentials: boolean
  readonly status: number
  readonly allowMethods: string | null
  readonly allowHeaders: string | null
  readonly maxAge: string | null
  readonly cacheControl: string | null
  readonly privateNetwork: boolean
  readonly vary: string
}

/**
 * Answers a preflight. Where the origin is allowed but the method or a header is not, the policy's true lists are
 * sent all the same, so that the browser can tell its user which one is missing (A5).
 *
 * @param policiesDiffer - whether the routes of the preflight's URL have more than one policy: browsers remember a
 *   preflight per URL, so that none may be remembered there
 */
export function answerPreflight (policy: Policy, request: PreflightRequest, originAllowed: boolean, policiesDiffer: boolean): PreflightAnswer {
  const { preflights } = policy
  const vary = policiesDiffer ? preflights.varyByMethod : preflights.vary
  const { origin } = request
  if (!originAllowed) {
    return {
      decision: { kind: 'preflight', origin, allowed: false, reason: originReason(policy, origin, false) },
      allowOrigin: null,
      credentials: false,
      status: 403,
      allowMethods: null,
      allowHeaders: null,
      maxAge: null,
      cacheControl: null,
      privateNetwork: false,
      vary
    }
  }
  const names = request.headers === undefined ? NO_NAMES : requestedHeaderNames(request.headers)
  const reason = refusal(preflights, request.method, names) ?? 'origin-allowed'
  return {
    decision: { kind: 'preflight', origin, allowed: reason === 'origin-allowed', reason },
    allowOrigin: policy.allowsAnyone ? '*' : origin,
    credentials: policy.credentials,
    status: preflights.status,
    allowMethods: preflights.allowMethods ?? (isToken(request.method) ? request.method : null),
    allowHeaders: preflights.allowHeaders ?? (names === null ? null : [...names].join(', ')),
    maxAge: policiesDiffer ? '0' : preflights.maxAge,
    cacheControl: preflights.cacheControl,
    privateNetwork: preflights.privateNetwork && request.privateNetwork,
    vary
  }
}

const NO_NAMES: ReadonlySet<string> = new Set()

/** Which part of the request a browser would refuse (Fetch, "CORS-preflight fetch", steps 7.5 to 7.7). */
function refusal (preflights: PreflightPolicy, method: string, names: ReadonlySet<string> | null): CorsReason | null {
  if (preflights.methods !== null && !preflights.methods.has(method) && !isSafelistedMethod(method)) return 'method-not-allowed'
  if (names === null) return 'header-not-allowed'
  for (const name of names) {
    if (preflights.headers !== null ? !preflights.headers.has(name) : name === 'authorization' && preflights.wildcardExceptAuthorization) {
      return 'header-not-allowed'
    }
  }
  return null
}

/**
 * One answer for a preflight that does not tell which of several routes it is for: a browser may be granted only what
 * every one of them grants (S5).
 *
 * @param answers - at least one
 */
export function leastOf (answers: readonly PreflightAnswer[]): PreflightAnswer {
  return answers.reduce((least, answer) => ({
    ...(refuses(answer) && !refuses(least)) || (answer.allowOrigin === null && least.allowOrigin !== null) ? answer : least,
    vary: addToVary(least.vary, answer.vary),
    credentials: least.credentials && answer.credentials,
    privateNetwork: least.privateNetwork && answer.privateNetwork
  }))
}

function refuses ({ decision }: PreflightAnswer): boolean {
  return !decision.allowed
}
