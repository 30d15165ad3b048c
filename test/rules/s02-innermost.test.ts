import Fastify from 'fastify'
import t from 'tap'
import corsPlugin from '../../lib/index.js'
import { corsHeaders, createApp, page, preflight, stranger } from '../helpers.js'

const inner = 'https://inner.example'

t.test('the outer registration adds nothing to an inner one\'s routes', async t => {
  const app = createApp({ origin: page, credentials: true, exposedHeaders: ['x-outer'], methods: ['PUT', 'DELETE'], maxAge: 60, timingAllowOrigin: true })
  app.register(async context => {
    context.register(corsPlugin, { origin: inner, methods: ['PUT'] })
    context.put('/inner', async () => 'inner')
    context.get('/inner', async () => 'inner')
  }, { prefix: '/in' })

  for (const origin of [inner, page, stranger]) {
    const response = await app.inject({ url: '/in/inner', headers: { origin } })
    t.strictSame(corsHeaders(response), origin === inner ? { vary: 'Origin', 'access-control-allow-origin': inner } : { vary: 'Origin' })
    t.notOk('timing-allow-origin' in response.headers)
  }
  t.strictSame(corsHeaders(await preflight(app, { origin: inner, url: '/in/inner' })), {
    vary: 'Origin, Access-Control-Request-Headers', 'access-control-allow-origin': inner, 'access-control-allow-methods': 'PUT'
  })
  t.equal((await preflight(app, { origin: page, url: '/in/inner' })).statusCode, 403)
})

t.test('an inner registration may be off where the outer one is on, and the reverse', async t => {
  const app = createApp({ origin: page, methods: ['PUT'] })
  app.register(async context => {
    context.register(corsPlugin, { origin: false })
    context.put('/off', async () => 'off')
  })
  t.strictSame(corsHeaders(await app.inject({ method: 'PUT', url: '/off', headers: { origin: page } })), {})
  t.equal((await preflight(app, { origin: page, url: '/off' })).statusCode, 404)

  const reversed = createApp({ origin: false })
  reversed.register(async context => {
    context.register(corsPlugin, { origin: page, methods: ['PUT'] })
    context.put('/on', async () => 'on')
  })
  reversed.put('/off', async () => 'off')
  t.equal((await preflight(reversed, { origin: page, url: '/on' })).statusCode, 204)
  t.equal((await preflight(reversed, { origin: page, url: '/off' })).statusCode, 404)
})

t.test('an override is merged over the innermost registration alone', async t => {
  const app = createApp({ origin: page, credentials: true, exposedHeaders: ['x-outer'] })
  app.register(async context => {
    context.register(corsPlugin, { origin: inner })
    context.get('/inner', { config: { cors: { exposedHeaders: ['x-route'] } } }, async () => 'inner')
  })
  t.strictSame(corsHeaders(await app.inject({ url: '/inner', headers: { origin: inner } })), {
    vary: 'Origin', 'access-control-allow-origin': inner, 'access-control-expose-headers': 'x-route'
  })
})

t.test('contexts beside each other with the same prefix each register', async t => {
  const app = Fastify()
  for (const name of ['one', 'two']) {
    app.register(async context => {
      context.register(corsPlugin, { origin: `https://${name}.example`, methods: ['PUT'] })
      context.put(`/${name}`, async () => name)
    }, { prefix: '/api' })
  }
  for (const name of ['one', 'two']) {
    t.equal((await preflight(app, { origin: `https://${name}.example`, url: `/api/${name}` })).statusCode, 204)
    t.equal((await preflight(app, { origin: page, url: `/api/${name}` })).statusCode, 403)
  }
})

t.test('three levels, each with its own', async t => {
  const app = createApp({ origin: 'https://0.example', methods: ['PUT'] })
  app.put('/x', async () => 0)
  app.register(async one => {
    one.register(corsPlugin, { origin: 'https://1.example', methods: ['PUT'] })
    one.put('/x', async () => 1)
    one.register(async two => {
      two.register(corsPlugin, { origin: 'https://2.example', methods: ['PUT'] })
      two.put('/x', async () => 2)
      two.register(async three => { three.put('/y', async () => 3) })
    }, { prefix: '/b' })
  }, { prefix: '/a' })
  const expected = { '/x': 0, '/a/x': 1, '/a/b/x': 2, '/a/b/y': 2 }
  for (const [url, level] of Object.entries(expected)) {
    for (let i = 0; i < 3; i++) {
      t.equal((await preflight(app, { origin: `https://${i}.example`, url })).statusCode, i === level ? 204 : 403, `${url} from ${i}`)
    }
  }
})

t.test('a context may register in the other order than its parent', async t => {
  const app = Fastify()
  app.register(async context => {
    context.register(corsPlugin, { origin: inner, methods: ['PUT'] })
    context.put('/inner', async () => 'inner')
  })
  app.register(corsPlugin, { origin: page, methods: ['PUT'] })
  app.put('/outer', async () => 'outer')
  t.equal((await preflight(app, { origin: inner, url: '/inner' })).statusCode, 204)
  t.equal((await preflight(app, { origin: page, url: '/inner' })).statusCode, 403)
  t.equal((await preflight(app, { origin: page, url: '/outer' })).statusCode, 204)
  t.strictSame(corsHeaders(await app.inject({ method: 'PUT', url: '/inner', headers: { origin: inner } })), { vary: 'Origin', 'access-control-allow-origin': inner })
})
