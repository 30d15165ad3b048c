import type { HeaderList } from './header-list.js'
import type { PageRequest } from './page-request.js'
import type { Failure } from './reasons.js'
import type { CorsRequest } from './verdict.js'

/** How far the fetch had come when it failed. */
export type Stage = 'request' | 'preflight' | 'redirect' | 'response'

/** A fetch that ended in a network error. */
export interface Blocked {
  failure: Failure
  stage: Stage
  request: PageRequest
  /** The answer that was refused; before the first one, a status of 0 without headers. */
  response: { status: number, headers: HeaderList }
}

/** One exchange, as a header list. */
export interface Answer {
  kind: 'preflight' | 'actual'
  request: CorsRequest
  status: number
  headers: HeaderList
}

/** How a fetch ended: what notes are made from. */
export interface Outcome {
  /** The request as it was when the fetch ended, after its redirects. */
  request: PageRequest
  answers: readonly Answer[]
  /** `null` where the page gets the answer. */
  blocked: Blocked | null
  /** The response headers that the page can read; none where it is blocked. */
  readable: readonly string[]
}
