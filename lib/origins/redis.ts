import { randomUUID } from 'node:crypto'
import { answerOf, type Answer } from './answer.js'
import type { Engine } from './engine.js'
import { StorageError } from './errors.js'
import type { RedisStorageOptions } from './options.js'
import type { Storage } from './storage.js'
import { within } from './within.js'

/** How long Redis is waited for, in milliseconds, and who hears of it when it fails. */
interface Limits {
  readonly read: number
  readonly write: number
  readonly stale: number
  readonly onError: (error: unknown) => void
}

/** The epoch of one origin is kept for a day at least: longer than servers with other settings run beside this one. */
const DAY = 24 * 60 * 60 * 1000

/** States of a connection in which a command would only be queued. */
const DOWN = new Set(['close', 'reconnecting', 'end'])

/** Answers that servers share. There is no copy in memory, which could be older than what Redis says. */
export function redisStorage (
  { StorageInterface }: Engine, { client, prefix = 'fastify-cors-policy:' }: RedisStorageOptions,
  longest: number, { read, write, stale, onError }: Limits
): Storage<Promise<string>> {
  const ofAll = `${prefix}epoch`

  const nameOfEpoch = (origin: string): string => `${ofAll}:${origin}`

  /** What Redis answers. ioredis would queue a command until Redis is back, and send one again that was cut off. */
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
      // Asked of old answers alone, which are looked up again whatever is left of them.
      getTTL: async () => 0,
      // Not waited for. By the clock and not from now on, since a command that was cut off is sent again once Redis is
      // back, and the answer is old by then.
      async set (key: string, { allowed }: Answer, ttl: number) {
        const until = Date.now() + ttl
        ask(() => client.set(prefix + key, allowed ? '1' : '0', 'PXAT', until), write).catch(onError)
      },
      // Called after a failed look-up, which is no reason to forget what another server knows.
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
