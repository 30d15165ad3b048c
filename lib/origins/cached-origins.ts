import type { FastifyRequest } from 'fastify'
import { setImmediate as turn } from 'node:timers/promises'
import { isSerialisedOrigin } from '../origin/parse.js'
import { show } from '../text.js'
import { Counters, type CacheStats } from './counters.js'
import { loadEngine, type Question, questionsTo } from './engine.js'
import { InvalidKeyError, reporter } from './errors.js'
import { Lookups } from './lookups.js'
import { memoryStorage } from './memory.js'
import { settingsOf, type CachedOriginsOptions, type RedisStorageOptions } from './options.js'
import { redisStorage } from './redis.js'
import { type OriginAnswer, keyOf, type LookedUp } from './storage.js'

/** An origin function that remembers its answers. */
export interface CachedOrigins {
  (origin: string, request: FastifyRequest): boolean | Promise<boolean>
  /**
   * Forgets the answer about an origin, for all tenants; without an origin, all answers. Look-ups that run meanwhile are not
   * kept. If servers share the answers, it holds for all of them once the promise resolves.
   *
   * @param origin as browsers send it: in lower case, without a path and without the port that goes without saying
   * @throws TypeError where no browser sends such an origin; an error with the code `FST_CORS_STORAGE` where Redis does not answer: the old answers then age out
   */
  invalidate: (origin?: string) => Promise<void>
  /** Counts the work of the cache since it was made. */
  stats: () => CacheStats
  /**
   * Begins no more look-ups, and resolves once those that run have ended, and Redis has been sent their answers. What is
   * known is still served.
   */
  close: () => Promise<void>
}

type Renew = (origin: string | undefined) => Promise<void>
type Decide = (origin: string, request: FastifyRequest, tenant: string) => boolean | Promise<boolean>

/** The part of the timeout that each question to Redis may take. */
const FOR_REDIS = 1 / 4

/** A tenant is part of a stored key. */
const MAX_TENANT = 1024

/**
 * Makes an origin function of a look-up, in a database say. It remembers the answers, and looks an origin up once for many
 * requests at a time. If a look-up fails or is late, the old answer counts; without one, the origin is refused, and
 * `onError` called.
 *
 * @throws an error with the code `FST_CORS_INVALID_CACHE_OPTIONS`, with every problem in the options, or with
 * `FST_CORS_MISSING_CACHE` if the package `async-cache-dedupe` is not installed
 */
export function cachedOrigins (options: CachedOriginsOptions): CachedOrigins {
  const settings = settingsOf(options)
  const { storage, timeout } = settings
  const engine = loadEngine()
  const report = reporter(settings.onError)
  const counters = new Counters()
  const lookups = new Lookups(settings, counters)
  const tenantOf = tenants(settings.key)

  async function lookUp ({ origin, request, deadline }: Question): Promise<LookedUp> {
    const since = performance.now()
    try {
      return { allowed: await lookups.run(origin, request, deadline), from: 'lookup', since }
    } catch (error) {
      report(error, origin, request)
      throw error
    }
  }

  async function settle (asked: Promise<OriginAnswer>): Promise<boolean> {
    try {
      const answer = await asked
      counters.answered(answer)
      return answer.allowed
    } catch {
      // The look-up has reported it, once for all who wait.
      counters.misses++
      return false
    }
  }

  /** Answers synchronously if an answer is known, even an old one. */
  function inMemory (): { decide: Decide, renew: Renew } {
    const { epochOf, peek, renew, ofEngine } = memoryStorage(engine, settings)
    const ask = questionsTo(engine, ofEngine, settings, lookUp)
    const decide: Decide = (origin, request, tenant) => {
      const key = keyOf(epochOf(origin), tenant, origin)
      const known = peek(key)
      if (known?.from !== 'cache') {
        const asked = ask.cached({ key, origin, request, deadline: performance.now() + timeout })
        if (known === undefined) return settle(asked)
        // Reported where it failed.
        asked.catch(() => {})
      }
      counters.answered(known)
      return known.allowed
    }
    return { decide, renew }
  }

  /** Asks Redis for the epoch, then for the answer. If Redis does not answer, every request looks up. */
  function inRedis (shared: RedisStorageOptions): { decide: Decide, renew: Renew } {
    const limits = { read: timeout * FOR_REDIS, write: timeout, onError: report }
    const { epochOf, renew, ofEngine } = redisStorage(engine, shared, settings, limits)
    const ask = questionsTo(engine, ofEngine, settings, lookUp)
    const decide: Decide = async (origin, request, tenant) => {
      const deadline = performance.now() + timeout
      try {
        const key = keyOf(await epochOf(origin), tenant, origin)
        return await settle(ask.cached({ key, origin, request, deadline }))
      } catch (error) {
        report(error, origin, request)
        // Requests that join have waited for Redis too, so all of them wait for the rest of the timeout only.
        const rest = performance.now() + timeout * (1 - FOR_REDIS)
        return await settle(ask.uncached({ key: keyOf('', tenant, origin), origin, request, deadline: rest }))
      }
    }
    return { decide, renew }
  }

  const { decide, renew } = storage.type === 'redis' ? inRedis(storage) : inMemory()

  function decideSafely (origin: string, request: FastifyRequest): boolean | Promise<boolean> {
    let tenant: string
    try {
      tenant = tenantOf(origin, request)
    } catch (error) {
      report(error, origin, request)
      return false
    }
    return decide(origin, request, tenant)
  }

  return Object.assign(decideSafely, {
    async invalidate (origin?: string) {
      if (origin !== undefined && !(typeof origin === 'string' && isSerialisedOrigin(origin))) {
        throw new TypeError(`invalidate: the origin must be as browsers send it, such as 'https://shop.example', not ${show(origin)}`)
      }
      await renew(origin)
    },
    stats: () => counters.read(lookups.running),
    async close () {
      await lookups.close()
      // An answer goes to Redis shortly after its look-up has ended.
      await turn()
    }
  })
}

/** The tenant of a request; `''` if the look-up depends on the origin alone. */
function tenants (key: CachedOriginsOptions['key']): (origin: string, request: FastifyRequest) => string {
  if (key === undefined) return () => ''
  return (origin, request) => {
    const tenant: unknown = key(origin, request)
    if (typeof tenant === 'string' && tenant.length <= MAX_TENANT) return tenant
    throw new InvalidKeyError(typeof tenant === 'string' ? `one of ${tenant.length}` : show(tenant))
  }
}
