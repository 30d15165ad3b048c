import helmet from '@fastify/helmet'
import t from 'tap'
import { page, stranger } from '../helpers.js'
import { inBothOrders } from './served.js'

inBothOrders(t, {
  cors: { origin: page, methods: ['PUT'] },
  neighbour: app => app.register(helmet),
  routes: app => app.put('/', async () => 'changed')
}, async (t, { call, warnings }) => {
  const answer = await call('PUT /')
  t.match(answer, { allowed: true, preflight: 204, status: 200, body: 'changed', headers: { vary: /^Origin$/ } })
  t.match(answer.headers, { 'content-security-policy': /default-src/, 'x-content-type-options': 'nosniff', 'cross-origin-resource-policy': 'same-origin' })
  t.match(await call('PUT /nowhere'), { allowed: true, status: 404, headers: { 'x-content-type-options': 'nosniff' } }, 'an error')
  t.match(await call('PUT /', { origin: stranger }), { allowed: false, preflight: 403, status: null })
  t.strictSame(warnings(), [])
})
