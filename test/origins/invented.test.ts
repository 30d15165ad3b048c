import { join } from 'node:path'
import t from 'tap'
import { repository, run } from '../installed.js'
import { Origins, appWith, shop } from './asked.js'

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
