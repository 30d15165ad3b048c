import websocket from '@fastify/websocket'
import t from 'tap'
import WebSocket from 'ws'
import { createApp, page, stranger } from '../helpers.js'
import { send } from '../http.js'

t.test('without enforce, a form of another site is handled; with it, it is not', async t => {
  for (const enforce of [false, 'unsafe'] as const) {
    const app = createApp({ origin: page, enforce })
    app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => { done(null, body) })
    let transfers = 0
    app.post('/transfer', async () => `${++transfers}`)
    t.teardown(() => app.close())
    const url = `${await app.listen()}/transfer`
    const form = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
    for (const origin of [stranger, 'null']) await send({ method: 'POST', url, headers: { ...form, origin }, body: 'to=stranger' })
    t.equal(transfers, enforce === false ? 2 : 0)
  }
})

t.test('a WebSocket can\'t be opened from another site', async t => {
  const app = createApp({ origin: page, enforce: 'unsafe' })
  await app.register(websocket)
  app.get('/', { websocket: true }, socket => { socket.send('the user\'s messages') })
  t.teardown(() => app.close())
  // A refused upgrade leaves its socket to whoever opened it.
  app.server.on('connection', socket => { t.teardown(() => { socket.destroy() }) })
  const client = new WebSocket((await app.listen()).replace('http', 'ws'), { headers: { origin: stranger, cookie: 'session=1' } })
  const status = await new Promise(resolve => {
    client.on('unexpected-response', (request, { statusCode }) => {
      resolve(statusCode)
      request.destroy()
    })
    client.on('message', () => { resolve('hijacked') })
    client.on('error', () => {})
  })
  t.equal(status, 403)
})
