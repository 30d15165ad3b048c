import { execFileSync } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { Cluster } from 'ioredis'
import t, { type Test } from 'tap'
import { Origins, appWith, shop } from '../origins/asked.js'
import { redisServer, type RedisServer } from './redis-server.js'

const TIMEOUT = 1000
const many = Array.from({ length: 30 }, (_, i) => `https://${i}.example`)

/** Three nodes, among which the keys are distributed. */
async function startNodes (t: Test): Promise<RedisServer[]> {
  const folders = t.testdir({ 1: {}, 2: {}, 3: {} })
  const nodes = await Promise.all([1, 2, 3].map(async number => await redisServer(t, '--cluster-enabled', 'yes', '--dir', `${folders}/${number}`)))
  execFileSync('redis-cli', ['--cluster', 'create', ...nodes.map(({ port }) => `127.0.0.1:${port}`), '--cluster-yes'])
  return nodes
}

async function connect (t: Test, nodes: readonly RedisServer[]): Promise<Cluster> {
  const client = new Cluster(nodes.map(({ port }) => ({ host: '127.0.0.1', port: Number(port) })))
  client.on('error', () => {})
  t.teardown(() => client.disconnect())
  // The nodes agree a moment after they were joined.
  for (let tries = 0; tries < 100 && client.status !== 'ready'; tries++) await sleep(100)
  return client
}

t.test('servers share answers through a Redis Cluster, and go on without one of its nodes', async t => {
  const nodes = await startNodes(t)
  const database = new Origins(shop)
  const options = { stale: 600, timeout: TIMEOUT }
  const one = await appWith(t, database, { ...options, storage: { type: 'redis', client: await connect(t, nodes) } })
  const two = await appWith(t, database, { ...options, storage: { type: 'redis', client: await connect(t, nodes) } })
  for (const origin of [shop, ...many]) {
    for (const { allows } of [one, two]) t.equal(await allows(origin), origin === shop)
  }
  t.strictSame(database.asked, [shop, ...many])

  database.allowed.delete(shop)
  await two.origins.invalidate(shop)
  for (const { allows } of [one, two]) t.equal(await allows(shop), false)
  for (const origin of many) database.allowed.add(origin)
  await one.origins.invalidate()
  for (const origin of many) t.equal(await two.allows(origin), true)
  t.strictSame([...one.reported, ...two.reported], [])

  await nodes[1]?.stop()
  let longest = 0
  for (const origin of [shop, ...many]) {
    const before = performance.now()
    t.equal(await one.allows(origin), origin !== shop)
    longest = Math.max(longest, performance.now() - before)
  }
  t.ok(longest < TIMEOUT + 500, `${Math.round(longest)} ms`)
})
