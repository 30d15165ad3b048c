import { join } from 'node:path'
import t from 'tap'
import { copyInto, install, run } from '../installed.js'
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
