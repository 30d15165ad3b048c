import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import corsPlugin from '../../lib/index.js'
import { cachedOrigins, type CachedOriginsOptions, type RedisClient } from '../../lib/origins/index.js'
import { loggedApp } from '../logged.js'
import { Origins, appWith, gate, shop, soon, thief, wallClock, whatOf, type Asked } from './asked.js'

// What is shared is tested with Redis itself in test/redis. Here a stand-in fails as Redis can't be made to, at the moment
// that a test chooses.

class RedisStandIn implements RedisClient {
  status = 'ready'
  readonly kept = new Map<string, { value: string, until: number }>()
  /** What happens before a command is answered. */
  before: (command: string, key: string) => Promise<unknown> = async () => {}

  async get (key: string): Promise<string | null> {
    await this.before('get', key)
    return this.#alive(key)?.value ?? null
  }

  async set (key: string, value: string, _unit?: 'PX', milliseconds = Infinity): Promise<string> {
    await this.before('set', key)
    this.kept.set(key, { value, until: Date.now() + milliseconds })
    return 'OK'
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
  const time = wallClock(t)
  const client = new RedisStandIn()
  const database = new Origins(shop)
  const { allows, origins } = await serverWith(t, client, database, { ttl: 60, stale: 60 })
  t.equal(await allows(shop), true)
  time.forward(61)
  database.allowed.delete(shop)
  t.equal(await allows(shop), true)
  await soon()
  t.equal(await allows(shop), false)
  t.match(origins.stats(), { hits: 2, stale: 1, misses: 1, lookups: 2 })
})

t.test('ten thousand requests at once from a new origin are one look-up, and a handful of commands', async t => {
  const client = new RedisStandIn()
  let commands = 0
  client.before = async () => { commands++ }
  const database = new Origins(shop)
  database.takes(10)
  const { directly, reported } = await serverWith(t, client, database)
  const answers = await Promise.all(Array.from({ length: 10_000 }, () => directly(shop)))
  t.ok(answers.every(answer => answer))
  t.strictSame(database.asked, [shop])
  t.equal(commands, 4)
  t.strictSame(reported, [])
})

t.test('a request does not share what was read before another server invalidated', async t => {
  const client = new RedisStandIn()
  const database = new Origins(shop)
  const [one, two] = [await serverWith(t, client, database), await serverWith(t, client, database)]
  t.equal(await one.allows(shop), true)
  const { passed, open } = gate()
  const { passed: answered, open: answer } = gate()
  const get = client.get.bind(client)
  // Redis has answered, but its answer is still on the way.
  client.get = async key => {
    const value = await get(key)
    if (key.includes('epoch')) {
      answer()
      await passed
    }
    return value
  }
  const before = one.directly(shop)
  await answered
  await soon()
  database.allowed.delete(shop)
  await two.origins.invalidate(shop)
  const after = one.directly(shop)
  await soon()
  open()
  t.equal(await before, true)
  t.equal(await after, false)
})

t.test('servers with other settings share answers, each for as long as its own settings say', async t => {
  const time = wallClock(t)
  const client = new RedisStandIn()
  const long = await serverWith(t, client, new Origins(shop), { ttl: 600, stale: 600, negativeTtl: 600 })
  const short = await serverWith(t, client, new Origins(thief), { ttl: 10, stale: 10, negativeTtl: 10 })
  for (const { allows } of [long, short]) {
    t.equal(await allows(shop), true)
    t.equal(await allows(thief), false)
  }
  t.match(short.origins.stats(), { hits: 2, lookups: 0 })
  time.forward(11)
  t.equal(await long.allows(shop), true)
  t.equal(await short.allows(shop), true, 'old, and looked up again')
  t.equal(await short.allows(thief), true, 'looked up')
  t.match(short.origins.stats(), { stale: 1, lookups: 2 })
  await soon()
  t.equal(await short.allows(shop), false)

  await long.origins.invalidate()
  t.equal(await long.allows(shop), true)
  time.forward(21)
  t.equal(await short.allows(shop), false, 'not beyond its own ttl and stale')
})

t.test('an answer is as old as its look-up, however long that took', async t => {
  const client = new RedisStandIn()
  const database = new Origins(shop)
  const { allows } = await serverWith(t, client, database, { ttl: 0.3, timeout: 5000 })
  database.takes(250)
  t.equal(await allows(shop), true)
  await sleep(100)
  t.equal(await allows(shop), true)
  t.equal(database.asked.length, 2)
})

t.test('only what this package writes counts as an answer', async t => {
  const client = new RedisStandIn()
  const { allows } = await serverWith(t, client, new Origins())
  t.equal(await allows(shop), false)
  const now = Date.now()
  for (const value of ['true', '', '1', '2', '"1"', '1 ', `1 ${now}x`, `1  ${now}`, `2 ${now}`, `1 -${now}`, '1 0', '1 9999999999999999', '1 NaN', `1 ${now}\n`]) {
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

t.test('without onError, the log of a request says that it was answered without Redis', async t => {
  const { app, lines } = loggedApp()
  const client = Object.assign(new RedisStandIn(), { status: 'end' })
  app.register(corsPlugin, { origin: cachedOrigins({ lookup: () => true, ttl: 1, storage: { type: 'redis', client } }) })
  app.get('/', async () => 'x')
  await app.inject({ url: '/', headers: { origin: shop } })
  t.match(lines('warn'), [/Redis could not be asked about a CORS origin: it is looked up/])
})

t.test('Redis that does not answer is not waited for longer than a part of the timeout', async t => {
  const database = new Origins(shop)
  for (const hanging of [/^/, /^set /, /^get .*:epoch/, /^get .*:answer/]) {
    const client = new RedisStandIn()
    client.before = (command, key) => hanging.test(`${command} ${key}`) ? new Promise(() => {}) : Promise.resolve()
    const { allows, reported } = await serverWith(t, client, database, { timeout: 100 })
    t.equal(await allows(shop), true)
    t.equal(await allows(thief), false)
    await sleep(110)
    t.ok(reported.length >= 1)
    t.ok(whatOf(reported).every(code => code === 'FST_CORS_STORAGE'))
  }
})

t.test('whatever Redis says, only the database allows', async t => {
  for (const answer of [5, true, {}, [], Object.create(null), Buffer.from('1'), Symbol('1'), undefined, ['1', '1']]) {
    const client = Object.assign(new RedisStandIn(), { get: async () => answer as unknown as string })
    const { allows } = await serverWith(t, client, new Origins(shop))
    t.equal(await allows(shop), true)
    t.equal(await allows(thief), false)
  }
})

t.test('a client that throws is one that fails', async t => {
  const fails = (): never => { throw new Error('broken') }
  const { allows, origins, reported } = await serverWith(t, Object.assign(new RedisStandIn(), { get: fails, set: fails }), new Origins(shop))
  t.equal(await allows(shop), true)
  t.equal(await allows(thief), false)
  await t.rejects(origins.invalidate(), { code: 'FST_CORS_STORAGE', message: /broken/ })
  t.strictSame(whatOf(reported), ['FST_CORS_STORAGE', 'FST_CORS_STORAGE'])
})

t.test('while Redis owes answers, requests neither wait for it nor ask it more, and ask again once it has caught up', async t => {
  const client = new RedisStandIn()
  const { passed, open } = gate()
  let commands = 0
  client.before = () => {
    commands++
    return passed
  }
  const database = new Origins(shop)
  const { allows, origins, reported } = await serverWith(t, client, database, { timeout: 400 })
  t.equal(await allows(shop), true)
  const asked = commands
  const before = performance.now()
  for (let i = 0; i < 20; i++) t.equal(await allows(shop), true)
  t.ok(performance.now() - before < 20 * 50)
  t.equal(commands, asked)
  t.strictSame(whatOf(reported), Array(21).fill('FST_CORS_STORAGE'))
  await t.rejects(origins.invalidate(), { code: 'FST_CORS_STORAGE' }, 'who invalidates asks nevertheless')
  open()
  await soon()
  t.equal(await allows(shop), true)
  t.equal(await allows(shop), true)
  t.match(origins.stats(), { hits: 1, lookups: 22 })
})

t.test('close has sent Redis the answers of the look-ups that ran', async t => {
  const client = new RedisStandIn()
  const database = new Origins(shop)
  const { directly, origins } = await serverWith(t, client, database)
  const { passed, open } = gate()
  database.before = () => passed
  const answer = directly(shop)
  await soon()
  const closing = origins.close()
  open()
  await closing
  t.equal(client.kept.size, 1)
  t.equal(await answer, true)
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
