import { randomUUID } from 'node:crypto'
import { answerOf, type Answer } from './answer.js'
import type { Engine } from './engine.js'
import { StorageError } from './errors.js'
import type { RedisStorageOptions } from './options.js'
import type { Storage } from './storage.js'
import { within } from './within.js'

/** Limits for Redis, in milliseconds, and the callback for its errors. */
interface Limits {
  readonly read: number
  readonly write: number
  readonly stale: number
  readonly onError: (error: unknown) => void
}

/** The epoch of an origin is kept for a day at least: servers with a longer `ttl` may run beside this one. */
const DAY = 24 * 60 * 60 * 1000

/** States of a connection in which a command would only be queued. */
const DOWN = new Set(['close', 'reconnecting', 'end'])

/** Answers that servers share. There is no copy in memory, since it could be older than the one in Redis. */
export function redisStorage (
  { StorageInterface }: Engine, { client, prefix = 'fastify-cors-policy:' }: RedisStorageOptions,
  longest: number, { read, write, stale, onError }: Limits
): Storage<Promise<string>> {
  const ofAll = `${prefix}epoch`

  const nameOfEpoch = (origin: string): string => `${ofAll}:${origin}`

  /** Asks Redis, but not while it is down: ioredis would queue the command, and send it later. */
  async function ask<T> (command: () => Promise<T>, milliseconds: number): Promise<T> {
    try {
      if (DOWN.has(client.status)) throw new Error(`its connection is in the state "${client.status}"`)
      return await within(command(), milliseconds, () => new Error(`nothing came within ${milliseconds} ms`))
    } catch (cause) {
      throw new StorageError(cause instanceof Error ? cause.message : String(cause), { cause })
    }
  }

  return {
    ofEngine: Object.assign(new StorageInterface({}), {
      async get (key: string): Promise<Answer | undefined> {
        try {
          const [kept, remaining] = await ask(() => Promise.all([client.get(prefix + key), client.pttl(prefix + key)]), read)
          return kept === '1' || kept === '0' ? answerOf(kept === '1', remaining, stale) : undefined
        } catch (error) {
          onError(error)
          return undefined
        }
      },
      // Called for old answers only, which are looked up again whatever time is left.
      getTTL: async () => 0,
      // Not awaited. The expiry is a time of the clock: ioredis sends a command again that was cut off, and by then the
      // answer is old.
      async set (key: string, { allowed }: Answer, ttl: number) {
        const until = Date.now() + ttl
        ask(() => client.set(prefix + key, allowed ? '1' : '0', 'PXAT', until), write).catch(onError)
      },
      // Called after a failed look-up: the answer of another server stays.
      async remove () {}
    }),
    async epochOf (origin) {
      const epochs = await ask(() => Promise.all([client.get(ofAll), client.get(nameOfEpoch(origin))]), read)
      return epochs.map(epoch => epoch ?? '').join(',')
    },
    async renew (origin) {
      const epoch = randomUUID()
      await ask(() => origin === undefined
        ? client.set(ofAll, epoch)
        : client.set(nameOfEpoch(origin), epoch, 'PX', Math.max(DAY, 2 * longest)), write)
    }
  }
}
