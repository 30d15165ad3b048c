import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import t from 'tap'
import { page, stranger } from '../helpers.js'
import { inBothOrders } from './served.js'

const root = t.testdir({ 'page.txt': 'some text', folder: { 'index.html': '<p>hello' } })
writeFileSync(join(root, 'page.txt.gz'), 'packed text')

for (const wildcard of [true, false]) {
  t.test(wildcard ? 'a wildcard for all files' : 'a route for each file', async t => {
    inBothOrders(t, {
      cors: { origin: page, exposedHeaders: ['Content-Range', 'ETag'] },
      neighbour: app => app.register(fastifyStatic, { root, wildcard, preCompressed: true }),
      routes: () => {}
    }, async (t, { call, warnings }) => {
      const file = await call('GET /page.txt')
      t.match(file, { allowed: true, status: 200, body: 'some text', headers: { vary: /Origin/ } })
      t.ok(file.readable.includes('etag'))

      const cached = await call('GET /page.txt', { added: { 'if-none-match': String(file.headers.etag) } })
      t.match(cached, { allowed: true, status: 304, headers: { vary: /Origin/ } }, 'a 304 must not take the headers from the cache')
      const part = await call('GET /page.txt', { headers: { range: 'bytes=0-3' } })
      t.match(part, { allowed: true, preflight: null, status: 206, body: 'some', headers: { 'content-range': 'bytes 0-3/9' } })
      t.ok(part.readable.includes('content-range'))
      t.match(await call('GET /page.txt', { headers: { range: 'bytes=90-' } }), { allowed: true, status: 416 })
      const packed = await call('GET /page.txt', { added: { 'accept-encoding': 'gzip' } })
      t.match(packed, { allowed: true, body: 'packed text', headers: { 'content-encoding': 'gzip', vary: /Origin/ } })

      t.match(await call('GET /folder/'), { allowed: true, status: 200, body: '<p>hello' })
      t.match(await call('GET /nothing.txt'), { allowed: true, status: 404 })
      t.match(await call('GET /page.txt', { headers: { 'x-own': '1' } }), { allowed: true, preflight: 204, status: 200 })
      t.match(await call('GET /page.txt', { origin: stranger }), { allowed: false, status: 200, headers: { vary: /Origin/ } })
      t.strictSame(warnings(), [])
    })
  })
}
