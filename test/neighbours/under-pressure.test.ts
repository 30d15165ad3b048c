import underPressure from '@fastify/under-pressure'
import t from 'tap'
import { page } from '../helpers.js'
import { inBothOrders } from './served.js'

const overloaded = { healthCheck: async () => false, healthCheckInterval: 60_000, retryAfter: 50, exposeStatusRoute: true }

inBothOrders(t, {
  cors: { origin: page, methods: ['PUT'], exposedHeaders: ['Retry-After'] },
  neighbour: app => app.register(underPressure, overloaded),
  routes: app => app.route({ method: ['POST', 'PUT'], url: '/', handler: async () => 'changed' })
}, async (t, { call, warnings }, order) => {
  const simple = await call('POST /')
  t.match(simple, { allowed: true, preflight: null, status: 503, headers: { vary: /^Origin$/ } }, 'the page reads that the server has too much to do')
  t.match(await call('GET /status'), { allowed: true, status: 503 })
  t.ok(simple.readable.includes('retry-after'))
  t.strictSame(warnings(), [])

  const preflighted = await call('PUT /')
  if (order === 'the plugin first') {
    t.match(preflighted, { allowed: true, preflight: 204, status: 503 })
    t.strictSame(warnings(), [])
  } else {
    t.match(preflighted, { allowed: false, preflight: 503, status: null }, 'the page sees a CORS error')
    t.match(warnings(), [/answered with 503 before .* Register fastify-cors-policy before what answered it/])
  }
})
