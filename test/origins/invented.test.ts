import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { repository, run } from '../installed.js'
import { Origins, appWith, shop, whatOf } from './asked.js'

t.test('a client that invents origins takes no memory, and replaces no allowed origin', async t => {
  // In a process of its own, since what counts coverage and traces promises takes memory, too.
  const { output, errors } = await run(t, ['--expose-gc', join(__dirname, 'invent.mjs'), '100000'], { cwd: repository })
  t.equal(errors, '')
  const { megabytes, known, stats } = JSON.parse(output)
  t.ok(megabytes < 2, `${megabytes} MB`)
  t.equal(known, true, 'and at once')
  t.match(stats, { running: 0, failures: 0, overloads: 0 })
  t.ok(stats.lookups > 100_000)
})

t.test('a stranger who invents origins causes no more look-ups per second than maxLookups lets through', async t => {
  const database = new Origins(shop)
  const { directly, origins, reported } = await appWith(t, database, { maxLookups: 5 })
  t.equal(await directly(shop), true)
  database.takes(50)
  const before = performance.now()
  const answers: unknown[] = []
  for (let i = 0; performance.now() - before < 500; i++) {
    answers.push(directly(`https://invented${i}.example`))
    t.equal(directly(shop), true)
    await sleep(1)
  }
  t.ok((await Promise.all(answers)).every(answer => answer === false))
  const seconds = (performance.now() - before) / 1000
  const { lookups, lookupsPerSecond, overloads } = origins.stats()
  const most = 5 * 1000 / 50
  // A timer may end a millisecond early.
  t.ok(lookups - 1 <= most * seconds * 1.03 + 5, `${lookups} look-ups in ${seconds} s`)
  t.ok(lookupsPerSecond <= most * 1.03 + 5, `${lookupsPerSecond} per second`)
  t.ok(overloads > 0)
  t.ok(whatOf(reported).every(code => code === 'FST_CORS_TOO_MANY_LOOKUPS'))
})

t.test('a cache of one allowed origin and one refused works', async t => {
  const database = new Origins(shop, 'https://2.example')
  const { allows, directly } = await appWith(t, database, { capacity: 1 })
  for (const [origin, allowed] of [[shop, true], ['https://thief.example', false], ['https://2.example', true], ['https://3.example', false]] as const) {
    t.equal(await allows(origin), allowed)
    t.equal(directly(origin), allowed, 'at once')
  }
  t.equal(await allows(shop), true)
  t.equal(database.asked.length, 5)
})

t.test('capacity bounds the allowed origins, too', async t => {
  const database = new Origins(shop, 'https://2.example', 'https://3.example')
  const { allows } = await appWith(t, database, { capacity: 2 })
  for (const origin of database.allowed) t.equal(await allows(origin), true)
  t.equal(await allows(shop), true)
  t.equal(database.asked.length, 4, 'the first had to go')
})

t.test('origins that are invalidated by name take no memory without end', async t => {
  const { allows, directly, origins } = await appWith(t, new Origins(shop))
  t.equal(await allows(shop), true)
  for (let i = 0; i < 10_000; i++) await origins.invalidate(`https://${i}.example`)
  t.equal(directly(shop), true)
  await origins.invalidate('https://one-too-many.example')
  t.equal(await directly(shop), true, 'known, but looked up again')
  t.equal(origins.stats().lookups, 2)
})
