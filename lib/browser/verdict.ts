import type { HeadersLike } from './header-list.js'
import type { Engine } from './failure-text.js'
import type { CorsReason } from './reasons.js'
import type { CorsRemedy } from './remedies/index.js'

/** A request by a script in a page, as for `fetch()`. */
export interface CorsPage {
  /** The page's serialised origin, or `'null'` for a sandboxed page or a local file (RFC 6454, section 6). */
  origin: string
  /** The URL to fetch; a relative one is resolved against the origin. */
  url: string
  /** Defaults to `GET`. */
  method?: string
  /** The request headers that the script sets; as in `fetch()`, names that scripts can't set are left out. */
  headers?: HeadersLike
  /** Defaults to `same-origin`. */
  credentials?: CredentialsMode
  /**
   * The page follows the upload: an `XMLHttpRequest` with listeners on its `upload`, or a streamed body. Both need a
   * preflight. Defaults to `false`.
   */
  upload?: boolean
}

export type CredentialsMode = 'omit' | 'same-origin' | 'include'

/** One request as a browser sends it; header names are in lower case. */
export interface CorsRequest {
  method: string
  url: string
  headers: Record<string, string>
}

/** The answer to one request. Only pairs keep header lines of one name apart. */
export interface CorsResponse {
  status: number
  headers: HeadersLike
}

/** Sends one request and resolves with its answer. It must not follow redirects: each is judged. */
export type CorsSend = (request: CorsRequest) => Promise<CorsResponse>

/** One request and its answer. */
export interface CorsExchange {
  kind: 'preflight' | 'actual'
  request: CorsRequest
  response: { status: number, headers: [name: string, value: string][] }
}

/** The subject of a note. */
export type CorsNoteCode =
  'origin-refused' | 'authentication-first' | 'preflight-not-handled' | 'server-error' | 'redirect' | 'rate-limited' |
  'too-large' | 'answered-twice' | 'origin-near-miss' | 'method-case' | 'null-origin' | 'mixed-content' |
  'blocked-port' | 'handler-not-run' | 'header-misplaced' | 'local-network' | 'headers-not-exposed' | 'cookie-not-kept' | 'resource-policy' | 'vary-missing'

/** A fact that the protocol's reason does not tell, but people have to know. */
export interface CorsNote {
  code: CorsNoteCode
  message: string
  /** The advice, in sentences; `null` if the message says all. */
  fix: string | null
  /** The place of the fix. */
  where: 'registration' | 'route' | 'delegator' | 'page' | 'server'
}

/** The decision of a browser, and the reasons. */
export interface CorsVerdict {
  /** The script gets the response. */
  allowed: boolean
  /** Chromium's name for the failure; `null` if allowed, and for network errors that Chromium does not count as CORS. */
  reason: CorsReason | null
  /** Chromium's parameter of the reason (`failedParameter`), often empty; `null` without a reason. */
  parameter: string | null
  /** The likeliest cause, and the browser's decision; empty if allowed. */
  explanation: string
  /** The change to make; empty if allowed. */
  fix: string
  /** More than the reason says: if blocked, the likeliest cause first; if allowed, what may still surprise. */
  notes: CorsNote[]
  /** All that the server has to grant for this request; `null` if no CORS header is missing. */
  remedy: CorsRemedy | null
  preflight: 'not-needed' | 'passed' | 'failed'
  /** The causes of the preflight. */
  preflightBecause: string[]
  /** Every request in order, redirects included. */
  exchanges: CorsExchange[]
  /** The response headers that the script can read, in lower case and sorted. */
  readableHeaders: string[]
  /**
   * The seconds for which the preflight may be remembered: 5 if the server does not say. Engines cap it (Chromium at 7200,
   * Firefox at 86400, WebKit at 600). `null` if no preflight passed.
   */
  maxAge: number | null
  /**
   * The engines that, in this project's browser tests, decide differently from the Fetch Standard, as far as the answers
   * tell.
   */
  differs: Engine[]
}
