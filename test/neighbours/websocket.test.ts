import websocket from '@fastify/websocket'
import t from 'tap'
import WebSocket from 'ws'
import { page, stranger } from '../helpers.js'
import { inBothOrders } from './served.js'

inBothOrders(t, {
  cors: { origin: page, enforce: 'unsafe', methods: ['PUT'] },
  neighbour: app => app.register(websocket),
  routes: app => app.register(async context => {
    context.get('/chat', { websocket: true }, socket => socket.send('hello'))
    context.route({ method: 'GET', url: '/both', handler: async () => 'a page', wsHandler: socket => socket.send('hello') })
    context.put('/x', async () => 'changed')
  })
}, async (t, { url, call, warnings }) => {
  const open = (path: string, origin: string): Promise<string> => new Promise((resolve, reject) => {
    const socket = new WebSocket(url.replace('http', 'ws') + path, { headers: { origin } })
    socket.on('message', data => {
      resolve(String(data))
      socket.terminate()
    })
    socket.on('unexpected-response', (_request, { statusCode }) => resolve(`refused with ${statusCode}`))
    socket.on('error', reject)
  })
  for (const path of ['/chat', '/both']) {
    t.equal(await open(path, page), 'hello', path)
    t.equal(await open(path, stranger), 'refused with 403', path)
  }
  t.equal(await open('/nowhere', page), 'refused with 404')
  t.match(await call('GET /both'), { allowed: true, status: 200, body: 'a page' }, 'the same URL without an upgrade')
  t.match(await call('GET /chat'), { allowed: true, status: 404 })
  t.match(await call('PUT /x'), { allowed: true, preflight: 204, status: 200, body: 'changed' })
  t.strictSame(warnings(), [])
})
