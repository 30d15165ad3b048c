import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import test from 'node:test'
import websocket from '@fastify/websocket'
import Fastify from 'fastify'
import corsPlugin from 'fastify-cors-policy'
import { listen, page, send, stranger } from './answers.mjs'

const options = { origin: page, methods: ['POST'], enforce: 'unsafe' }

test('a stranger is refused before the handler, and the page and the server\'s own are not', async t => {
  const app = Fastify()
  let handled = 0
  app.register(corsPlugin, options)
  app.post('/', async () => { handled++ })
  const url = await listen(t, app)
  for (const [headers, status] of [
    [{ origin: page }, 200],
    [{ origin: url }, 200],
    [{}, 200],
    [{ origin: stranger }, 403],
    [{ origin: 'null' }, 403],
    [{ 'sec-fetch-site': 'cross-site' }, 403]
  ]) assert.equal((await send(url, { method: 'POST', headers })).status, status, JSON.stringify(headers))
  assert.equal(handled, 3)
})

const upgrade = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' }
const announced = { 'access-control-request-method': 'GET' }

for (const [order, plugins] of [
  ['before', [[corsPlugin, options], [websocket, {}]]],
  ['after', [[websocket, {}], [corsPlugin, options]]]
]) {
  test(`registered ${order} @fastify/websocket, a stranger's upgrade is refused, and its connection closed`, async t => {
    const app = Fastify()
    for (const [plugin, given] of plugins) await app.register(plugin, given)
    app.get('/ws', { websocket: true }, () => {})
    const url = await listen(t, app)
    assert.equal((await send(`${url}/ws`, { headers: { origin: page, ...upgrade } })).status, 101)
    for (const [method, headers] of [['GET', upgrade], ['OPTIONS', { ...upgrade, ...announced }]]) {
      const { said, closed } = await exchange(url, method, { ...headers, origin: stranger })
      assert.match(said, /^HTTP\/1\.1 403 /, method)
      assert.ok(closed, `${method}: the server has not closed the connection`)
    }
  })
}

/** All that a server says to a request for /ws, and whether it closes the connection within two seconds of that. */
async function exchange (url, method, headers) {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  const fields = Object.entries({ host: 'localhost', ...headers }).map(([name, value]) => `${name}: ${value}\r\n`)
  let said = ''
  socket.setEncoding('utf8').on('data', text => { said += text })
  socket.write(`${method} /ws HTTP/1.1\r\n${fields.join('')}\r\n`)
  await once(socket, 'data')
  const patience = setTimeout(() => socket.destroy(new Error('still open')), 2000)
  const closed = await once(socket, 'close').then(() => true, () => false)
  clearTimeout(patience)
  return { said, closed }
}
