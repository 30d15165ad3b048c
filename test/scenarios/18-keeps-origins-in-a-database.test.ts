import Fastify from 'fastify'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import corsPlugin from '../../lib/index.js'
import { cachedOrigins } from '../../lib/origins/index.js'
import { page, preflight, stranger } from '../helpers.js'

t.test('allowed origins of tenants, from a database: one query for each, and another one after a change', async t => {
  const rows = new Set([`red ${page}`, `blue ${stranger}`])
  const queries: string[] = []
  const tenantOf = (url: string): string => String(url.split('/')[1])
  const origins = cachedOrigins({
    async lookup (origin, request) {
      const row = `${tenantOf(request.url)} ${origin}`
      queries.push(row)
      await sleep(5)
      return rows.has(row)
    },
    key: (_origin, request) => tenantOf(request.url),
    ttl: 60
  })
  const app = Fastify()
  t.teardown(() => app.close())
  app.register(corsPlugin, { origin: origins, methods: ['GET', 'PUT'] })
  app.put('/:tenant/orders', async () => 'saved')

  const asked = await Promise.all(Array.from({ length: 50 }, () => preflight(app, { origin: page, url: '/red/orders' })))
  t.ok(asked.every(({ headers }) => headers['access-control-allow-origin'] === page))
  t.strictSame(queries, [`red ${page}`], 'no stampede')

  const other = await preflight(app, { origin: page, url: '/blue/orders' })
  t.equal(other.statusCode, 403, 'what the red tenant allows, the blue one does not')
  const put = await app.inject({ method: 'PUT', url: '/red/orders', headers: { origin: page } })
  t.equal(put.headers['access-control-allow-origin'], page)
  t.equal(queries.length, 2, 'and no query per request')

  rows.delete(`red ${page}`)
  await origins.invalidate(page)
  t.equal((await preflight(app, { origin: page, url: '/red/orders' })).statusCode, 403)
  t.equal(queries.length, 3)
})
