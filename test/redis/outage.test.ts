import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { createDatabase, startServers, type Server } from './fleet.js'
import { redisServer } from './redis-server.js'

const shop = 'https://shop.example'
const TIMEOUT = 1000
const TTL = 1
const STALE = 1

/** What a request was answered, and when. */
interface Answered { readonly allowed: boolean, readonly asked: number, readonly took: number }

/** Asks servers all the time, until it is told to stop. */
function load (servers: readonly Server[]): () => Promise<Answered[]> {
  const end = new AbortController()
  const answers: Answered[] = []
  const asking = servers.flatMap(server => [1, 2, 3, 4].map(async () => {
    while (!end.signal.aborted) {
      const asked = performance.now()
      const allowed = await server.allows(shop)
      answers.push({ allowed, asked, took: performance.now() - asked })
      await sleep(5)
    }
  }))
  return async () => {
    end.abort()
    await Promise.all(asking)
    return answers
  }
}

t.test('Redis is stopped and started again under load: no request hangs, and nobody is allowed who is not', async t => {
  const redis = await redisServer(t)
  const database = createDatabase(shop)
  const servers = await startServers(t, 3, database, redis.url, { ttl: TTL, stale: STALE, timeout: TIMEOUT })
  await Promise.all(servers.map(server => server.allows(shop)))
  const stopLoad = load(servers)
  await sleep(500)

  await redis.stop()
  await sleep(500)
  t.equal(await servers[0]?.invalidate(shop), 'FST_CORS_STORAGE', 'who invalidates hears of it')
  database.allowed.delete(shop)
  const removed = performance.now()
  await sleep(1000)
  await redis.start()
  await sleep(3500)
  database.allowed.add(shop)
  const added = performance.now()
  const again = await eventually(() => servers[1]?.invalidate(shop).then(error => error === null))
  await sleep(500)

  const answers = await stopLoad()
  const wrong = answers.filter(({ allowed, asked }) => allowed && asked > removed + (TTL + STALE) * 1000 && asked < added - 100)
  t.strictSame(wrong, [], 'not beyond the stated staleness')
  t.ok(answers.some(({ allowed, asked }) => !allowed && asked > removed), 'the change was seen')
  t.ok(answers.some(({ allowed, asked }) => allowed && asked > again), 'and the other one')
  t.ok(answers.filter(({ asked, took }) => asked + took < removed).every(({ allowed }) => allowed), 'while Redis was away, the database was asked')
  const longest = Math.max(...answers.map(({ took }) => took))
  t.ok(longest < TIMEOUT + 500, `${Math.round(longest)} ms at most, of ${answers.length} requests`)
  t.comment(`${answers.length} requests, ${Math.round(longest)} ms at most, ${database.asked.length} look-ups`)

  const before = database.asked.length
  for (const server of servers) t.equal(await server.allows(shop), true)
  t.ok(database.asked.length - before <= 3, 'shared again')
})

t.test('what was on its way to Redis when it stopped does not count once it is back', async t => {
  const redis = await redisServer(t)
  const database = createDatabase(shop)
  const [server] = await startServers(t, 1, database, redis.url, { ttl: 1, timeout: TIMEOUT })
  database.delay = 50
  for (let i = 0; i < 20; i++) {
    database.allowed.add(`https://${i}.example`)
    server?.allows(`https://${i}.example`).catch(() => {})
  }
  await sleep(45)
  await redis.stop()
  await sleep(500)
  database.allowed.clear()
  await sleep(1200)
  await redis.start()
  await sleep(1500)
  for (let i = 0; i < 20; i++) t.equal(await server?.allows(`https://${i}.example`), false)
})

t.test('a server that starts while Redis is away serves, and shares once Redis is there', async t => {
  const redis = await redisServer(t)
  await redis.stop()
  const database = createDatabase(shop)
  const servers = await startServers(t, 2, database, redis.url, { ttl: 60, timeout: TIMEOUT })
  for (const server of servers) t.equal(await server.allows(shop), true)
  t.equal(database.asked.length, 2)
  await redis.start()
  const shared = await eventually(async () => {
    const before = database.asked.length
    await Promise.all(servers.map(server => server.allows(shop)))
    return database.asked.length === before
  })
  t.ok(shared > 0)
})

/** Tries until something holds, and says when that was. */
async function eventually (holds: () => Promise<boolean> | undefined): Promise<number> {
  for (let tries = 0; tries < 100; tries++) {
    if (await holds() === true) return performance.now()
    await sleep(100)
  }
  throw new Error('not within ten seconds')
}
