import type { Decider } from '../introspection/controller.js'
import type { CorsRemedy, CorsVerdict, Engine, Framework } from '../browser/index.js'

/** What the inspector's server and its page say to each other. The page knows no more of the server than this file. */

/** A request and its answer, as they went over the wire, without what must not be seen. */
export interface Exchange {
  readonly method: string
  readonly url: string
  readonly request: ReadonlyArray<readonly [name: string, value: string]>
  /** `null` while there is no answer. */
  readonly response: {
    readonly status: number
    readonly headers: ReadonlyArray<readonly [name: string, value: string]>
    /** What the page got instead, where the proxy had to change it. */
    readonly rewritten: ReadonlyArray<readonly [name: string, value: string]>
  } | null
}

/** What a person has to know beside the protocol's reason. */
export interface Note {
  readonly code: string
  readonly message: string
  readonly fix: string | null
  readonly where: string
}

/** A verdict with what the page shows beside it. */
export interface Judgement extends Omit<CorsVerdict, 'exchanges' | 'notes' | 'remedy'> {
  readonly notes: readonly Note[]
  readonly remedy: CorsRemedy | null
  /** What the consoles of browsers print; `null` where that is nothing of their own, or it is not known. */
  readonly prints: Readonly<Record<Engine, string | null>> | null
  /** The server that seems to have answered. */
  readonly framework: Framework
  /** Whether it takes for granted a preflight that was not seen, which the browser may have remembered. */
  readonly isPresumed: boolean
}

/**
 * `waiting`: no answer yet. `judged`: there is a verdict. `never-came`: a preflight announced a request, and it did not
 * come. `gone`: the connection was closed without an answer.
 */
export type CallState = 'waiting' | 'judged' | 'never-came' | 'gone'

/** A call of a page: a preflight, the request that it announced, or both. */
export interface Call {
  /** Unique, over restarts too. */
  readonly id: string
  /** When it began, in milliseconds since 1970. */
  readonly at: number
  readonly origin: string
  readonly method: string
  readonly url: string
  readonly state: CallState
  readonly decider: Decider | null
  readonly preflight: Exchange | null
  readonly actual: Exchange | null
  /** `include`: it carried a cookie. `unknown`: a server can't tell. */
  readonly credentials: 'include' | 'unknown'
  /** As called without cookies, unless it carried one; `null` while there is nothing to judge. */
  readonly verdict: Judgement | null
  /** As called with `credentials: 'include'`, where that makes a difference. */
  readonly withCredentials: Judgement | null
}

/** The first event of a feed. */
export interface Hello {
  readonly mode: 'beside' | 'in front of'
  /** Another one after a restart. */
  readonly run: string
  /** Where the API is called. */
  readonly api: string
  readonly capacity: number
  /** How many calls have been seen so far, those that are forgotten too. */
  readonly seen: number
  readonly calls: readonly Call[]
}

/** What is new since the event before: calls that came, or got on. */
export interface Update {
  readonly seen: number
  readonly calls: readonly Call[]
}

/** A call that is to be tried, as `explain()` takes it. */
export interface Trial {
  readonly origin: string
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly credentials: 'same-origin' | 'include'
}

/** The verdict on it, and the same as a call. */
export interface TrialResult extends CorsVerdict {
  readonly call: Call
}
