import { once } from 'node:events'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { setTimeout as after } from 'node:timers/promises'
import websocket from '@fastify/websocket'
import Fastify, { type FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import corsPlugin, { type CorsOptions } from '../../lib/index.js'
import { page, stranger } from '../helpers.js'

type Headers = Record<string, string>

const upgrade = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==' }
const preflight = { 'access-control-request-method': 'PUT' }

/** An application with WebSockets; what it leaves open, the end of the test closes. */
async function serving (t: Test, options: CorsOptions, order: 'before' | 'after' = 'before', declare = (_app: FastifyInstance): void => {}): Promise<FastifyInstance> {
  const app = Fastify()
  if (order === 'before') await app.register(corsPlugin, options)
  await app.register(websocket)
  if (order === 'after') await app.register(corsPlugin, options)
  app.get('/', { websocket: true }, socket => { socket.send('hello') })
  app.put('/', async () => 'x')
  declare(app)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const open = new Set<Socket>()
  app.server.on('connection', socket => { open.add(socket) })
  t.teardown(async () => {
    for (const socket of open) socket.destroy()
    await app.close()
  })
  return app
}

/** Sends a request over a connection that the client leaves open; `socket` has got `text` until the answer, or the connection, was over. */
async function ask (t: Test, app: FastifyInstance, method: string, headers: Headers, { body = '', patience = 1000 } = {}): Promise<{ socket: Socket, text: string }> {
  const socket = connect({ port: (app.server.address() as AddressInfo).port, host: '127.0.0.1', allowHalfOpen: true })
  t.teardown(() => { socket.destroy() })
  const lines = Object.entries({ host: 'own.example', ...headers }).map(([name, value]) => `${name}: ${value}\r\n`).join('')
  socket.write(`${method} / HTTP/1.1\r\n${lines}\r\n${body}`)
  let text = ''
  socket.setEncoding('latin1').on('data', (chunk: string) => { text += chunk })
  await within(patience, once(socket, 'end'))
  return { socket, text }
}

/** Whether something comes to its end in time. */
async function within (milliseconds: number, end: Promise<unknown>): Promise<boolean> {
  const patience = new AbortController()
  const tooLate = after(milliseconds, false, { signal: patience.signal })
  tooLate.catch(() => {})
  const inTime = await Promise.race([end.then(() => true), tooLate])
  patience.abort()
  return inTime
}

async function openAtServer (app: FastifyInstance): Promise<number> {
  await after(50)
  return await new Promise((resolve, reject) => {
    app.server.getConnections((error, count) => {
      if (error === null) resolve(count)
      else reject(error)
    })
  })
}

const fail = { throws: () => { throw new Error('no database') }, rejects: async () => { await after(5); throw new Error('no database') } }
const nothing: unknown = undefined
const saysNothing = (): boolean => nothing as boolean

const answers: Array<[what: string, options: CorsOptions, method: string, headers: Headers, status: number]> = [
  ['a refused upgrade', { origin: page, enforce: 'unsafe' }, 'GET', { origin: stranger }, 403],
  ['a refused upgrade with "Connection: close" beside it', { origin: page, enforce: 'unsafe' }, 'GET', { origin: stranger, connection: 'close, Upgrade' }, 403],
  ['an upgrade refused by a late hook', { origin: page, enforce: 'unsafe', hook: 'preHandler' }, 'GET', { origin: stranger }, 403],
  ['a refused upgrade to another protocol', { origin: page, enforce: 'unsafe' }, 'GET', { origin: stranger, upgrade: 'h2c' }, 403],
  ['an answered preflight', { origin: [page], methods: ['PUT'] }, 'OPTIONS', { origin: page, ...preflight }, 204],
  ['a refused preflight', { origin: [page] }, 'OPTIONS', { origin: stranger, ...preflight }, 403],
  ['a preflight that is asked about', { origin: async origin => origin === page }, 'OPTIONS', { origin: page, ...preflight }, 204],
  ['a preflight that a late hook answers', { origin: page, hook: 'onSend' }, 'OPTIONS', { origin: page, ...preflight }, 204],
  ['an OPTIONS request that is no preflight', { origin: page, strictPreflight: true }, 'OPTIONS', { origin: page }, 400],
  ['a function that throws', { origin: fail.throws }, 'GET', { origin: page }, 500],
  ['a function that rejects', { origin: fail.rejects }, 'GET', { origin: page }, 500],
  ['a function that says neither yes nor no', { origin: saysNothing }, 'GET', { origin: page }, 500],
  ['a function that fails for a preflight', { origin: fail.rejects }, 'OPTIONS', { origin: page, ...preflight }, 500],
  ['a delegator that throws', { origin: page, delegator: fail.throws }, 'GET', { origin: page }, 500],
  ['a delegator that rejects', { origin: page, delegator: fail.rejects }, 'GET', { origin: page }, 500]
]

for (const order of ['before', 'after'] as const) {
  for (const [what, options, method, headers, status] of answers) {
    t.test(`registered ${order} WebSockets, ${what} closes its connection once it is answered`, async t => {
      const app = await serving(t, options, order)
      const { text } = await ask(t, app, method, { ...upgrade, ...headers })
      t.match(text, new RegExp(`^HTTP/1.1 ${status} `))
      const [head = '', body = ''] = text.split('\r\n\r\n')
      t.equal(body.length, Number(/content-length: (\d+)/i.exec(head)?.[1]), 'the whole answer has arrived')
      t.equal(await openAtServer(app), 0)
      t.ok(await within(2000, app.close()), 'app.close() ends')
    })
  }
}

t.test('180 refused upgrades, preflights and failures leave no connection open', async t => {
  const app = await serving(t, { origin: origin => { if (origin === stranger) return false; throw new Error('no database') }, enforce: 'unsafe' })
  const kinds: Array<[string, Headers]> = [['GET', { origin: stranger }], ['OPTIONS', { origin: stranger, ...preflight }], ['GET', { origin: page }]]
  const asked = await Promise.all(Array.from({ length: 60 }, () => kinds).flat().map(([method, headers]) => ask(t, app, method, { ...upgrade, ...headers })))
  t.strictSame([...new Set(asked.map(({ text }) => text.slice(9, 12)))].sort(), ['403', '500'])
  t.equal(await openAtServer(app), 0)
  t.ok(await within(2000, app.close()), 'app.close() ends')
})

t.test('a client that has sent its first messages already still gets to read why it was refused', async t => {
  const app = await serving(t, { origin: page, enforce: 'unsafe' })
  const { text } = await ask(t, app, 'GET', { ...upgrade, origin: stranger }, { body: 'm'.repeat(300_000) })
  t.match(text, /^HTTP\/1.1 403 [^]*FST_CORS_ORIGIN_NOT_ALLOWED/)
  t.equal(await openAtServer(app), 0)
  t.ok(await within(2000, app.close()), 'app.close() ends')
})

t.test('an error handler that answers later has the connection closed, too', async t => {
  const app = await serving(t, { origin: page, enforce: 'unsafe' }, 'before', app => {
    app.setErrorHandler(async (error: Error, _request, reply) => {
      await after(20)
      return await reply.code(418).send(error.message)
    })
  })
  t.match((await ask(t, app, 'GET', { ...upgrade, origin: stranger })).text, /^HTTP\/1.1 418 /)
  t.equal(await openAtServer(app), 0)
  t.ok(await within(2000, app.close()), 'app.close() ends')
})

t.test('an upgrade that is allowed keeps its connection', async t => {
  const app = await serving(t, { origin: page, enforce: 'unsafe' })
  const { text } = await ask(t, app, 'GET', { ...upgrade, origin: page }, { patience: 200 })
  t.match(text, /^HTTP\/1.1 101 [^]*hello/)
  t.equal(await openAtServer(app), 1)
})

t.test('a mere Upgrade header, with nobody listening for upgrades, keeps its connection, as curl expects', async t => {
  const app = Fastify()
  app.register(corsPlugin, { origin: page, enforce: 'unsafe' })
  app.get('/', async () => 'x')
  t.teardown(() => app.close())
  await app.listen({ host: '127.0.0.1', port: 0 })
  const h2c = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'AAMAAABkAAQAoAAAAAIAAAAA' }
  for (const [method, headers, status] of [
    ['OPTIONS', { origin: page, ...preflight }, 204],
    ['OPTIONS', { origin: stranger, ...preflight }, 403],
    ['GET', { origin: stranger }, 200],
    ['GET', { origin: stranger, upgrade: 'WebSocket' }, 403],
    ['GET', { origin: stranger, upgrade: 'h2c, websocket' }, 403],
    ['GET', { origin: stranger, upgrade: 'websockets' }, 200]
  ] as const) {
    const { socket, text } = await ask(t, app, method, { ...h2c, ...headers }, { patience: 200 })
    t.match(text, new RegExp(`^HTTP/1.1 ${status} `), `${method} ${JSON.stringify(headers)}`)
    t.notOk(socket.readableEnded)
    socket.write('GET / HTTP/1.1\r\nhost: own.example\r\n\r\n')
    t.match(await once(socket, 'data'), [/^HTTP\/1.1 200 /])
    socket.destroy()
  }
})
