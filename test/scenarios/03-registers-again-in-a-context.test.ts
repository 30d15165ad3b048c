import t from 'tap'
import corsPlugin from '../../lib/index.js'
import { corsHeaders, createApp, page, preflight } from '../helpers.js'

const inner = 'https://inner.example'

t.test('a context with a registration of its own has its own origins, and the rest keeps its', async t => {
  const app = createApp({ origin: page, methods: ['PUT'], exposedHeaders: 'x-outer' })
  app.register(async context => {
    context.register(corsPlugin, { origin: inner, methods: ['DELETE'] })
    context.delete('/inner', async () => 'deleted')
  })
  app.put('/outer', async () => 'changed')

  t.strictSame(corsHeaders(await preflight(app, { origin: inner, url: '/inner', method: 'DELETE' })), {
    vary: 'Origin, Access-Control-Request-Headers',
    'access-control-allow-origin': inner,
    'access-control-allow-methods': 'DELETE'
  })
  t.equal((await preflight(app, { origin: page, url: '/inner', method: 'DELETE' })).statusCode, 403)
  t.equal((await preflight(app, { origin: page, url: '/outer' })).statusCode, 204)
  t.equal((await preflight(app, { origin: inner, url: '/outer' })).statusCode, 403)

  const answered = await app.inject({ method: 'DELETE', url: '/inner', headers: { origin: inner } })
  t.strictSame(corsHeaders(answered), { vary: 'Origin', 'access-control-allow-origin': inner })
})

t.test('two contexts side by side, without a prefix, each register', async t => {
  const app = createApp({ origin: page })
  for (const name of ['one', 'two']) {
    app.register(async context => {
      context.register(corsPlugin, { origin: `https://${name}.example`, methods: ['PUT'] })
      context.put(`/${name}`, async () => name)
    })
  }
  t.equal((await preflight(app, { origin: 'https://one.example', url: '/one' })).statusCode, 204)
  t.equal((await preflight(app, { origin: 'https://two.example', url: '/two' })).statusCode, 204)
  t.equal((await preflight(app, { origin: 'https://one.example', url: '/two' })).statusCode, 403)
})

t.test('registering twice in one context does not boot, and the error says so in one line', async t => {
  const app = createApp({ origin: page })
  app.register(corsPlugin, { origin: page })
  await t.rejects(async () => await app.ready(), { code: 'FST_CORS_ALREADY_REGISTERED', message: /^fastify-cors-policy is registered twice in one context: .+$/ })
})
