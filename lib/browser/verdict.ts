import type { HeadersLike } from './header-list.js'
import type { CorsNote } from './notes/note.js'
import type { CorsReason, Engine } from './reasons.js'
import type { CorsRemedy } from './remedies/index.js'

/** What a script in a page asks for, as it would write it for `fetch()`. */
export interface CorsPage {
  /** The page's serialised origin, or `'null'` for a sandboxed page or a local file (RFC 6454, section 6). */
  origin: string
  /** The URL to fetch; a relative one is resolved against the origin. */
  url: string
  /** Defaults to `GET`. */
  method?: string
  /** The request headers that the script sets; names that scripts cannot set are left out, as `fetch()` does. */
  headers?: HeadersLike
  /** Defaults to `same-origin`. */
  credentials?: CredentialsMode
  /**
   * Whether the page follows the upload: an `XMLHttpRequest` with listeners on its `upload`, or a streamed body. Both
   * force a preflight. Defaults to `false`.
   */
  upload?: boolean
}

export type CredentialsMode = 'omit' | 'same-origin' | 'include'

/** One request as the browser would put it on the wire; header names are in lower case. */
export interface CorsRequest {
  method: string
  url: string
  headers: Record<string, string>
}

/** The answer to one request. Only pairs keep apart what the server has sent on several lines. */
export interface CorsResponse {
  status: number
  headers: HeadersLike
}

/** Sends one request and resolves with its answer. Redirects must not be followed: {@link CorsVerdict} judges each. */
export type CorsSend = (request: CorsRequest) => Promise<CorsResponse>

/** One request that was made, and its answer. */
export interface CorsExchange {
  kind: 'preflight' | 'actual'
  request: CorsRequest
  response: { status: number, headers: [name: string, value: string][] }
}

/** What a browser does with the answers, and why. */
export interface CorsVerdict {
  /** Whether the script gets the response. */
  allowed: boolean
  /** Chromium's name for the failure; `null` when allowed, and for network errors that Chromium does not count as CORS. */
  reason: CorsReason | null
  /** What Chromium reports with the reason (`failedParameter`), often empty; `null` when there is no reason. */
  parameter: string | null
  /** The likeliest cause, and what the browser decided; empty when allowed. */
  explanation: string
  /** What to change; empty when allowed. */
  fix: string
  /** What the reason does not say: when blocked, the likeliest cause first; when allowed, what will still surprise. */
  notes: CorsNote[]
  /** All that the server has to grant for this request; `null` where nothing is missing, or something else than CORS. */
  remedy: CorsRemedy | null
  preflight: 'not-needed' | 'passed' | 'failed'
  /** Why the browser asks first, one entry for each cause. */
  preflightBecause: string[]
  /** Every request in order, redirects included. */
  exchanges: CorsExchange[]
  /** The response headers that the script can read, in lower case and sorted. */
  readableHeaders: string[]
  /**
   * For how many seconds the preflight may be remembered: 5 if the server does not say. Engines cap it (Chromium
   * at 7200, Firefox at 86400, WebKit at 600). `null` where no preflight was passed.
   */
  maxAge: number | null
  /**
   * The engines that, in this project's browser tests, decide the case otherwise than the Fetch Standard: where the
   * standard stops they go on, as far as the answers at hand can tell, or the other way round.
   */
  differs: Engine[]
}
