import type { StorageInterface } from 'async-cache-dedupe'
import type { Engine } from './engine.js'
import { ANSWER, type OriginAnswer, answerOf, type Lifetimes, type LookedUp, type Storage } from './storage.js'

/** An answer as it is kept. */
type Kept = Pick<LookedUp, 'allowed' | 'since'>

/** Answers in the memory of this process. */
interface MemoryStorage extends Storage<string> {
  /** Reads the answer under a key, synchronously. */
  readonly peek: (key: string) => OriginAnswer | undefined
}

/** Epochs take memory too: if more origins than these have their own, all origins begin a new one. */
const MAX_EPOCHS = 10_000

/**
 * The memory storage of `async-cache-dedupe`, twice: whatever origins a stranger invents, refusals only ever push out
 * refusals. It goes by a clock that can be set, and counts in whole seconds: so it keeps for ever, and what it keeps has a
 * time of its own.
 */
export function memoryStorage (
  { createStorage, StorageInterface }: Engine, { capacity, ...lifetimes }: Lifetimes & { readonly capacity: number }
): MemoryStorage {
  const allowed = createStorage('memory', { size: capacity })
  const refused = createStorage('memory', { size: capacity })
  /** The epochs of origins that were invalidated by name. No epoch comes twice. */
  const epochs = new Map<string, number>()
  let ofAll = 0
  let latest = 0

  function read (key: string): OriginAnswer | undefined {
    const kept = keptIn(allowed, key) ?? keptIn(refused, key)
    return kept !== undefined ? answerOf(kept.allowed, performance.now() - kept.since, lifetimes) : undefined
  }

  return {
    ofEngine: Object.assign(new StorageInterface({}), {
      get: async (key: string) => read(key),
      // Called for old answers only, which are looked up again whatever time is left.
      getTTL: async () => 0,
      async set (key: string, answer: Kept) {
        const [target, other] = answer.allowed ? [allowed, refused] : [refused, allowed]
        await Promise.all([other.remove(key), target.set(key, answer, Infinity)])
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

/** The inner storage has no types for what it keeps. */
function keptIn (storage: StorageInterface, key: string): Kept | undefined {
  const kept: unknown = storage.get(key)
  return isKept(kept) ? kept : undefined
}

function isKept (kept: unknown): kept is Kept {
  return typeof kept === 'object' && kept !== null && 'since' in kept
}
