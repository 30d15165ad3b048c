import type { FastifyRequest } from 'fastify'
import { show } from '../text.js'
import type { Counters } from './counters.js'
import { ClosedError, InvalidLookupResultError, LookupTimeoutError, TooManyLookupsError } from './errors.js'
import type { CacheSettings } from './options.js'
import { within } from './within.js'

/**
 * For this many times `timeout`, a late look-up still counts among those that run, since the database still works on it.
 * Not for ever, since some never end.
 */
const HELD = 10

/** Runs the application's look-ups: at most `maxLookups` at once, each for at most `timeout`. */
export class Lookups {
  private readonly pending = new Set<Promise<unknown>>()
  private isClosed = false

  constructor (
    private readonly settings: Pick<CacheSettings, 'lookup' | 'timeout' | 'maxLookups'>,
    private readonly counters: Counters
  ) {}

  get running (): number {
    return this.pending.size
  }

  /**
   * Looks an origin up.
   *
   * @param deadline on the clock of `performance.now()`
   * @throws what the look-up throws, or an error if it was not begun, or is late
   */
  async run (origin: string, request: FastifyRequest, deadline: number): Promise<boolean> {
    this.refuseIfFull()
    const { timeout } = this.settings
    try {
      const result = await within(this.begin(origin, request), deadline - performance.now(), () => {
        this.counters.timeouts++
        return new LookupTimeoutError(timeout)
      })
      if (typeof result !== 'boolean') throw new InvalidLookupResultError(show(result))
      return result
    } catch (error) {
      this.counters.failures++
      throw error
    }
  }

  /** Begins no more look-ups. Resolves once those that run have ended, or are late. */
  async close (): Promise<void> {
    this.isClosed = true
    const { timeout } = this.settings
    await Promise.allSettled([...this.pending].map(lookup => within(lookup, timeout, () => new LookupTimeoutError(timeout))))
  }

  private refuseIfFull (): void {
    const { maxLookups } = this.settings
    if (this.isClosed) throw new ClosedError()
    if (this.pending.size < maxLookups) return
    this.counters.overloads++
    throw new TooManyLookupsError(maxLookups)
  }

  private begin (origin: string, request: FastifyRequest): Promise<unknown> {
    this.counters.began()
    const lookup = (async () => await this.settings.lookup(origin, request))()
    const end = (): void => {
      clearTimeout(held)
      this.pending.delete(lookup)
    }
    const held = setTimeout(end, HELD * this.settings.timeout).unref()
    this.pending.add(lookup)
    lookup.then(end, end)
    return lookup
  }
}
