import rateLimit from '@fastify/rate-limit'
import t from 'tap'
import { page, stranger } from '../helpers.js'
import { inBothOrders } from './served.js'

inBothOrders(t, {
  cors: { origin: page, methods: ['PUT'], exposedHeaders: ['Retry-After', 'X-RateLimit-Remaining'] },
  neighbour: app => app.register(rateLimit, { max: 2 }),
  routes: app => app.put('/', async () => 'changed')
}, async (t, { call, warnings }) => {
  for (const left of ['1', '0']) {
    const answer = await call('PUT /')
    t.match(answer, { allowed: true, preflight: 204, status: 200, headers: { 'x-ratelimit-remaining': left } }, 'preflights do not count')
    t.ok(answer.readable.includes('x-ratelimit-remaining'))
  }
  const limited = await call('PUT /')
  t.match(limited, { allowed: true, preflight: 204, status: 429, body: /Rate limit exceeded/ }, 'the page reads that it is too fast')
  t.ok(limited.readable.includes('retry-after'), 'and when to try again')
  t.match(await call('PUT /', { origin: stranger }), { allowed: false, preflight: 403, status: null })
  t.strictSame(warnings(), [])
})
