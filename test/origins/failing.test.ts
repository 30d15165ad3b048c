import { stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import corsPlugin from '../../lib/index.js'
import { cachedOrigins } from '../../lib/origins/index.js'
import { loggedApp } from '../logged.js'
import { Origins, appWith, clock, gate, shop, soon, thief, whatOf } from './asked.js'

t.test('a look-up that fails refuses, is reported, and is not remembered', async t => {
  const database = new Origins(shop)
  const { allows, reported, origins } = await appWith(t, database)
  database.fails()
  t.equal(await allows(shop), false)
  t.strictSame(reported.map(({ origin }) => origin), [shop])
  t.strictSame(whatOf(reported), ['the database is down'])
  database.recovers()
  t.equal(await allows(shop), true)
  t.match(origins.stats(), { misses: 2, failures: 1, lookups: 2 })
})

t.test('requests that wait for the same look-up are all refused, and it is reported once', async t => {
  const database = new Origins(shop)
  const { directly, reported } = await appWith(t, database)
  database.fails()
  const answers = await Promise.all([directly(shop), directly(shop), directly(shop)])
  t.strictSame(answers, [false, false, false])
  t.equal(reported.length, 1)
})

t.test('a look-up that throws, rejects with nothing, or returns no boolean allows no origin', async t => {
  const lookups = new Map<unknown, () => unknown>([
    ['thrown', () => { throw new Error('thrown') }],
    ['rejected', () => ({ then: (_resolve: unknown, reject: (reason: unknown) => void) => { reject(undefined) } })],
    ...[1, 'true', {}, [], null, undefined, Symbol('yes'), Object(true)].map((value): [unknown, () => unknown] => [value, () => value])
  ])
  for (const [what, lookup] of lookups) {
    const { allows, reported } = await appWith(t, new Origins(), { lookup: lookup as () => boolean })
    t.equal(await allows(shop), false)
    t.equal(reported.length, 1, String(what))
  }
  const { allows, reported } = await appWith(t, new Origins(), { lookup: (async () => 'yes') as unknown as () => boolean })
  t.equal(await allows(shop), false)
  t.match(reported, [{ error: { code: 'FST_CORS_INVALID_LOOKUP_RESULT', message: 'must return true or false, or a promise of one, not \'yes\'' } }])
})

t.test('a look-up that is late refuses at the timeout, and its answer is not kept', async t => {
  const database = new Origins(shop)
  const { passed, open } = gate()
  database.before = () => passed
  const { allows, reported, origins } = await appWith(t, database, { timeout: 50 })
  const before = performance.now()
  t.equal(await allows(shop), false)
  t.ok(performance.now() - before >= 49)
  t.strictSame(whatOf(reported), ['FST_CORS_LOOKUP_TIMEOUT'])
  open()
  await soon()
  database.allowed.delete(shop)
  t.equal(await allows(shop), false, 'what came late is not believed')
  t.match(origins.stats(), { timeouts: 1, failures: 1, lookups: 2 })
})

t.test('a look-up that ends while the process is busy is not late', async t => {
  const busy = (milliseconds: number): void => {
    const end = performance.now() + milliseconds
    while (performance.now() < end);
  }
  const { allows, reported } = await appWith(t, new Origins(), {
    timeout: 20,
    lookup: async () => {
      queueMicrotask(() => busy(100))
      await stat(__filename)
      return true
    }
  })
  t.equal(await allows(shop), true)
  t.strictSame(reported, [])
})

t.test('while the database is down, old answers go on, and origins that are not known are refused', async t => {
  const time = clock(t)
  const database = new Origins(shop)
  const { allows, reported } = await appWith(t, database, { ttl: 60, stale: 600 })
  t.equal(await allows(shop), true)
  time.forward(60)
  database.fails()
  for (let i = 0; i < 3; i++) {
    t.equal(await allows(shop), true)
    t.equal(await allows(thief), false)
  }
  await soon()
  t.equal(reported.length, 6)
})

t.test('more than maxLookups are refused and reported, and known origins are served', async t => {
  const database = new Origins(shop)
  const { allows, directly, reported, origins } = await appWith(t, database, { maxLookups: 5 })
  t.equal(await allows(shop), true)
  const { passed, open } = gate()
  database.before = () => passed
  const invented = Array.from({ length: 20 }, (_, i) => directly(`https://${i}.example`))
  t.equal(directly(shop), true)
  await soon()
  t.equal(origins.stats().running, 5)
  open()
  t.strictSame(await Promise.all(invented), Array(20).fill(false))
  t.equal(database.peak, 5)
  t.strictSame(whatOf(reported), Array(15).fill('FST_CORS_TOO_MANY_LOOKUPS'))
  t.match(origins.stats(), { overloads: 15, lookups: 6, running: 0 })
})

t.test('look-ups that are late count among those that run, but not for ever', async t => {
  const database = new Origins(shop)
  database.before = () => new Promise(() => {})
  const { allows, reported, origins } = await appWith(t, database, { maxLookups: 2, timeout: 20 })
  t.equal(await allows('https://1.example'), false)
  t.equal(await allows('https://2.example'), false)
  database.recovers()
  t.equal(await allows(shop), false, 'the database still works on two')
  t.strictSame(whatOf(reported), ['FST_CORS_LOOKUP_TIMEOUT', 'FST_CORS_LOOKUP_TIMEOUT', 'FST_CORS_TOO_MANY_LOOKUPS'])
  await sleep(220)
  t.equal(origins.stats().running, 0)
  t.equal(await allows(shop), true)
})

t.test('close begins no more look-ups, waits for those that run, and leaves what is known', async t => {
  const database = new Origins(shop)
  const { allows, directly, origins, reported } = await appWith(t, database)
  t.equal(await allows(shop), true)
  const { passed, open } = gate()
  database.before = () => passed
  database.allowed.add('https://last.example')
  const last = directly('https://last.example')
  await soon()
  let closed = false
  const closing = origins.close().then(() => { closed = true })
  await soon()
  t.equal(closed, false)
  open()
  await closing
  t.equal(await last, true)
  t.equal(await allows(shop), true)
  t.equal(await allows(thief), false)
  t.strictSame(whatOf(reported), ['FST_CORS_CACHE_CLOSED'])
})

t.test('close does not wait longer than the timeout', async t => {
  const database = new Origins()
  database.before = () => new Promise(() => {})
  const { directly, origins } = await appWith(t, database, { timeout: 30 })
  const answer = directly(shop)
  await soon()
  await origins.close()
  t.equal(await answer, false)
})

t.test('an onError that throws or rejects changes nothing', async t => {
  for (const onError of [() => { throw new Error('broken') }, async () => { throw new Error('broken') }]) {
    const { allows } = await appWith(t, new Origins(), { lookup: () => { throw new Error('down') }, onError })
    t.equal(await allows(shop), false)
  }
})

t.test('without onError, the log of the request says it', async t => {
  const { app, lines } = loggedApp()
  app.register(corsPlugin, { origin: cachedOrigins({ lookup: () => { throw new Error('down') }, ttl: 1 }) })
  app.get('/', async () => 'x')
  await app.inject({ url: '/', headers: { origin: shop } })
  t.match(lines('warn'), [/The look-up of a CORS origin failed: the origin is refused, or has an old answer/])
})
