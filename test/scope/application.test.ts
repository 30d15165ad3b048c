import Fastify from 'fastify'
import t from 'tap'
import corsPlugin from '../../lib/index.js'
import { corsHeaders, createApp, page, preflight } from '../helpers.js'

t.test('an error that a route\'s configuration throws at boot is thrown as it is', async t => {
  const app = createApp({ origin: page })
  const state = { throws: false }
  app.put('/', {
    config: {
      get cors () {
        if (state.throws) throw new TypeError('of the application')
        return true
      }
    }
  }, async () => 'x')
  state.throws = true
  await t.rejects(async () => await app.ready(), { name: 'TypeError', message: 'of the application' })
})

t.test('a middleware\'s header adds no Vary if the answer depends on nothing', async t => {
  const app = createApp({ origin: '*' })
  app.addHook('preHandler', (_request, reply, done) => {
    reply.raw.setHeader('x-middleware', '1')
    done()
  })
  app.get('/', async () => 'x')
  const answered = await app.inject({ url: '/', headers: { origin: page } })
  t.equal(answered.headers['x-middleware'], '1')
  t.strictSame(corsHeaders(answered), { 'access-control-allow-origin': '*' })
})

t.test('the application\'s OPTIONS route gets a preflight that a delegator may leave to it', async t => {
  const app = createApp({ delegator: () => ({ origin: page, preflightContinue: true, methods: ['PUT'] }), audit: false })
  app.put('/', async () => 'x')
  app.options('/', async () => 'own')
  const asked = await preflight(app, { origin: page })
  t.equal(asked.body, 'own')
  t.equal(asked.headers['access-control-allow-methods'], 'PUT')
})

t.test('a preflight that one of several possible routes leaves to the application is left to it', async t => {
  const app = Fastify()
  app.register(corsPlugin, { origin: page, methods: ['PUT'] })
  app.put('/', { constraints: { version: '1.0.0' } }, async () => 'one')
  app.put('/', { constraints: { version: '2.0.0' }, config: { cors: false } }, async () => 'two')
  const asked = await preflight(app, { origin: page })
  t.equal(asked.statusCode, 404)
  t.strictSame(corsHeaders(asked), {})
})

t.test('with preflight: false, a preflight for an unknown URL is left to the application', async t => {
  const app = createApp({ origin: page, preflight: false })
  app.put('/', { config: { cors: { preflight: true, methods: ['PUT'] } } }, async () => 'x')
  t.equal((await preflight(app, { origin: page })).statusCode, 204)
  const asked = await preflight(app, { origin: page, url: '/unknown' })
  t.equal(asked.statusCode, 404)
  t.strictSame(corsHeaders(asked), {})
})
