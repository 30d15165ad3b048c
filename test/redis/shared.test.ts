import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { createDatabase, startServers } from './fleet.js'
import { redisServer } from './redis-server.js'

const shop = 'https://shop.example'
const thief = 'https://thief.example'
const all = <T, U>(items: readonly T[], of: (item: T) => Promise<U>): Promise<U[]> => Promise.all(items.map(of))

t.test('three servers look an origin up once between them', async t => {
  const redis = await redisServer(t)
  const database = createDatabase(shop)
  const servers = await startServers(t, 3, database, redis.url, { ttl: 60 })
  for (const server of servers) {
    t.equal(await server.allows(shop), true)
    t.equal(await server.allows(thief), false)
  }
  t.strictSame(database.asked, [shop, thief])
  t.match(await all(servers, server => server.stats()), [{ misses: 2, hits: 0 }, { misses: 0, hits: 2 }, { misses: 0, hits: 2 }])
})

t.test('what one server invalidates, all three look up again, at once', async t => {
  const redis = await redisServer(t)
  const database = createDatabase(shop)
  const servers = await startServers(t, 3, database, redis.url, { ttl: 600, stale: 600 })
  for (const [round, server] of [...servers, ...servers].entries()) {
    t.strictSame(await all(servers, one => one.allows(shop)), Array(3).fill(round % 2 === 0))
    if (round % 2 === 0) database.allowed.delete(shop)
    else database.allowed.add(shop)
    t.equal(await server.invalidate(round < 3 ? shop : undefined), null)
    t.strictSame(await all(servers, one => one.allows(shop)), Array(3).fill(round % 2 !== 0))
  }
})

t.test('what a server is looking up while another one invalidates is not kept', async t => {
  const redis = await redisServer(t)
  const database = createDatabase(shop)
  const [one, two] = await startServers(t, 2, database, redis.url, { ttl: 600, timeout: 5000 })
  if (one === undefined || two === undefined) throw new Error('two servers')
  database.delay = 300
  const before = one.allows(shop)
  while (database.asked.length === 0) await sleep(5)
  database.allowed.delete(shop)
  await two.invalidate(shop)
  database.delay = 1
  t.equal(await one.allows(shop), false)
  t.equal(await before, true, 'asked before the change')
  t.equal(await one.allows(shop), false)
  t.equal(await two.allows(shop), false)
})

t.test('three hundred requests at once on each of three servers are at most three look-ups', async t => {
  const redis = await redisServer(t)
  const database = createDatabase(shop)
  database.delay = 100
  const servers = await startServers(t, 3, database, redis.url, { ttl: 60, timeout: 10_000 })
  const answers = await all(servers, server => all(Array(300).fill(shop), server.allows))
  t.ok(answers.flat().every(allowed => allowed))
  t.ok(database.asked.length <= 3, String(database.asked.length))
})

t.test('everything in Redis expires, but for one key', async t => {
  const redis = await redisServer(t)
  const [server] = await startServers(t, 1, createDatabase(shop), redis.url, { ttl: 60, stale: 30, negativeTtl: 10 })
  await server?.allows(shop)
  for (let i = 0; i < 20; i++) await server?.allows(`https://invented${i}.example`)
  await server?.invalidate(shop)
  await server?.invalidate()
  const client = redis.connect()
  const lives = await all(await client.keys('*'), async key => await client.pttl(key))
  t.equal(lives.length, 23)
  t.strictSame(lives.filter(life => life < 0), [-1])
  t.equal(lives.filter(life => life > 0 && life <= 10_000).length, 20, 'refusals as long as negativeTtl')
  t.equal(lives.filter(life => life > 80_000 && life <= 90_000).length, 1, 'the answer as long as ttl and stale')
})
