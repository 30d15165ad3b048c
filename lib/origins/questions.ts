import type { StorageInterface } from 'async-cache-dedupe'
import type { FastifyRequest } from 'fastify'
import type { Engine } from './engine.js'
import type { Answer, LookedUp } from './answer.js'
import type { CacheSettings } from './options.js'
import { ANSWER } from './storage.js'

/** One question to the cache. Questions with the same key at the same time are one. */
export interface Question {
  readonly key: string
  readonly origin: string
  readonly request: FastifyRequest
  /** On the clock of `performance.now()`. */
  readonly deadline: number
}

type Ask = (question: Question) => Promise<Answer>

/**
 * Makes the two ways to ask: the storage first, or the look-up alone.
 *
 * @param lookUp asked if the storage has no answer
 */
export function questionsTo (
  { Cache }: Engine, storage: StorageInterface, { ttl, stale, negativeTtl }: CacheSettings, lookUp: (question: Question) => Promise<LookedUp>
): { cached: Ask, uncached: Ask } {
  const serialize = ({ key }: Question): string => key
  const cache = new Cache({ storage, ttl: 0 })
    .define(ANSWER, {
      serialize,
      // The time in which an answer is old counts. Refusals are never served old.
      ttl: ({ allowed }: Answer) => allowed ? ttl + stale : negativeTtl,
      stale: ({ from }: Answer) => from === 'old' ? stale : 0
    }, lookUp)
    .define('uncached', { serialize }, lookUp)
  return { cached: cache[ANSWER], uncached: cache.uncached }
}
