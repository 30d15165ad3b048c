import { isRegExp, show } from '../text.js'
import type { CorsConfigError, CorsIssue } from './issue.js'

/** A problem document (RFC 9457), to send as `application/problem+json`. */
export interface CorsProblem {
  /** `code` says which problem it is. */
  type: 'about:blank'
  title: 'Bad Request'
  status: 400
  detail: string
  code: CorsConfigError['code']
  /** Every problem. A `value` that JSON can't hold is described. */
  issues: CorsIssue[]
}

/**
 * Makes the answer to a client that sent options which can't work or are not safe.
 *
 * @param error thrown by `parseCorsOptions` or `reconfigure`
 */
export function toProblem ({ code, message, issues }: CorsConfigError): CorsProblem {
  return {
    type: 'about:blank',
    title: 'Bad Request',
    status: 400,
    detail: message,
    code,
    issues: issues.map(issue => ({ ...issue, value: asJson(issue.value) }))
  }
}

/** A value that can be written as JSON. */
function asJson (value: unknown): unknown {
  if (value === undefined) return null
  if (isRegExp(value)) return String(value)
  if (typeof value === 'function' || typeof value === 'symbol') return show(value)
  try {
    JSON.stringify(value)
    return value
  } catch {
    return show(value)
  }
}
