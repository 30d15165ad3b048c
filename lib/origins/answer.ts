/** An answer about an origin. */
export interface Answer {
  readonly allowed: boolean
  /** `old`: from the cache, while it is looked up again. */
  readonly from: 'lookup' | 'cache' | 'old'
}

/** All possible answers, so that a request makes no object. */
export const ANSWERS = {
  lookup: { true: { allowed: true, from: 'lookup' }, false: { allowed: false, from: 'lookup' } },
  cache: { true: { allowed: true, from: 'cache' }, false: { allowed: false, from: 'cache' } },
  old: { true: { allowed: true, from: 'old' }, false: { allowed: false, from: 'old' } }
} as const

/** Makes an answer of a storage's entry. */
export function answerOf (allowed: boolean, remaining: number, stale: number): Answer {
  const from = allowed && remaining <= stale ? 'old' : 'cache'
  return ANSWERS[from][allowed ? 'true' : 'false']
}
