import { namesIn } from '../http/field-values.js'
import type { Head } from './watch.js'
import type { Line } from './wire.js'

/** The milliseconds in which an announced request must come. */
const PATIENCE = 5000

/** A request with an `Origin`, and its answer. */
export interface Seen {
  readonly origin: string
  readonly method: string
  readonly url: string
  readonly headers: readonly Line[]
  /** It had a cookie. */
  readonly hasCookie: boolean
  /** `undefined`: not answered yet. `null`: the connection was closed before. */
  answer: Answer | null | undefined
}

/** The head of an answer, and the header lines that the proxy changed. */
export interface Answer extends Head {
  readonly rewritten: readonly Line[]
}

/** A call of a page: a preflight, the request that it announced, or both. */
export interface Course {
  readonly number: number
  /** In milliseconds since 1970. */
  readonly at: number
  /** Its first request. */
  readonly first: Seen
  readonly preflight: Seen | null
  actual: Seen | null
  /** The announced request has not come in time. */
  isLate: boolean
}

/** Remembers the last calls, up to a limit, and matches preflights with the requests that they announced. */
export class Memory {
  /** The number of calls, forgotten ones included. */
  seen = 0
  private readonly courses: Course[] = []
  private readonly timers = new Map<Course, NodeJS.Timeout>()

  /** @param changed - called for each call that is new, or has changed */
  constructor (readonly capacity: number, private readonly changed: (course: Course) => void) {}

  /** Oldest first. */
  get all (): readonly Course[] {
    return this.courses
  }

  /**
   * Records a request.
   *
   * @returns a function to call with its answer, or with `null` if none will come; only the first call counts
   */
  arrive (seen: Seen): (answer: Answer | null) => void {
    const announced = announcedBy(seen)
    const course = announced === null ? this.courseOf(seen) : this.begin(seen, { preflight: seen, actual: null })
    this.changed(course)
    return answer => {
      if (seen.answer !== undefined) return
      seen.answer = answer
      // The call may be forgotten meanwhile.
      if (!this.courses.includes(course)) return
      if (announced !== null && answer !== null) this.wait(course)
      this.changed(course)
    }
  }

  close (): void {
    for (const timer of this.timers.values()) clearTimeout(timer)
    this.timers.clear()
  }

  private courseOf (actual: Seen): Course {
    const course = this.courses.findLast(known => known.actual === null && !known.isLate && isAnnounced(known.preflight, actual))
    if (course === undefined) return this.begin(actual, { preflight: null, actual })
    course.actual = actual
    this.forget(course)
    return course
  }

  private begin (first: Seen, requests: Pick<Course, 'preflight' | 'actual'>): Course {
    const course = { number: ++this.seen, at: Date.now(), isLate: false, first, ...requests }
    this.courses.push(course)
    if (this.courses.length > this.capacity) this.courses.splice(0, 1).forEach(oldest => this.forget(oldest))
    return course
  }

  private wait (course: Course): void {
    const timer = setTimeout(() => {
      this.timers.delete(course)
      course.isLate = true
      this.changed(course)
    }, PATIENCE)
    this.timers.set(course, timer.unref())
  }

  private forget (course: Course): void {
    clearTimeout(this.timers.get(course))
    this.timers.delete(course)
  }
}

/**
 * The announcement of a preflight; `null` for other requests.
 *
 * @see https://fetch.spec.whatwg.org/#cors-preflight-request
 */
export function announcedBy ({ method, headers }: Seen): { method: string, names: string[] } | null {
  const announced = valueOf(headers, 'access-control-request-method')
  if (method !== 'OPTIONS' || announced === undefined) return null
  const names = valueOf(headers, 'access-control-request-headers') ?? ''
  return { method: announced, names: namesIn(names).map(name => name.toLowerCase()) }
}

function isAnnounced (preflight: Seen | null, { origin, method, url, headers }: Seen): boolean {
  if (preflight === null || preflight.origin !== origin || preflight.url !== url) return false
  const announced = announcedBy(preflight)
  return announced?.method === method && announced.names.every(name => valueOf(headers, name) !== undefined)
}

export function valueOf (headers: readonly Line[], name: string): string | undefined {
  return headers.find(([other]) => other === name)?.[1]
}
