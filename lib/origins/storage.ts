import type { StorageInterface } from 'async-cache-dedupe'

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
