import Fastify from 'fastify'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import corsPlugin from '../../lib/index.js'
import { repository } from '../installed.js'
import { redisServer } from './redis-server.js'

const shop = 'https://shop.example'
const news = 'https://news.example'

t.test('a server follows the policy in the database through a restart of Redis, and is never on an invalid one', async t => {
  const { followPolicy } = await import(join(repository, 'examples', 'fleet', 'policies.mjs'))
  const redis = await redisServer(t)
  const client = redis.connect()
  const app = Fastify()
  t.teardown(() => app.close())
  await app.register(corsPlugin, { origin: false, audit: false })
  app.get('/', async () => 'x')
  let policy: object = { origin: shop }
  const failures: unknown[] = []
  const stop = await followPolicy({
    cors: app.cors,
    read: async () => policy,
    redis: client,
    channel: 'policies',
    log: { warn () {}, error: (error: unknown) => failures.push(error) }
  })
  t.teardown(stop)
  const allowed = async (): Promise<string[]> => {
    const answers = await Promise.all([shop, news].map(origin => app.inject({ url: '/', headers: { origin } })))
    return answers.flatMap(({ headers }) => String(headers['access-control-allow-origin'] ?? []) || [])
  }
  const become = async (expected: string[]): Promise<void> => {
    for (let tries = 0; tries < 100 && String(await allowed()) !== String(expected); tries++) await sleep(50)
    t.strictSame(await allowed(), expected)
  }
  await become([shop])
  await sleep(300)

  policy = { origin: news }
  await client.publish('policies', 'changed')
  await become([news])

  policy = { origin: '*', credentials: true }
  await client.publish('policies', 'changed')
  while (failures.length === 0) await sleep(10)
  await become([news])
  t.match(failures, [{ code: 'FST_CORS_INVALID_OPTIONS' }])

  await redis.stop()
  policy = { origin: [shop, news] }
  await redis.start()
  await become([shop, news])

  policy = { origin: shop }
  for (let tries = 0; tries < 50 && (await allowed()).length > 1; tries++) {
    await client.publish('policies', 'changed')
    await sleep(50)
  }
  await become([shop])
})
