import type * as asyncCacheDedupe from 'async-cache-dedupe'
import type { FastifyRequest } from 'fastify'
import { createRequire } from 'node:module'
import { MissingEngineError } from './errors.js'
import type { CacheSettings } from './options.js'
import { ANSWER, type OriginAnswer, type LookedUp } from './storage.js'

/** The package `async-cache-dedupe`. */
export type Engine = typeof asyncCacheDedupe

/**
 * Loads the optional peer dependency.
 *
 * @param from the file that it is resolved from
 * @throws MissingEngineError
 */
export function loadEngine (from: string = __filename): Engine {
  let loaded: unknown
  let cause: unknown
  try {
    loaded = createRequire(from)('async-cache-dedupe')
  } catch (error) {
    cause = error
  }
  if (isEngine(loaded)) return loaded
  throw new MissingEngineError({ cause })
}

function isEngine (loaded: unknown): loaded is Engine {
  return typeof loaded === 'object' && loaded !== null && 'Cache' in loaded
}

/** One question to the cache. Questions with the same key at the same time are one. */
export interface Question {
  readonly key: string
  readonly origin: string
  readonly request: FastifyRequest
  /** On the clock of `performance.now()`. */
  readonly deadline: number
}

type Ask = (question: Question) => Promise<OriginAnswer>

/**
 * Makes the two ways to ask: the storage first, or the look-up alone.
 *
 * @param lookUp asked if the storage has no answer
 */
export function questionsTo (
  { Cache }: Engine, storage: asyncCacheDedupe.StorageInterface, { ttl, stale, negativeTtl }: CacheSettings, lookUp: (question: Question) => Promise<LookedUp>
): { cached: Ask, uncached: Ask } {
  const serialize = ({ key }: Question): string => key
  const cache = new Cache({ storage, ttl: 0 })
    .define(ANSWER, {
      serialize,
      // The time in which an answer is old counts. Refusals are never served old.
      ttl: ({ allowed }: OriginAnswer) => allowed ? ttl + stale : negativeTtl,
      stale: ({ from }: OriginAnswer) => from === 'old' ? stale : 0
    }, lookUp)
    .define('uncached', { serialize }, lookUp)
  return { cached: cache[ANSWER], uncached: cache.uncached }
}
