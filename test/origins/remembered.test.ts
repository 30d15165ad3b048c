import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { Origins, appWith, clock, gate, shop, soon, thief, wallClock, whatOf } from './asked.js'

t.test('an origin is looked up once, whatever the answer, and then known at once', async t => {
  const database = new Origins(shop)
  const { allows, directly, origins } = await appWith(t, database)
  for (let i = 0; i < 3; i++) {
    t.equal(await allows(shop), true)
    t.equal(await allows(thief), false)
  }
  t.strictSame(database.asked, [shop, thief])
  t.equal(directly(shop), true, 'without a promise')
  t.equal(directly(thief), false, 'without a promise')
  t.match(origins.stats(), { hits: 6, misses: 2, stale: 0, lookups: 2, failures: 0, timeouts: 0, overloads: 0, running: 0 })
})

t.test('a look-up may answer without a promise', async t => {
  const { allows } = await appWith(t, new Origins(), { lookup: origin => origin === shop })
  t.equal(await allows(shop), true)
  t.equal(await allows(thief), false)
})

t.test('ten thousand requests at once from a new origin are one look-up', async t => {
  const database = new Origins(shop)
  database.takes(10)
  const { directly, origins, reported } = await appWith(t, database)
  const answers = await Promise.all(Array.from({ length: 10_000 }, () => directly(shop)))
  t.ok(answers.every(answer => answer))
  t.strictSame(database.asked, [shop])
  t.match(origins.stats(), { hits: 0, misses: 10_000, lookups: 1 })
  t.strictSame(reported, [])
})

t.test('an answer is looked up again once its ttl is over', async t => {
  const time = clock(t)
  const database = new Origins(shop)
  const { allows } = await appWith(t, database, { ttl: 60, negativeTtl: 600 })
  t.equal(await allows(shop), true)
  t.equal(await allows(thief), false)
  database.allowed.delete(shop)
  time.forward(55)
  t.equal(await allows(shop), true)
  time.forward(5)
  t.equal(await allows(shop), false)
  t.equal(await allows(thief), false)
  t.strictSame(database.asked, [shop, thief, shop])
})

t.test('an answer is as old as its look-up, however long that took', async t => {
  const time = clock(t)
  const database = new Origins(shop)
  const { directly, allows } = await appWith(t, database, { ttl: 60, timeout: 60_000 })
  const { passed, open } = gate()
  database.before = () => passed
  const first = directly(shop)
  await soon()
  time.forward(50)
  open()
  t.equal(await first, true)
  t.equal(directly(shop), true)
  time.forward(10)
  t.equal(await allows(shop), true)
  t.equal(database.asked.length, 2)
})

t.test('a clock that is set, forward or back, does not matter to what is in memory', async t => {
  const time = wallClock(t)
  const steady = clock(t)
  const database = new Origins(shop)
  const { directly, allows } = await appWith(t, database, { ttl: 60 })
  t.equal(await allows(shop), true)
  for (const seconds of [86_400, -2 * 86_400]) {
    time.forward(seconds)
    // The engine looks at the clock once a second.
    await sleep(1100)
    t.equal(directly(shop), true)
  }
  steady.forward(60)
  t.equal(await allows(shop), true)
  t.equal(database.asked.length, 2)
})

t.test('times may be parts of a second', async t => {
  const time = clock(t)
  const database = new Origins(shop)
  const { allows } = await appWith(t, database, { ttl: 20.5 })
  await allows(shop)
  time.forward(20.4)
  await allows(shop)
  t.equal(database.asked.length, 1)
  time.forward(0.1)
  await allows(shop)
  t.equal(database.asked.length, 2)
})

t.test('a refusal is kept for negativeTtl, or for ttl', async t => {
  const time = clock(t)
  for (const options of [{ ttl: 600, negativeTtl: 60 }, { ttl: 60 }]) {
    const database = new Origins()
    const { allows } = await appWith(t, database, options)
    t.equal(await allows(shop), false)
    database.allowed.add(shop)
    time.forward(55)
    t.equal(await allows(shop), false)
    time.forward(5)
    t.equal(await allows(shop), true)
  }
})

t.test('an old answer is served while it is looked up again, and the new one after that', async t => {
  const time = clock(t)
  const database = new Origins(shop)
  const { allows, directly, origins } = await appWith(t, database, { ttl: 60, stale: 60 })
  t.equal(await allows(shop), true)
  time.forward(61)
  const { passed, open } = gate()
  database.allowed.delete(shop)
  database.before = () => passed
  t.equal(directly(shop), true, 'at once')
  await soon()
  t.equal(directly(shop), true)
  await soon()
  t.equal(database.asked.length, 2, 'looked up once')
  open()
  await soon()
  t.equal(directly(shop), false)
  t.match(origins.stats(), { hits: 3, stale: 2, misses: 1, lookups: 2 })
})

t.test('a refusal is never served old', async t => {
  const time = clock(t)
  const database = new Origins()
  const { allows } = await appWith(t, database, { negativeTtl: 60, stale: 600 })
  t.equal(await allows(shop), false)
  time.forward(60)
  database.allowed.add(shop)
  t.equal(await allows(shop), true)
})

t.test('an old answer is not served beyond stale', async t => {
  const time = clock(t)
  const database = new Origins(shop)
  const { allows, reported } = await appWith(t, database, { ttl: 60, stale: 60 })
  t.equal(await allows(shop), true)
  database.fails()
  time.forward(115)
  t.equal(await allows(shop), true)
  time.forward(5)
  t.equal(await allows(shop), false)
  t.strictSame(whatOf(reported), ['the database is down', 'the database is down'])
})

t.test('a new answer replaces the old one', async t => {
  const time = clock(t)
  const database = new Origins()
  const { allows } = await appWith(t, database, { ttl: 60, stale: 60 })
  for (const allowed of [true, false, true]) {
    if (allowed) database.allowed.add(shop)
    else database.allowed.delete(shop)
    time.forward(120)
    t.equal(await allows(shop), allowed)
    t.equal(await allows(shop), allowed)
  }
})

t.test('look-ups per second fade', async t => {
  const time = clock(t)
  const { allows, origins } = await appWith(t, new Origins())
  // From the beginning of a second, as the clock counts them.
  time.forward(1 - performance.now() / 1000 % 1)
  for (let i = 0; i < 20; i++) await allows(`https://${i}.example`)
  const { lookupsPerSecond } = origins.stats()
  t.ok(lookupsPerSecond > 0 && lookupsPerSecond <= 20, String(lookupsPerSecond))
  time.forward(1)
  t.ok(origins.stats().lookupsPerSecond <= lookupsPerSecond)
  time.forward(2)
  t.match(origins.stats(), { lookupsPerSecond: 0, lookups: 20 })
})
