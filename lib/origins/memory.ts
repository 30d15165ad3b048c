import { answerOf, type Answer } from './answer.js'
import type { Engine } from './engine.js'
import { ANSWER, type Storage } from './storage.js'

/** An entry of the storage. `until` is on the clock of `performance.now()`. */
interface Kept {
  readonly allowed: boolean
  readonly until: number
}

/** Answers in the memory of this process. */
export interface MemoryStorage extends Storage<string> {
  /** Reads the answer under a key, synchronously. */
  readonly peek: (key: string) => Answer | undefined
}

/** Epochs take memory too: if more origins than these have their own, all origins begin a new one. */
const MAX_EPOCHS = 10_000

/**
 * Makes two memory storages of `async-cache-dedupe`: whatever origins a client invents, refusals replace only refusals.
 * That storage counts whole seconds, and may be one late, so entries have a time of their own.
 */
export function memoryStorage ({ createStorage, StorageInterface }: Engine, capacity: number, stale: number): MemoryStorage {
  const allowed = createStorage('memory', { size: capacity })
  const refused = createStorage('memory', { size: capacity })
  /** The epochs of origins that were invalidated by name. No epoch comes twice. */
  const epochs = new Map<string, number>()
  let ofAll = 0
  let latest = 0

  function read (key: string): Answer | undefined {
    const now = performance.now()
    const kept = alive(allowed.get(key), now) ?? alive(refused.get(key), now)
    return kept === undefined ? undefined : answerOf(kept.allowed, kept.until - now, stale)
  }

  return {
    ofEngine: Object.assign(new StorageInterface({}), {
      get: async (key: string) => read(key),
      // Called for old answers only, which are looked up again whatever time is left.
      getTTL: async () => 0,
      async set (key: string, answer: Answer, ttl: number) {
        const [target, other] = answer.allowed ? [allowed, refused] : [refused, allowed]
        const kept: Kept = { allowed: answer.allowed, until: performance.now() + ttl }
        await Promise.all([other.remove(key), target.set(key, kept, Math.ceil(ttl / 1000) + 2)])
      },
      // Called after a failed look-up: the old answer stays.
      async remove () {}
    }),
    peek: key => read(`${ANSWER}~${key}`),
    epochOf: origin => String(epochs.get(origin) ?? ofAll),
    async renew (origin) {
      latest++
      if (origin === undefined || epochs.size >= MAX_EPOCHS) {
        epochs.clear()
        ofAll = latest
      } else {
        epochs.set(origin, latest)
      }
    }
  }
}

/** Types an entry of the inner storage, unless it has expired. */
function alive (kept: unknown, now: number): Kept | undefined {
  return isKept(kept) && kept.until > now ? kept : undefined
}

function isKept (kept: unknown): kept is Kept {
  return typeof kept === 'object' && kept !== null && 'until' in kept
}
