import { Redis } from 'ioredis'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import type { RedisStorageOptions } from '../../lib/origins/index.js'
import { repository } from '../installed.js'

t.test('a client of ioredis is one that cachedOrigins takes', async t => {
  const client = new Redis({ lazyConnect: true })
  const storage: RedisStorageOptions = { type: 'redis', client }
  t.equal(storage.client, client)
  client.disconnect()
})

t.test('the types need no package that may not be installed', async t => {
  const seen = new Set<string>()
  const packages = new Set<string>()
  const visit = (path: string): void => {
    if (seen.has(path)) return
    seen.add(path)
    for (const [, from = ''] of readFileSync(path, 'utf8').matchAll(/from '([^']+)'/g)) {
      if (from.startsWith('.')) visit(join(dirname(path), from.replace(/\.js$/, '.d.ts')))
      else packages.add(from)
    }
  }
  visit(join(repository, 'dist', 'origins.d.ts'))
  t.strictSame([...packages], ['fastify'])
})
