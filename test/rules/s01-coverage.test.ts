import Fastify, { type FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import corsPlugin from '../../lib/index.js'
import { corsHeaders, page, preflight, stranger } from '../helpers.js'

const granted = { vary: 'Origin', 'access-control-allow-origin': page }

async function isCovered (t: Test, app: FastifyInstance, url: string): Promise<void> {
  t.strictSame(corsHeaders(await app.inject({ url, headers: { origin: page } })), granted, url)
}

async function isNotCovered (t: Test, app: FastifyInstance, url: string): Promise<void> {
  t.strictSame(corsHeaders(await app.inject({ url, headers: { origin: page } })), {}, url)
}

t.test('a registration covers routes declared before it, beside it without await, and after it', async t => {
  const app = Fastify()
  app.get('/before', async () => 'before')
  app.register(corsPlugin, { origin: page })
  app.get('/beside', async () => 'beside')
  await app.after()
  app.get('/after', async () => 'after')
  for (const url of ['/before', '/beside', '/after']) await isCovered(t, app, url)
})

t.test('the override of a route declared before the plugin decides its preflights', async t => {
  const app = Fastify()
  app.put('/before', { config: { cors: { origin: stranger, methods: ['PUT'] } } }, async () => 'before')
  app.register(corsPlugin, { origin: page, methods: ['PUT'] })
  app.put('/beside', { config: { cors: { origin: stranger, methods: ['PUT'] } } }, async () => 'beside')
  app.put('/off', { config: { cors: false } }, async () => 'off')

  for (const url of ['/before', '/beside']) {
    t.equal((await preflight(app, { origin: stranger, url })).statusCode, 204, url)
    t.equal((await preflight(app, { origin: page, url })).statusCode, 403, url)
  }
  t.equal((await preflight(app, { origin: page, url: '/off' })).statusCode, 404)
})

t.test('it covers the contexts below, however deep, those made before it too', async t => {
  const app = Fastify()
  app.register(async one => {
    one.get('/one', async () => 1)
    one.register(async two => { two.get('/two', async () => 2) }, { prefix: '/deep' })
  })
  app.register(corsPlugin, { origin: page })
  await isCovered(t, app, '/one')
  await isCovered(t, app, '/deep/two')
})

t.test('it does not cover what is above or beside its context', async t => {
  const app = Fastify()
  app.get('/above', async () => 'above')
  app.register(async context => {
    await context.register(corsPlugin, { origin: page, methods: ['PUT'] })
    context.get('/in', async () => 'in')
  })
  app.register(async context => {
    context.get('/beside', async () => 'beside')
    context.put('/beside', async () => 'beside')
  })
  await isCovered(t, app, '/in')
  await isNotCovered(t, app, '/above')
  await isNotCovered(t, app, '/beside')
  const asked = await preflight(app, { origin: page, url: '/beside' })
  t.equal(asked.statusCode, 404, 'and leaves its preflights to the application')
  t.strictSame(corsHeaders(asked), {})
})

t.test('it covers errors', async t => {
  const app = Fastify()
  app.register(corsPlugin, { origin: page })
  app.get('/', async () => { throw new Error('broken') })
  const response = await app.inject({ url: '/', headers: { origin: page } })
  t.equal(response.statusCode, 500)
  t.strictSame(corsHeaders(response), granted)
})

t.test('it covers the 404 answers of its context', async t => {
  const app = Fastify()
  app.register(corsPlugin, { origin: page })
  app.register(async context => { context.get('/there', async () => 'there') }, { prefix: '/nested' })
  await isCovered(t, app, '/nope')
  await isCovered(t, app, '/nested/nope')

  const own = Fastify()
  own.register(corsPlugin, { origin: page })
  own.setNotFoundHandler(async (_request, reply) => reply.code(404).send('own'))
  t.equal((await own.inject('/nope')).body, 'own')
  await isCovered(t, own, '/nope')
})

t.test('a nested registration covers the 404 answers of its own not-found handler, and not the root\'s', async t => {
  const app = Fastify()
  app.register(async context => {
    context.register(corsPlugin, { origin: page })
    context.setNotFoundHandler(async (_request, reply) => reply.code(404).send('own'))
  }, { prefix: '/own' })
  app.register(async context => {
    context.register(corsPlugin, { origin: page })
    context.get('/there', async () => 'there')
  }, { prefix: '/none' })
  await isCovered(t, app, '/own/nope')
  await isCovered(t, app, '/none/there')
  await isNotCovered(t, app, '/none/nope')
  await isNotCovered(t, app, '/nope')
})

t.test('request.cors is undefined where no registration covers the route', async t => {
  const app = Fastify()
  const seen: unknown[] = []
  app.get('/', async request => { seen.push(request.cors) })
  app.register(async context => {
    context.register(corsPlugin, { origin: page })
    context.get('/in', async request => { seen.push(request.cors) })
  })
  await app.inject({ url: '/', headers: { origin: page } })
  await app.inject({ url: '/in', headers: { origin: page } })
  t.strictSame(seen, [undefined, { kind: 'actual', origin: page, allowed: true, reason: 'origin-allowed' }])
})
