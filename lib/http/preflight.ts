import type { IncomingMessage } from 'node:http'

/**
 * The request headers of a preflight, by which it says what it announces.
 *
 * @see https://fetch.spec.whatwg.org/#cors-preflight-request
 */
export interface PreflightRequest {
  readonly origin: string
  readonly 'access-control-request-method': string
  readonly 'access-control-request-headers'?: string | undefined
  /** Matters where it is `true`. */
  readonly 'access-control-request-private-network'?: unknown
}

type Preflight = Pick<IncomingMessage, 'method' | 'headers'> & { headers: PreflightRequest }

/** Whether a request is a preflight. */
export function isPreflight (request: Pick<IncomingMessage, 'method' | 'headers'>): request is Preflight {
  if (request.method !== 'OPTIONS') return false
  const { headers } = request
  return headers.origin !== undefined && headers['access-control-request-method'] !== undefined
}
