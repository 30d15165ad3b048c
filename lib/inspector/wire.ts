import type { Decider } from '../introspection/controller.js'
import type { CorsVerdict, Engine, Framework } from '../browser/index.js'

// The messages between the inspector's server and its page. The page imports nothing else of the server.

/** A header line. */
export type Line = readonly [name: string, value: string]

/** A request and its answer, as they were sent, without secrets. */
export interface Exchange {
  readonly method: string
  readonly url: string
  readonly request: readonly Line[]
  /** `null` while there is no answer. */
  readonly response: {
    readonly status: number
    readonly headers: readonly Line[]
    /** The header lines that the proxy changed, as the page got them. */
    readonly rewritten: readonly Line[]
  } | null
}

/** The exchanges at one URL of a call. */
export interface Hop {
  readonly preflight: Exchange | null
  readonly actual: Exchange | null
}

/** A verdict, and what the page shows beside it. */
export interface Judgement extends Omit<CorsVerdict, 'exchanges'> {
  /** The sentence on what the browser saw, without its full stop; empty if allowed. */
  readonly seen: string
  /** The lines that browsers print; `null` if they print none of their own, or it is not known. */
  readonly prints: Readonly<Record<Engine, string | null>> | null
  /** The server that probably answered. */
  readonly framework: Framework
  /** It presumes a preflight that was not seen, since the browser may have remembered it. */
  readonly isPresumed: boolean
}

/**
 * `waiting`: no answer yet. `judged`: there is a verdict. `never-came`: a preflight announced a request that did not come.
 * `gone`: the connection was closed without an answer.
 */
export type CallState = 'waiting' | 'judged' | 'never-came' | 'gone'

/** A call of a page: a preflight, the request that it announced, or both. */
export interface Call extends Hop {
  /** Unique, across restarts too. */
  readonly id: string
  /** The time at which it began, in milliseconds since 1970. */
  readonly at: number
  readonly origin: string
  readonly method: string
  readonly url: string
  readonly state: CallState
  readonly decider: Decider | null
  /** The exchanges at the URLs before the last one, if redirects are followed; a server sees one URL at a time. */
  readonly redirects: readonly Hop[]
  /** `include`: it carried a cookie. `unknown`: a server can't tell. */
  readonly credentials: 'include' | 'unknown'
  /** The verdict on a call without cookies, unless it had one; `null` while there is nothing to judge. */
  readonly verdict: Judgement | null
  /** The verdict on a call with `credentials: 'include'`, if that makes a difference. */
  readonly withCredentials: Judgement | null
}

/** The first event of a feed. */
export interface Hello {
  readonly mode: 'beside' | 'in front of'
  /** Another one after a restart. */
  readonly run: string
  /** The origin of the API. */
  readonly api: string
  readonly capacity: number
  /** The number of calls so far, forgotten ones included. */
  readonly seen: number
  readonly calls: readonly Call[]
}

/** The calls that are new, or have changed, since the event before. */
export interface Update {
  readonly seen: number
  readonly calls: readonly Call[]
}

/** A call to try, as `explain()` takes it. */
export interface Trial {
  readonly origin: string
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly credentials: 'same-origin' | 'include'
}

/** The verdict on a trial, also as a call. */
export interface TrialResult extends CorsVerdict {
  readonly call: Call
}
