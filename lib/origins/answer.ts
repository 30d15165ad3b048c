/** What the cache knows of an origin. */
export interface Answer {
  readonly allowed: boolean
  /** A look-up, the cache, or what the cache still has though it is to be looked up again. */
  readonly from: 'lookup' | 'cache' | 'old'
}

/** The answers there are, one object each: a request for what is known makes none. */
export const ANSWERS = {
  lookup: { true: { allowed: true, from: 'lookup' }, false: { allowed: false, from: 'lookup' } },
  cache: { true: { allowed: true, from: 'cache' }, false: { allowed: false, from: 'cache' } },
  old: { true: { allowed: true, from: 'old' }, false: { allowed: false, from: 'old' } }
} as const

/** The answer as it is read from a storage. */
export function answerOf (allowed: boolean, remaining: number, stale: number): Answer {
  const from = allowed && remaining <= stale ? 'old' : 'cache'
  return ANSWERS[from][allowed ? 'true' : 'false']
}
