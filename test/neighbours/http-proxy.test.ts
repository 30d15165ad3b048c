import httpProxy from '@fastify/http-proxy'
import Fastify from 'fastify'
import t, { type Test } from 'tap'
import WebSocket, { WebSocketServer } from 'ws'
import { page, stranger } from '../helpers.js'
import { inBothOrders } from './served.js'
import { startUpstream } from './upstream.js'

t.test('an upstream with a CORS of its own', async t => {
  const upstream = await startUpstream(t)
  inBothOrders(t, {
    cors: { origin: page, methods: ['PUT'], credentials: true },
    neighbour: app => app.register(httpProxy, { upstream: upstream.url, prefix: '/api' }),
    routes: app => app.put('/own', async () => 'own')
  }, async (t, { call }) => {
    const before = upstream.seen.length
    const answer = await call('PUT /api/x', { credentials: 'include', headers: { 'content-type': 'application/json' }, body: '{"a":1}' })
    t.match(answer, { allowed: true, preflight: 204, status: 200, body: 'changed {"a":1}' })
    t.match(answer.headers, { 'access-control-allow-origin': page, 'access-control-allow-credentials': 'true', vary: /^Origin, Accept$/ })
    t.ok(answer.readable.includes('x-upstream'), 'what the upstream exposes')
    t.strictSame(upstream.seen.slice(before), ['PUT /x'], 'the upstream sees no preflight')
    t.match(await call('PUT /api/x', { origin: stranger, credentials: 'include' }), { allowed: false, preflight: 403, status: null })
    t.match(await call('GET /api/unauthorised', { credentials: 'include' }), { allowed: true, status: 401, body: 'who are you?' })
    t.match(await call('GET /api/events', { credentials: 'include' }), { allowed: true, status: 200, body: 'data: hello', headers: { 'content-type': 'text/event-stream' } })
    t.match(await call('PUT /own', { credentials: 'include' }), { allowed: true, preflight: 204, body: 'own' })
  })
})

t.test('an upstream that is not there', async t => {
  inBothOrders(t, {
    cors: { origin: page },
    // The discard port: nothing listens there.
    neighbour: app => app.register(httpProxy, { upstream: 'http://127.0.0.1:9', prefix: '/api' }),
    routes: () => {}
  }, async (t, { call }) => {
    t.match(await call('GET /api/x', { headers: { 'x-own': '1' } }), { allowed: true, preflight: 204, status: /^50\d$/, headers: { vary: /^Origin$/ } },
      'the page reads the 500 of the proxy, and not "CORS error"')
  })
})

t.test('with websocket, a proxied handshake passes, and under enforce only from a page that is allowed', async t => {
  const echo = await startEcho(t)
  inBothOrders(t, {
    cors: { origin: page, enforce: 'unsafe' },
    neighbour: app => app.register(httpProxy, { upstream: echo, websocket: true, prefix: '/chat' }),
    routes: () => {}
  }, async (t, { url }) => {
    const greeting = (origin: string): Promise<string> => new Promise((resolve, reject) => {
      const socket = new WebSocket(`${url.replace('http', 'ws')}/chat`, { headers: { origin } })
      socket.on('message', data => {
        resolve(String(data))
        socket.terminate()
      })
      socket.on('unexpected-response', (_request, { statusCode }) => resolve(`refused with ${statusCode}`))
      socket.on('error', reject)
    })
    t.equal(await greeting(page), 'hello')
    t.equal(await greeting(stranger), 'refused with 403')
  })
})

async function startEcho (t: Test): Promise<string> {
  const app = Fastify({ forceCloseConnections: true })
  const sockets = new WebSocketServer({ server: app.server })
  sockets.on('connection', socket => socket.send('hello'))
  t.teardown(async () => {
    sockets.close()
    await app.close()
  })
  return await app.listen({ host: '127.0.0.1', port: 0 })
}
