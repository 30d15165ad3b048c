import { randomUUID } from 'node:crypto'
import { setImmediate as endOfTurn } from 'node:timers/promises'
import type { Engine } from './engine.js'
import { StorageError } from './errors.js'
import type { RedisStorageOptions } from './options.js'
import { type OriginAnswer, answerOf, type Lifetimes, type LookedUp, type Storage } from './storage.js'
import { within } from './within.js'

/** Limits for Redis, in milliseconds, and the callback for its errors. */
interface Limits {
  readonly read: number
  readonly write: number
  readonly onError: (error: unknown) => void
}

/** The epoch of an origin is kept for a day at least: servers with a longer `ttl` may run beside this one. */
const DAY = 24 * 60 * 60 * 1000

/** States of a connection in which a command would only be queued. */
const DOWN = new Set(['close', 'reconnecting', 'end'])

/** An answer as it is kept: allowed or not, and since when by the clock. */
const KEPT = /^([01]) (\d{1,15})$/

/** Answers that servers share. There is no copy in memory, which could be older than what Redis says. */
export function redisStorage (
  { StorageInterface }: Engine, { client, prefix = 'fastify-cors-policy:' }: RedisStorageOptions,
  lifetimes: Lifetimes, { read, write, onError }: Limits
): Storage<Promise<string>> {
  const ofAll = `${prefix}epoch`
  const lifeOfEpoch = Math.max(DAY, 2 * (lifetimes.ttl + lifetimes.stale), 2 * lifetimes.negativeTtl)
  /** How many commands Redis still owes an answer that nobody waits for any more. */
  let owed = 0

  /** Epochs that are read at the end of this turn of the event loop, by the key. */
  const wanted = new Map<string, Promise<string | null>>()

  const nameOfEpoch = (origin: string): string => `${ofAll}:${origin}`

  /** Asks Redis, but not while it is down: ioredis would queue the command, and send it later. */
  async function ask<T> (command: () => Promise<T>, milliseconds: number): Promise<T> {
    try {
      if (DOWN.has(client.status)) throw new Error(`its connection is in the state "${client.status}"`)
      const answer = command()
      return await within(answer, milliseconds, () => {
        owed++
        const paid = (): void => { owed-- }
        answer.then(paid, paid)
        return new Error(`nothing came within ${milliseconds} ms`)
      })
    } catch (cause) {
      throw new StorageError(cause instanceof Error ? cause.message : String(cause), { cause })
    }
  }

  /**
   * The same, unless Redis is behind already: then requests neither wait for it one after another, nor fill the memory
   * with commands.
   */
  async function askIfPrompt<T> (command: () => Promise<T>, milliseconds: number): Promise<T> {
    if (owed > 0) throw new StorageError('it is behind with its answers')
    return await ask(command, milliseconds)
  }

  /** Requests that come before the command is sent share it. One that comes later could know of a change that it misses. */
  async function readEpoch (key: string): Promise<string | null> {
    const shared = wanted.get(key)
    if (shared !== undefined) return await shared
    const epoch = endOfTurn().then(async () => {
      wanted.delete(key)
      return await askIfPrompt(() => client.get(key), read)
    })
    wanted.set(key, epoch)
    return await epoch
  }

  return {
    ofEngine: Object.assign(new StorageInterface({}), {
      async get (key: string): Promise<OriginAnswer | undefined> {
        try {
          const [, allowed, since] = KEPT.exec(String(await askIfPrompt(() => client.get(prefix + key), read))) ?? []
          return allowed === undefined ? undefined : answerOf(allowed === '1', Date.now() - Number(since), lifetimes)
        } catch (error) {
          onError(error)
          return undefined
        }
      },
      // Called for old answers only, which are looked up again whatever time is left.
      getTTL: async () => 0,
      // Not waited for. With its time, because servers may differ in their settings, and because a command that was cut
      // off is sent again once Redis is back, and the answer is old by then.
      async set (key: string, { allowed, since }: LookedUp, ttl: number) {
        const age = performance.now() - since
        const value = `${allowed ? 1 : 0} ${Math.floor(Date.now() - age)}`
        askIfPrompt(() => client.set(prefix + key, value, 'PX', Math.max(1, Math.floor(ttl - age))), write).catch(onError)
      },
      // Called after a failed look-up: the answer of another server stays.
      async remove () {}
    }),
    async epochOf (origin) {
      const epochs = await Promise.all([readEpoch(ofAll), readEpoch(nameOfEpoch(origin))])
      return epochs.map(epoch => epoch ?? '').join(',')
    },
    async renew (origin) {
      const epoch = randomUUID()
      await ask(() => origin === undefined
        ? client.set(ofAll, epoch)
        : client.set(nameOfEpoch(origin), epoch, 'PX', lifeOfEpoch), write)
    }
  }
}
