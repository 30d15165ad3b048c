import { join } from 'node:path'
import t from 'tap'
import { copyInto, install, run, start } from '../installed.js'
import { redisServer } from './redis-server.js'

const installation = install(t)
const { folder } = installation
for (const name of ['async-cache-dedupe', 'ioredis', '@electric-sql/pglite', 'pg']) installation.link(name)
const fleet = join(copyInto(installation, 'examples'), 'fleet', 'index.mjs')

t.test('the example shows three servers that follow, with a Redis of its own, or one that is there', async t => {
  const redis = await redisServer(t)
  for (const REDIS_URL of ['', redis.url]) {
    const { code, output, errors } = await run(t, [fleet], { cwd: folder, env: { REDIS_URL } })
    t.equal(errors, '')
    t.equal(code, 0)
    t.equal(output.match(/^(?:allowed|refused) by all three, \d+ ms: /gm)?.length, 7)
    t.match(output, 'A policy that is not safe is answered 400:\n  /origin: ')
  }
})

t.test('a run that was cut short does not confuse the next one, which has the same Redis', async t => {
  const redis = await redisServer(t)
  const options = { cwd: folder, env: { REDIS_URL: redis.url } }
  const first = start(t, [fleet], options)
  await first.says(/allowed by all three/)
  first.stop('SIGKILL')
  await first.ended
  const { code, errors } = await run(t, [fleet], options)
  t.equal(errors, '')
  t.equal(code, 0)
})
