import { namesIn } from '../http/field-values.js'
import type { Head } from './watch.js'
import type { Line } from './wire.js'

/** The milliseconds in which an announced request must come. */
const PATIENCE = 5000

/** A request with an `Origin`, and its answer. */
export interface SeenRequest {
  readonly origin: string
  readonly method: string
  readonly url: string
  readonly headers: readonly Line[]
  /** It had a cookie. */
  readonly hasCookie: boolean
  /** `undefined`: not answered yet. `null`: the connection was closed before. */
  answer: SeenAnswer | null | undefined
}

/** The head of an answer, and the header lines that the proxy changed. */
export interface SeenAnswer extends Head {
  readonly rewritten: readonly Line[]
}

/** A call of a page: a preflight, the request that it announced, or both. */
export interface SeenCall {
  readonly number: number
  /** In milliseconds since 1970. */
  readonly at: number
  /** Its first request. */
  readonly first: SeenRequest
  readonly preflight: SeenRequest | null
  actual: SeenRequest | null
  /** The announced request has not come in time. */
  isLate: boolean
}

/** Remembers the last calls, up to a limit, and matches preflights with the requests that they announced. */
export class Memory {
  /** The number of calls, forgotten ones included. */
  seen = 0
  private readonly calls: SeenCall[] = []
  private readonly timers = new Map<SeenCall, NodeJS.Timeout>()

  /** @param changed - called for each call that is new, or has changed */
  constructor (readonly capacity: number, private readonly changed: (call: SeenCall) => void) {}

  /** Oldest first. */
  get all (): readonly SeenCall[] {
    return this.calls
  }

  /**
   * Records a request.
   *
   * @returns a function to call with its answer, or with `null` if none will come; only the first call counts
   */
  arrive (seen: SeenRequest): (answer: SeenAnswer | null) => void {
    const announced = announcedBy(seen)
    const call = announced === null ? this.callOf(seen) : this.begin(seen, { preflight: seen, actual: null })
    this.changed(call)
    return answer => {
      if (seen.answer !== undefined) return
      seen.answer = answer
      // The call may be forgotten meanwhile.
      if (!this.calls.includes(call)) return
      if (announced !== null && answer !== null) this.wait(call)
      this.changed(call)
    }
  }

  close (): void {
    for (const timer of this.timers.values()) clearTimeout(timer)
    this.timers.clear()
  }

  private callOf (actual: SeenRequest): SeenCall {
    const call = this.calls.findLast(known => known.actual === null && !known.isLate && isAnnounced(known.preflight, actual))
    if (call === undefined) return this.begin(actual, { preflight: null, actual })
    call.actual = actual
    this.forget(call)
    return call
  }

  private begin (first: SeenRequest, requests: Pick<SeenCall, 'preflight' | 'actual'>): SeenCall {
    const call = { number: ++this.seen, at: Date.now(), isLate: false, first, ...requests }
    this.calls.push(call)
    if (this.calls.length > this.capacity) this.calls.splice(0, 1).forEach(oldest => this.forget(oldest))
    return call
  }

  private wait (call: SeenCall): void {
    const timer = setTimeout(() => {
      this.timers.delete(call)
      call.isLate = true
      this.changed(call)
    }, PATIENCE)
    this.timers.set(call, timer.unref())
  }

  private forget (call: SeenCall): void {
    clearTimeout(this.timers.get(call))
    this.timers.delete(call)
  }
}

/**
 * The announcement of a preflight; `null` for other requests.
 *
 * @see https://fetch.spec.whatwg.org/#cors-preflight-request
 */
export function announcedBy ({ method, headers }: SeenRequest): { method: string, names: string[] } | null {
  const announced = valueOf(headers, 'access-control-request-method')
  if (method !== 'OPTIONS' || announced === undefined) return null
  const names = valueOf(headers, 'access-control-request-headers') ?? ''
  return { method: announced, names: namesIn(names).map(name => name.toLowerCase()) }
}

function isAnnounced (preflight: SeenRequest | null, { origin, method, url, headers }: SeenRequest): boolean {
  if (preflight === null || preflight.origin !== origin || preflight.url !== url) return false
  const announced = announcedBy(preflight)
  return announced?.method === method && announced.names.every(name => valueOf(headers, name) !== undefined)
}

export function valueOf (headers: readonly Line[], name: string): string | undefined {
  return headers.find(([other]) => other === name)?.[1]
}
