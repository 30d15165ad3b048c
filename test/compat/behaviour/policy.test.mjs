import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { connect } from 'node:http2'
import test from 'node:test'
import Fastify from 'fastify'
import corsPlugin, { applyCors, parseCorsOptions } from 'fastify-cors-policy'
import { checkCors } from 'fastify-cors-policy/browser'
import { allowed, announce, listen, page, send, stranger } from './answers.mjs'

const options = { origin: page, methods: ['PUT'], exposedHeaders: ['x-total'] }

test('require gives the plugin too', () => {
  assert.equal(createRequire(import.meta.url)('fastify-cors-policy'), corsPlugin)
})

test('a page reads what it is allowed to read, and a stranger does not', async t => {
  const app = Fastify()
  app.register(corsPlugin, options)
  app.get('/', async () => 'x')
  app.get('/broken', async () => { throw new Error('broken') })
  const url = await listen(t, app)
  for (const [path, status] of [['/', 200], ['/broken', 500], ['/nowhere', 404]]) {
    const answer = await send(url + path, { headers: { origin: page } })
    assert.equal(answer.status, status)
    assert.equal(answer.headers['access-control-allow-origin'], page)
    assert.equal(answer.headers['access-control-expose-headers'], 'x-total')
    assert.match(answer.headers.vary, /Origin/)
    assert.equal(await allowed(send(url + path, { headers: { origin: stranger } })), undefined)
  }
})

test('a preflight is granted by the options, and refused with the reason', async t => {
  const app = Fastify()
  app.register(corsPlugin, { ...options, maxAge: 600 })
  app.put('/', async () => 'x')
  const url = await listen(t, app)
  const granted = await announce(url, page, 'PUT', { 'access-control-request-headers': 'x-one' })
  assert.equal(granted.status, 204)
  assert.equal(granted.headers['access-control-allow-methods'], 'PUT')
  assert.equal(granted.headers['access-control-allow-headers'], 'x-one')
  assert.equal(granted.headers['access-control-max-age'], '600')
  const refused = await announce(url, stranger)
  assert.equal(refused.status, 403)
  assert.equal(JSON.parse(refused.body).code, 'FST_CORS_ORIGIN_NOT_ALLOWED')
  assert.equal(refused.headers['access-control-allow-origin'], undefined)
})

test('a route overrides the policy, or turns it off', async t => {
  const app = Fastify()
  app.register(corsPlugin, options)
  app.put('/own', { config: { cors: { origin: stranger } } }, async () => 'x')
  app.put('/off', { config: { cors: false } }, async () => 'x')
  const url = await listen(t, app)
  for (const ask of [announce, (url, origin) => send(url, { method: 'PUT', headers: { origin } })]) {
    assert.equal(await allowed(ask(`${url}/own`, stranger)), stranger)
    assert.equal(await allowed(ask(`${url}/own`, page)), undefined)
    assert.equal(await allowed(ask(`${url}/off`, page)), undefined)
  }
})

test('a context of its own has a policy of its own', async t => {
  const app = Fastify()
  app.register(corsPlugin, options)
  app.register(async context => {
    context.register(corsPlugin, { origin: stranger, methods: ['PUT'] })
    context.put('/', async () => 'x')
  }, { prefix: '/partner' })
  const url = await listen(t, app)
  for (const path of ['/partner', '/partner/']) {
    assert.equal(await allowed(announce(url + path, stranger)), stranger)
    assert.equal(await allowed(announce(url + path, page)), undefined)
  }
})

test('an origin function is waited for, and one that fails allows nobody', async t => {
  const app = Fastify({ logger: { level: 'silent' } })
  app.register(corsPlugin, {
    origin: async origin => {
      if (origin === stranger) throw new Error('no connection')
      return origin === page
    }
  })
  app.get('/', async () => 'x')
  const url = await listen(t, app)
  assert.equal(await allowed(send(url, { headers: { origin: page } })), page)
  const failed = await send(url, { headers: { origin: stranger } })
  assert.equal(failed.status, 500)
  assert.equal(failed.headers['access-control-allow-origin'], undefined)
})

test('the policy has the last word, over Fastify and past it', async t => {
  const app = Fastify()
  app.register(corsPlugin, options)
  app.get('/handler', async (_request, reply) => reply.header('access-control-allow-origin', '*').send('x'))
  app.get('/hijack', (_request, reply) => {
    reply.hijack()
    reply.raw.writeHead(200, { 'access-control-allow-origin': '*' }).end('x')
  })
  app.get('/raw', async (_request, reply) => {
    await applyCors(reply)
    reply.raw.end('x')
    return reply
  })
  const url = await listen(t, app)
  for (const path of ['/handler', '/hijack', '/raw']) {
    assert.equal(await allowed(send(url + path, { headers: { origin: page } })), page, path)
    assert.equal(await allowed(send(url + path, { headers: { origin: stranger } })), undefined, path)
  }
})

test('HTTP/2 is answered alike', async t => {
  const app = Fastify({ http2: true })
  app.register(corsPlugin, options)
  app.get('/', async () => 'x')
  const session = connect(await listen(t, app))
  const headers = await new Promise((resolve, reject) => {
    session.request({ ':path': '/', origin: page }).on('response', resolve).on('error', reject).resume()
  })
  session.destroy()
  assert.equal(headers['access-control-allow-origin'], page)
})

test('the browser\'s half says why a page is blocked', async t => {
  const app = Fastify()
  app.register(corsPlugin, options)
  app.get('/', async () => 'x')
  const url = await listen(t, app)
  const ask = ({ method, url, headers }) => send(url, { method, headers })
    .then(({ status, headers }) => ({ status, headers: Object.entries(headers) }))
  assert.equal((await checkCors({ origin: page, url }, ask)).allowed, true)
  assert.equal((await checkCors({ origin: stranger, url }, ask)).allowed, false)
})

test('what can\'t work or is not safe does not boot', async () => {
  for (const wrong of [
    { origin: 'https://page.example/' },
    { origin: '*', credentials: true },
    { origin: 'https://*.vercel.app', credentials: true },
    { origin: 'https://xn--a.example' },
    { origin: page, orgin: stranger }
  ]) {
    assert.throws(() => parseCorsOptions(wrong), { code: 'FST_CORS_INVALID_OPTIONS' }, JSON.stringify(wrong))
    await assert.rejects(async () => await Fastify().register(corsPlugin, wrong), { code: 'FST_CORS_INVALID_OPTIONS' })
  }
})
