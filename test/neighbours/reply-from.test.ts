import replyFrom from '@fastify/reply-from'
import t from 'tap'
import { page, stranger } from '../helpers.js'
import { inBothOrders } from './served.js'
import { startUpstream } from './upstream.js'

t.test('an upstream with a CORS of its own', async t => {
  const upstream = await startUpstream(t)
  inBothOrders(t, {
    cors: { origin: page, methods: ['PUT'], credentials: true },
    neighbour: app => app.register(replyFrom, { base: upstream.url }),
    routes: app => {
      app.put('/x', (_request, reply) => reply.from('/x'))
      app.get('/unauthorised', { config: { cors: { origin: [page, stranger] } } }, (_request, reply) => reply.from())
      app.get('/off', { config: { cors: false } }, (_request, reply) => reply.from())
    }
  }, async (t, { call, warnings }) => {
    const answer = await call('PUT /x', { credentials: 'include', headers: { 'content-type': 'application/json' }, body: '{"a":1}' })
    t.match(answer, { allowed: true, preflight: 204, status: 200, body: 'changed {"a":1}' })
    t.match(answer.headers, { 'access-control-allow-origin': page, 'access-control-allow-credentials': 'true', vary: /^Origin, Accept$/ })
    t.ok(answer.readable.includes('x-upstream'), 'what the upstream exposes')
    t.match(warnings(), [/PUT \/x sets the header access-control-allow-origin to '\*'/], 'the log says whose header gave way')
    t.match(await call('GET /unauthorised', { origin: stranger, credentials: 'include' }), { allowed: true, status: 401, body: 'who are you?' })
    t.match((await call('GET /off')).headers, { 'access-control-allow-origin': '*', vary: /^Accept$/ }, 'with CORS off, the upstream\'s own are left')
  })
})

t.test('an upstream that is not there', async t => {
  inBothOrders(t, {
    cors: { origin: page },
    // The discard port: nothing listens there.
    neighbour: app => app.register(replyFrom, { base: 'http://127.0.0.1:9' }),
    routes: app => {
      app.get('/', (_request, reply) => reply.from('/'))
      app.get('/own-error', (_request, reply) => reply.from('/', { onError: reply => { reply.code(502).send('no upstream') } }))
    }
  }, async (t, { call }) => {
    t.match(await call('GET /'), { allowed: true, status: /^50\d$/, headers: { vary: /^Origin$/ } })
    t.match(await call('GET /own-error'), { allowed: true, status: 502, body: 'no upstream' })
  })
})
