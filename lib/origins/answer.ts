/** An answer about an origin. */
export interface Answer {
  readonly allowed: boolean
  /** `old`: from the cache, while it is looked up again. */
  readonly from: 'lookup' | 'cache' | 'old'
}

/** What a look-up said. */
export interface LookedUp extends Answer {
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
const FRESH: Answer = { allowed: true, from: 'cache' }
const OLD: Answer = { allowed: true, from: 'old' }
const REFUSED: Answer = { allowed: false, from: 'cache' }

/** What an answer of some age still counts for: nothing where it is too old. */
export function answerOf (allowed: boolean, age: number, { ttl, stale, negativeTtl }: Lifetimes): Answer | undefined {
  if (!allowed) return age < negativeTtl ? REFUSED : undefined
  if (age < ttl) return FRESH
  return age < ttl + stale ? OLD : undefined
}
