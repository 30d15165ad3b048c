import compress from '@fastify/compress'
import t from 'tap'
import { page } from '../helpers.js'
import { headerOf, send } from '../http.js'
import { inBothOrders } from './served.js'

const text = 'a line of text that repeats itself\n'.repeat(200)

inBothOrders(t, {
  cors: { origin: page, methods: ['PUT'], exposedHeaders: ['X-Total'] },
  neighbour: app => app.register(compress),
  routes: app => {
    app.put('/', async (_request, reply) => reply.header('x-total', '1').type('text/plain').send(text))
    app.post('/echo', async request => request.body)
  }
}, async (t, { url, call, warnings }) => {
  for (const encoding of ['br', 'gzip', 'deflate']) {
    const answer = await call('PUT /', { added: { 'accept-encoding': encoding } })
    t.match(answer, { allowed: true, preflight: 204, status: 200, headers: { 'content-encoding': encoding } }, encoding)
    t.ok(answer.readable.includes('x-total'))
    t.strictSame(answer.headers.vary?.toLowerCase().split(/, */).sort(), ['accept-encoding', 'origin'], 'caches keep both apart')
  }
  const unpacked = await fetch(url, { method: 'PUT', headers: { origin: page } })
  t.equal(await unpacked.text(), text)

  const announcing = { origin: page, 'access-control-request-method': 'PUT', 'accept-encoding': 'gzip, br' }
  const preflight = await send({ method: 'OPTIONS', url: `${url}/`, headers: announcing })
  t.equal(headerOf(preflight, 'content-encoding'), undefined, 'in a preflight, there is nothing to pack')
  const packed = { 'content-encoding': 'gzip', 'content-type': 'application/json' }
  t.match(await call('POST /echo', { headers: packed, body: '{}' }), { allowed: true, preflight: 204, status: 400 }, 'the page reads that it sent nothing packed')
  t.strictSame(warnings(), [])
})
