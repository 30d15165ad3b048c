import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import { setImmediate as immediate, setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'
import corsPlugin from '../../lib/index.js'
import { cachedOrigins, type CachedOrigins, type CachedOriginsOptions } from '../../lib/origins/index.js'

/** A database of origins that tells what it was asked, and can be slow, or down. */
export class Origins {
  readonly asked: string[] = []
  readonly allowed: Set<string>
  /** What it does before it answers. */
  before: () => Promise<unknown> = async () => {}
  running = 0
  /** The most look-ups that ran at once. */
  peak = 0

  constructor (...allowed: string[]) {
    this.allowed = new Set(allowed)
  }

  readonly lookup = async (origin: string): Promise<boolean> => {
    this.asked.push(origin)
    this.peak = Math.max(this.peak, ++this.running)
    // It reads first, and answers later.
    const answer = this.allowed.has(origin)
    try {
      await this.before()
      return answer
    } finally {
      this.running--
    }
  }

  /** Makes it slow. */
  takes (milliseconds: number): void {
    this.before = () => sleep(milliseconds)
  }

  /** Takes it down. */
  fails (message = 'the database is down'): void {
    this.before = async () => { throw new Error(message) }
  }

  recovers (): void {
    this.before = async () => {}
  }
}

/** A clock that the test puts forward; timers go on as they do. */
export function clock (t: Test): { forward: (seconds: number) => void } {
  const now = performance.now.bind(performance)
  let ahead = 0
  Object.defineProperty(performance, 'now', { configurable: true, value: () => now() + ahead })
  t.teardown(() => Reflect.deleteProperty(performance, 'now'))
  return { forward: seconds => { ahead += seconds * 1000 } }
}

/** The clock on the wall, which the test sets. */
export function wallClock (t: Test): { forward: (seconds: number) => void } {
  const now = Date.now
  let ahead = 0
  Date.now = () => now() + ahead
  t.teardown(() => { Date.now = now })
  return { forward: seconds => { ahead += seconds * 1000 } }
}

/** Resolves when the test says so. */
export function gate (): { passed: Promise<void>, open: () => void } {
  let open = (): void => {}
  const passed = new Promise<void>(resolve => { open = resolve })
  return { passed, open }
}

/** Once everything that waits for nothing else has happened, however many turns of the event loop it takes. */
export async function soon (): Promise<void> {
  await sleep(1)
  for (let turn = 0; turn < 20; turn++) await immediate()
}

/** What was reported. */
export interface Reported {
  readonly error: unknown
  readonly origin: string | undefined
}

export interface Asked {
  readonly origins: CachedOrigins
  readonly app: FastifyInstance
  readonly reported: Reported[]
  /** Whether a page of an origin is allowed to call the application. */
  readonly allows: (origin: string, url?: string) => Promise<boolean>
  /** What the function itself says: at once, or as a promise. */
  readonly directly: (origin: string) => boolean | Promise<boolean>
}

/** An application whose origins are in a database. */
export async function appWith (t: Test, database: Origins, options: Partial<CachedOriginsOptions> = {}): Promise<Asked> {
  const reported: Reported[] = []
  const origins = cachedOrigins({
    lookup: database.lookup,
    ttl: 60,
    onError: (error, origin) => reported.push({ error, origin }),
    ...options
  })
  const app = Fastify()
  t.teardown(() => app.close())
  app.register(corsPlugin, { origin: origins, audit: false })
  let known: FastifyRequest | undefined
  app.get('/*', async request => { known = request })
  await app.inject('/')
  return {
    origins,
    app,
    reported,
    async allows (origin, url = '/') {
      const { headers } = await app.inject({ url, headers: { origin } })
      return headers['access-control-allow-origin'] === origin
    },
    directly: origin => {
      if (known === undefined) throw new Error('the application was not asked yet')
      return origins(origin, known)
    }
  }
}

/** The codes, or the messages, of what was reported. */
export function whatOf (reported: readonly Reported[]): unknown[] {
  return reported.map(({ error }) => error instanceof Error ? ('code' in error ? error.code : error.message) : error)
}

export const shop = 'https://shop.example'
export const thief = 'https://thief.example'
