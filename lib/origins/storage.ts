import type { StorageInterface } from 'async-cache-dedupe'

/** An answer about an origin. */
export interface OriginAnswer {
  readonly allowed: boolean
  /** `old`: from the cache, while it is looked up again. */
  readonly from: 'lookup' | 'cache' | 'old'
}

/** The answer of a look-up. */
export interface LookedUp extends OriginAnswer {
  readonly from: 'lookup'
  /** When the look-up began, on the clock of `performance.now()`: the answer is that old, however long it took. */
  readonly since: number
}

/** How long answers count, in milliseconds. */
export interface Lifetimes {
  readonly ttl: number
  readonly stale: number
  readonly negativeTtl: number
}

/** One object each: a request for what is known makes none. */
const FRESH: OriginAnswer = { allowed: true, from: 'cache' }
const OLD: OriginAnswer = { allowed: true, from: 'old' }
const REFUSED: OriginAnswer = { allowed: false, from: 'cache' }

/** The answer that one of some age still is; `undefined` if it is too old. */
export function answerOf (allowed: boolean, age: number, { ttl, stale, negativeTtl }: Lifetimes): OriginAnswer | undefined {
  if (!allowed) return age < negativeTtl ? REFUSED : undefined
  if (age < ttl) return FRESH
  return age < ttl + stale ? OLD : undefined
}

/**
 * A storage of answers. The key of an answer contains the *epoch* of its origin, and to invalidate the answer means to
 * begin another epoch. So an answer that was being looked up meanwhile, here or on another server, is stored under a key
 * that nobody asks for any more.
 */
export interface Storage<Epoch> {
  /** The storage as `async-cache-dedupe` takes it. Times are milliseconds. */
  readonly ofEngine: StorageInterface
  /** The epoch of an origin. */
  readonly epochOf: (origin: string) => Epoch
  /** Begins another epoch of an origin, or of all. */
  readonly renew: (origin: string | undefined) => Promise<void>
}

/** The name of the look-up in `async-cache-dedupe`, with which the keys of its storage begin. */
export const ANSWER = 'answer'

/** The key of an answer. The lengths keep a tenant from imitating another tenant, or another epoch. */
export function keyOf (epoch: string, tenant: string, origin: string): string {
  return `${epoch.length}:${epoch}${tenant.length}:${tenant}${origin}`
}
