import { Readable } from 'node:stream'
import multipart from '@fastify/multipart'
import websocket from '@fastify/websocket'
import Fastify, { type HTTPMethods } from 'fastify'
import t from 'tap'
import WebSocket from 'ws'
import corsPlugin, { type CorsOptions } from '../../lib/index.js'
import { corsHeaders, createApp, page, preflight, stranger } from '../helpers.js'

const HOOKS = ['onRequest', 'preParsing', 'preValidation', 'preHandler', 'preSerialization', 'onSend'] as const
const crossSite = { 'sec-fetch-site': 'cross-site' }

for (const hook of HOOKS) {
  t.test(`with the hook ${hook}, a stranger is refused before the body is parsed and the handler runs`, async t => {
    const app = createApp({ origin: page, enforce: 'unsafe', hook })
    const ran: string[] = []
    app.addContentTypeParser('text/x', { parseAs: 'string' }, async () => { ran.push('parser') })
    app.addHook('preParsing', async () => { ran.push('preParsing') })
    app.post('/', async () => { ran.push('handler') })
    for (const headers of [{ origin: stranger }, { origin: 'null' }, { origin: '' }, { origin: 'x y' }, crossSite, { 'sec-fetch-site': 'same-site' }, { ...crossSite, origin: stranger }]) {
      const answered = await app.inject({ method: 'POST', url: '/', payload: 'body', headers: { 'content-type': 'text/x', ...headers } })
      t.equal(answered.statusCode, 403, JSON.stringify(headers))
      t.match(answered.json(), { statusCode: 403, code: 'FST_CORS_ORIGIN_NOT_ALLOWED', error: 'Forbidden' })
      t.strictSame(corsHeaders(answered), { vary: 'Origin' })
    }
    t.strictSame(ran, [])
    const allowed = await app.inject({ method: 'POST', url: '/', payload: 'body', headers: { 'content-type': 'text/x', origin: page } })
    t.equal(allowed.statusCode, 200)
    t.strictSame(corsHeaders(allowed), { vary: 'Origin', 'access-control-allow-origin': page })
    t.strictSame(ran, ['preParsing', 'parser', 'handler'])
  })

  t.test(`with the hook ${hook}, so it is on routes without CORS and unknown ones, and outside urls`, async t => {
    const app = createApp({ origin: page, enforce: 'unsafe', hook, urls: /^\/(?!out)/ })
    app.post('/off', { config: { cors: false } }, async () => 'x')
    app.post('/none', { config: { cors: { origin: false } } }, async () => 'x')
    app.post('/out', async () => 'x')
    app.post('/out/override', { config: { cors: { origin: stranger } } }, async () => 'x')
    for (const url of ['/off', '/none', '/out', '/out/override', '/unknown']) {
      t.equal((await app.inject({ method: 'POST', url, headers: { origin: stranger } })).statusCode, 403, url)
    }
    for (const url of ['/off', '/none', '/out']) {
      const answered = await app.inject({ method: 'POST', url, headers: { origin: page } })
      t.equal(answered.statusCode, 403, `${url} has no origin that is allowed`)
      t.strictSame(corsHeaders(answered), {})
      t.equal((await app.inject({ method: 'POST', url, headers: { 'sec-fetch-site': 'same-origin' } })).statusCode, 200)
    }
  })

  t.test(`with the hook ${hook}, a route can be exempt, or enforced alone`, async t => {
    const app = createApp({ origin: page, enforce: 'unsafe', hook, urls: /^\/(?!out)/ })
    app.post('/exempt', { config: { cors: { enforce: false } } }, async () => 'x')
    app.post('/out/exempt', { config: { cors: { enforce: false } } }, async () => 'x')
    app.get('/all', { config: { cors: { enforce: 'all' } } }, async () => 'x')
    app.get('/out/all', { config: { cors: { enforce: 'all' } } }, async () => 'x')
    for (const [method, url, status] of [['POST', '/exempt', 200], ['POST', '/out/exempt', 200], ['GET', '/all', 403], ['GET', '/out/all', 403]] as const) {
      t.equal((await app.inject({ method, url, headers: { origin: stranger } })).statusCode, status, url)
    }
  })

  t.test(`with the hook ${hook}, a function decides who is no stranger, and a failure lets nobody in`, async t => {
    const app = createApp({
      origin: async origin => {
        if (origin.includes('broken')) throw new Error('broken')
        return origin === page
      },
      enforce: 'unsafe',
      hook
    })
    let ran = 0
    app.post('/', async () => `${++ran}`)
    t.equal((await app.inject({ method: 'POST', url: '/', headers: { origin: page } })).statusCode, 200)
    t.equal((await app.inject({ method: 'POST', url: '/', headers: { origin: stranger } })).statusCode, 403)
    t.equal((await app.inject({ method: 'POST', url: '/', headers: { origin: 'https://broken.example' } })).statusCode, 500)
    t.equal(ran, 1)
  })
}

for (const hook of HOOKS) {
  t.test(`the inner registration alone enforces and decides, whatever the hook of the outer: ${hook}`, async t => {
    const app = createApp({ origin: page, enforce: 'all', hook, methods: ['PUT'] })
    app.register(async context => {
      context.register(corsPlugin, { origin: 'https://inner.example', enforce: 'unsafe', methods: ['PUT'] })
      context.put('/', async () => ({ inner: true }))
      context.get('/', async () => ({ inner: true }))
    }, { prefix: '/inner' })
    app.put('/', async () => ({ inner: false }))
    const put = async (url: string, origin: string): Promise<unknown> => {
      const { statusCode, headers } = await app.inject({ method: 'PUT', url, headers: { origin } })
      return [statusCode, headers['access-control-allow-origin']]
    }
    t.strictSame(await put('/inner', 'https://inner.example'), [200, 'https://inner.example'])
    t.strictSame(await put('/inner', page), [403, undefined])
    t.strictSame(await put('/', 'https://inner.example'), [403, undefined])
    t.strictSame(await put('/', page), [200, page])
    t.equal((await app.inject({ url: '/inner', headers: { origin: page } })).statusCode, 200, 'only the outer one refuses reads')
    t.equal((await preflight(app, { origin: 'https://inner.example', url: '/inner' })).statusCode, 204)
    t.equal((await preflight(app, { origin: page, url: '/inner' })).statusCode, 403)
  })
}

t.test('the methods that are safe pass under unsafe, and no others', async t => {
  const app = createApp({ origin: page, enforce: 'unsafe' })
  app.all('/', async () => 'x')
  for (const [method, status] of [['GET', 200], ['HEAD', 200], ['OPTIONS', 200], ['POST', 403], ['PUT', 403], ['PATCH', 403], ['DELETE', 403], ['TRACE', 403], ['QUERY', 403]] as const) {
    t.equal((await app.inject({ method: method as 'GET', url: '/', headers: { origin: stranger, ...crossSite } })).statusCode, status, method)
  }
})

t.test('under all, only OPTIONS requests and links to documents pass', async t => {
  const app = createApp({ origin: page, enforce: 'all', methods: ['PUT'] })
  app.all('/', async () => 'x')
  const status = async (method: HTTPMethods, headers: Record<string, string>): Promise<number> =>
    (await app.inject({ method: method as 'GET', url: '/', headers })).statusCode
  for (const method of ['GET', 'HEAD', 'POST', 'PUT']) {
    t.equal(await status(method, { origin: stranger }), 403, method)
    t.equal(await status(method, { ...crossSite, 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }), 403, 'an embed')
    t.equal(await status(method, { ...crossSite, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }), 403, 'a frame')
    t.equal(await status(method, { origin: page, ...crossSite }), 200)
    t.equal(await status(method, { 'sec-fetch-site': 'none' }), 200, 'typed into the address bar')
    t.equal(await status(method, {}), 200, 'no browser')
    const link = { ...crossSite, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
    t.equal(await status(method, link), method === 'GET' || method === 'HEAD' ? 200 : 403, 'a link, or a form post')
  }
  t.equal(await status('OPTIONS', { origin: stranger, ...crossSite }), 200)
  t.equal((await preflight(app, { origin: page, more: crossSite })).statusCode, 204)
})

t.test('the error handler of the application can shape the 403', async t => {
  const app = createApp({ origin: page, enforce: 'unsafe' })
  app.setErrorHandler(async (error: Error & { code?: string, statusCode?: number }, _request, reply) =>
    await reply.code(451).send({ code: error.code, was: error.statusCode, name: error.name, message: error.message }))
  app.post('/', async () => 'x')
  const answered = await app.inject({ method: 'POST', url: '/', headers: { origin: stranger } })
  t.equal(answered.statusCode, 451)
  t.strictSame(answered.json(), {
    code: 'FST_CORS_ORIGIN_NOT_ALLOWED', was: 403, name: 'FastifyError', message: `The origin "${stranger}" is not allowed to call this`
  })
  t.match((await app.inject({ method: 'POST', url: '/', headers: crossSite })).json(), { message: 'A page of another site is not allowed to call this' })
})

t.test('what is refused says so in request.cors, and once to the diagnostics channel', async t => {
  for (const hook of HOOKS) {
    const app = createApp({ origin: page, enforce: 'unsafe', hook })
    const decisions: unknown[] = []
    app.addHook('onResponse', async request => { decisions.push(request.cors) })
    app.post('/', async () => 'x')
    await app.inject({ method: 'POST', url: '/', headers: { origin: stranger } })
    t.strictSame(decisions, [{ kind: 'actual', origin: stranger, allowed: false, reason: 'origin-not-allowed' }], hook)
  }
})

t.test('a multipart upload of a stranger is not read', async t => {
  const app = createApp({ origin: page, enforce: 'unsafe' })
  await app.register(multipart, { attachFieldsToBody: true })
  let ran = 0
  app.post('/', async () => `${++ran}`)
  t.teardown(() => app.close())
  const url = await app.listen()
  const upload = (origin: string, body: () => ReadableStream | string): Promise<Response> =>
    fetch(url, { method: 'POST', headers: { origin, 'content-type': 'multipart/form-data; boundary=b' }, body: body(), duplex: 'half' })
  let read = 0
  const endless = (): ReadableStream => new ReadableStream({
    pull (controller) {
      read++
      controller.enqueue(new Uint8Array(65536))
    }
  })
  const refused = await upload(stranger, endless)
  t.equal(refused.status, 403)
  t.match(await refused.json(), { code: 'FST_CORS_ORIGIN_NOT_ALLOWED' })
  t.equal(ran, 0)
  t.ok(read < 1000, 'the answer does not wait for the end')
  const passed = await upload(page, () => '--b\r\ncontent-disposition: form-data; name="a"\r\n\r\n1\r\n--b--\r\n')
  t.equal(passed.status, 200)
  t.equal(ran, 1)
})

t.test('a GET that asks for a WebSocket is refused, in whatever case it asks', async t => {
  const app = createApp({ origin: page, enforce: 'unsafe' })
  app.get('/', async () => 'x')
  for (const [upgrade, status] of [['websocket', 403], ['WebSocket', 403], ['h2c', 200], ['websockets', 200]] as const) {
    t.equal((await app.inject({ url: '/', headers: { origin: stranger, upgrade } })).statusCode, status, upgrade)
  }
})

for (const hook of HOOKS) {
  t.test(`WebSockets of strangers are refused with the hook ${hook}, before any message`, async t => {
    const app = Fastify()
    app.register(corsPlugin, { origin: page, enforce: 'unsafe', hook } satisfies CorsOptions)
    await app.register(websocket)
    app.get('/ws', { websocket: true }, socket => { socket.send('hello') })
    app.get('/off', { websocket: true, config: { cors: false } }, socket => { socket.send('hello') })
    app.get('/exempt', { websocket: true, config: { cors: { enforce: false } } }, socket => { socket.send('hello') })
    t.teardown(() => app.close())
    // A refused upgrade leaves its socket to whoever opened it.
    app.server.on('connection', socket => { t.teardown(() => { socket.destroy() }) })
    const url = await app.listen({ host: '127.0.0.1', port: 0 })
    const open = (path: string, headers: Record<string, string>): Promise<string> => new Promise(resolve => {
      const client = new WebSocket(url.replace('http', 'ws') + path, { headers })
      client.on('message', data => {
        resolve(String(data as Buffer))
        client.close()
      })
      client.on('unexpected-response', (request, { statusCode }) => {
        resolve(String(statusCode))
        request.destroy()
      })
      client.on('error', () => {})
    })
    t.equal(await open('/ws', { origin: page }), 'hello')
    t.equal(await open('/ws', { origin: url }), 'hello', 'the page of the server itself')
    t.equal(await open('/ws', {}), 'hello', 'no browser')
    t.equal(await open('/ws', { origin: stranger }), '403')
    t.equal(await open('/ws', { origin: 'null' }), '403')
    t.equal(await open('/off', { origin: page }), '403')
    t.equal(await open('/off', { origin: url }), 'hello')
    t.equal(await open('/exempt', { origin: stranger }), 'hello')
  })
}

t.test('a stream that a stranger sends is left unread', async t => {
  const app = createApp({ origin: page, enforce: 'unsafe' })
  app.post('/', async () => 'x')
  const body = Readable.from(['a', 'b'])
  t.equal((await app.inject({ method: 'POST', url: '/', headers: { origin: stranger, 'content-type': 'text/plain' }, payload: body })).statusCode, 403)
})
