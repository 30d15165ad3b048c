import type { OriginAnswer } from './storage.js'

/** The result of `stats()`. All but the last two count from the start. */
export interface CacheStats {
  /** Requests answered from the cache, old answers included. */
  readonly hits: number
  /** Requests that waited for a look-up, their own or that of another request. */
  readonly misses: number
  /** Requests that got an old answer while the origin was looked up again. */
  readonly stale: number
  /** Look-ups begun. */
  readonly lookups: number
  /** Look-ups that failed, with a time-out or otherwise. */
  readonly failures: number
  /** Look-ups that did not end within `timeout`. */
  readonly timeouts: number
  /** Times an unknown origin was refused because `maxLookups` ran already. */
  readonly overloads: number
  /** Look-ups begun within the last second. */
  readonly lookupsPerSecond: number
  /** Look-ups that run now. */
  readonly running: number
}

/** Counts what the cache does. */
export class Counters {
  hits = 0
  misses = 0
  stale = 0
  failures = 0
  timeouts = 0
  overloads = 0
  private lookupCount = 0
  /** The current second, and the look-ups begun in it and in the one before. */
  private second = 0
  private current = 0
  private previous = 0

  /** Counts a request that was answered. */
  answered ({ from }: OriginAnswer): void {
    if (from === 'lookup') {
      this.misses++
      return
    }
    this.hits++
    if (from === 'old') this.stale++
  }

  /** Counts a look-up that begins. */
  began (): void {
    this.turn()
    this.lookupCount++
    this.current++
  }

  /** All counts as they are now. */
  read (running: number): CacheStats {
    const { hits, misses, stale, failures, timeouts, overloads } = this
    const elapsed = this.turn()
    // The previous second counts for its part of the last 1,000 ms, as if its look-ups were spread evenly.
    const lookupsPerSecond = Math.round(this.current + this.previous * (1 - elapsed))
    return { hits, misses, stale, lookups: this.lookupCount, failures, timeouts, overloads, lookupsPerSecond, running }
  }

  /** Begins another second when one is over, and returns the part of it that has passed. */
  private turn (): number {
    const time = performance.now() / 1000
    const second = Math.floor(time)
    if (second !== this.second) {
      this.previous = second === this.second + 1 ? this.current : 0
      this.current = 0
      this.second = second
    }
    return time - second
  }
}
