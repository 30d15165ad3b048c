import type { HeaderList } from './header-list.js'
import type { PageRequest } from './page-request.js'
import type { Failure } from './reasons.js'
import type { CorsRequest } from './verdict.js'

/** The stage at which a fetch failed. */
export type Stage = 'request' | 'preflight' | 'redirect' | 'response'

/** A fetch that ended in a network error. */
export interface Blocked {
  failure: Failure
  stage: Stage
  request: PageRequest
  /** The refused answer; a status of 0 without headers, if none has come. */
  response: { status: number, headers: HeaderList }
}

/** Names an answer: "the answer to the preflight of PUT https://api.example.net/items". */
export function answerTo ({ stage, request }: Blocked): string {
  return `the answer to ${stage === 'preflight' ? 'the preflight of ' : ''}${request.method} ${request.url.href}`
}

/** One exchange, as a header list. */
export interface Answer {
  kind: 'preflight' | 'actual'
  request: CorsRequest
  status: number
  headers: HeaderList
}

/** The end of a fetch, from which notes are made. */
export interface Outcome {
  /** The request after its redirects. */
  request: PageRequest
  answers: readonly Answer[]
  /** `null` if the page gets the answer. */
  blocked: Blocked | null
  /** The response headers that the page can read; none if it is blocked. */
  readable: readonly string[]
}
