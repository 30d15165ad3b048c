import type { StorageInterface } from 'async-cache-dedupe'

/**
 * A storage of answers. Nothing is ever removed from it by name: an answer is kept under a key that has the *epoch* of its
 * origin in it, and whoever invalidates begins another epoch. So an answer that was being looked up meanwhile, here or on
 * another server, is stored where nobody looks any more.
 */
export interface Storage<Epoch> {
  /** The storage as `async-cache-dedupe` wants it. Times are milliseconds. */
  readonly ofEngine: StorageInterface
  /** The epoch of an origin. */
  readonly epochOf: (origin: string) => Epoch
  /** Begins another epoch of an origin, or of all. */
  readonly renew: (origin: string | undefined) => Promise<void>
}

/** The name under which `async-cache-dedupe` knows the look-up, and with which it begins the keys of its storage. */
export const ANSWER = 'answer'

/** The key of an answer. The lengths keep a tenant from writing what reads like another tenant, or another epoch. */
export function keyOf (epoch: string, tenant: string, origin: string): string {
  return `${epoch.length}:${epoch}${tenant.length}:${tenant}${origin}`
}
