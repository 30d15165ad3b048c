import t, { type Test } from 'tap'
import type { CachedOriginsOptions, RedisClient } from '../../lib/origins/index.js'
import { Origins, appWith, gate, shop, soon, thief, whatOf, type Asked } from './asked.js'

// What is shared is tested with Redis itself in test/redis. Here a stand-in fails as Redis can't be made to, at the moment
// that a test chooses.

class RedisStandIn implements RedisClient {
  status = 'ready'
  readonly kept = new Map<string, { value: string, until: number }>()
  /** What happens before a command is answered. */
  before: (command: string) => Promise<unknown> = async () => {}

  async get (key: string): Promise<string | null> {
    await this.before('get')
    return this.#alive(key)?.value ?? null
  }

  async pttl (key: string): Promise<number> {
    await this.before('pttl')
    return Math.round((this.#alive(key)?.until ?? Date.now() - 2) - Date.now())
  }

  async set (key: string, value: string, unit?: 'PX' | 'PXAT', milliseconds = Infinity): Promise<string> {
    await this.before('set')
    this.kept.set(key, { value, until: unit === 'PX' ? Date.now() + milliseconds : milliseconds })
    return 'OK'
  }

  /** Lets time pass for what is kept. */
  forward (seconds: number): void {
    for (const [key, { value, until }] of this.kept) this.kept.set(key, { value, until: until - seconds * 1000 })
  }

  #alive (key: string) {
    const found = this.kept.get(key)
    return found !== undefined && found.until > Date.now() ? found : undefined
  }
}

function serverWith (t: Test, client: RedisClient, database: Origins, options: Partial<CachedOriginsOptions> = {}): Promise<Asked> {
  return appWith(t, database, { storage: { type: 'redis', client }, ...options })
}

t.test('servers share what one of them looked up', async t => {
  const client = new RedisStandIn()
  const database = new Origins(shop)
  const [one, two] = [await serverWith(t, client, database), await serverWith(t, client, database)]
  for (const { allows } of [one, two]) {
    t.equal(await allows(shop), true)
    t.equal(await allows(thief), false)
  }
  t.strictSame(database.asked, [shop, thief])
  t.match(one.origins.stats(), { hits: 0, misses: 2 })
  t.match(two.origins.stats(), { hits: 2, misses: 0, lookups: 0 })
  database.allowed.delete(shop)
  await two.origins.invalidate(shop)
  for (const { allows } of [one, two]) t.equal(await allows(shop), false)
  t.equal(database.asked.length, 3)
  database.allowed.add(thief)
  await one.origins.invalidate()
  for (const { allows } of [one, two]) t.equal(await allows(thief), true)
  t.strictSame(whatOf([...one.reported, ...two.reported]), [])
})

t.test('what one server was looking up while another invalidated it is kept by neither', async t => {
  const client = new RedisStandIn()
  const database = new Origins(shop)
  const [one, two] = [await serverWith(t, client, database), await serverWith(t, client, database)]
  const { passed, open } = gate()
  database.before = () => passed
  const before = one.directly(shop)
  await soon()
  database.allowed.delete(shop)
  await two.origins.invalidate(shop)
  open()
  t.equal(await before, true)
  t.equal(await one.allows(shop), false)
  t.equal(await two.allows(shop), false)
})

t.test('an old answer is served while it is looked up again', async t => {
  const client = new RedisStandIn()
  const database = new Origins(shop)
  const { allows, origins } = await serverWith(t, client, database, { ttl: 60, stale: 60 })
  t.equal(await allows(shop), true)
  client.forward(61)
  database.allowed.delete(shop)
  t.equal(await allows(shop), true)
  await soon()
  t.equal(await allows(shop), false)
  t.match(origins.stats(), { hits: 2, stale: 1, misses: 1, lookups: 2 })
})

t.test('only what this package writes counts as an answer', async t => {
  const client = new RedisStandIn()
  const { allows } = await serverWith(t, client, new Origins())
  t.equal(await allows(shop), false)
  for (const value of ['true', '', '2', '"1"']) {
    for (const kept of client.kept.values()) kept.value = value
    t.equal(await allows(shop), false)
  }
})

t.test('caches with different prefixes share nothing', async t => {
  const client = new RedisStandIn()
  const one = await serverWith(t, client, new Origins(shop), { storage: { type: 'redis', client, prefix: 'one:' } })
  const two = await serverWith(t, client, new Origins(), { storage: { type: 'redis', client, prefix: 'two:' } })
  t.equal(await one.allows(shop), true)
  t.equal(await two.allows(shop), false)
  t.ok([...client.kept.keys()].every(key => /^(?:one|two):/.test(key)))
})

t.test('while Redis is away, every request is looked up, many at once as one, and it is reported', async t => {
  const client = new RedisStandIn()
  const database = new Origins(shop)
  const { allows, directly, reported, origins } = await serverWith(t, client, database)
  t.equal(await allows(shop), true)
  for (const status of ['close', 'reconnecting', 'end']) {
    client.status = status
    t.equal(await allows(shop), true)
    t.equal(await allows(thief), false)
  }
  t.equal(database.asked.length, 7)
  t.strictSame(whatOf(reported), Array(6).fill('FST_CORS_STORAGE'))
  database.takes(20)
  t.strictSame(await Promise.all([directly(shop), directly(shop), directly(shop)]), [true, true, true])
  t.equal(database.asked.length, 8)
  await t.rejects(origins.invalidate(shop), { code: 'FST_CORS_STORAGE', message: /in the state "end"/ })
  client.status = 'ready'
  t.equal(await allows(shop), true)
  t.equal(database.asked.length, 8, 'what Redis still knows')
})

t.test('Redis that does not answer is not waited for longer than a part of the timeout', async t => {
  const database = new Origins(shop)
  for (const hanging of [['get', 'pttl', 'set'], ['set'], ['pttl']]) {
    const client = new RedisStandIn()
    client.before = command => hanging.includes(command) ? new Promise(() => {}) : Promise.resolve()
    const { allows, reported } = await serverWith(t, client, database, { timeout: 100 })
    t.equal(await allows(shop), true)
    t.equal(await allows(thief), false)
    t.ok(hanging.includes('get') ? reported.length >= 2 : true)
  }
})

t.test('a request waits no longer than the timeout for Redis and the look-up together', async t => {
  const client = new RedisStandIn()
  client.before = () => new Promise(() => {})
  const database = new Origins(shop)
  database.before = () => new Promise(() => {})
  const { allows, reported } = await serverWith(t, client, database, { timeout: 100 })
  const before = performance.now()
  t.equal(await allows(shop), false)
  t.ok(performance.now() - before < 1000)
  t.strictSame(whatOf(reported), ['FST_CORS_STORAGE', 'FST_CORS_LOOKUP_TIMEOUT'])
})

t.test('an answer that could not be kept is reported, to those who ask for warnings where nobody else listens', async t => {
  for (const thrown of [new Error('out of memory'), 'out of memory']) {
    const client = new RedisStandIn()
    client.before = async command => { if (command === 'set') throw thrown }
    const { allows, reported } = await serverWith(t, client, new Origins(shop))
    t.equal(await allows(shop), true)
    await soon()
    t.match(reported, [{ error: { code: 'FST_CORS_STORAGE', message: /out of memory/ } }])

    const warned = new Promise(resolve => process.once('warning', resolve))
    const silent = await serverWith(t, client, new Origins(shop), { onError: undefined })
    t.equal(await silent.allows(shop), true)
    t.match(await warned, { code: 'FST_CORS_STORAGE' })
  }
})
