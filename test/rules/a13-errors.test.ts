import rateLimit from '@fastify/rate-limit'
import Fastify, { type FastifyInstance } from 'fastify'
import { once } from 'node:events'
import t, { type Test } from 'tap'
import corsPlugin, { type CorsOptions } from '../../lib/index.js'
import { corsHeaders, createApp, page, stranger } from '../helpers.js'

const HOOKS = ['onRequest', 'preParsing', 'preValidation', 'preHandler', 'preSerialization', 'onSend'] as const
const granted = { vary: 'Origin', 'access-control-allow-origin': page, 'access-control-allow-credentials': 'true', 'access-control-expose-headers': 'x-a' }
const options: CorsOptions = { origin: page, credentials: true, exposedHeaders: ['x-a'] }

interface Asked { method?: 'GET' | 'POST', url?: string, payload?: string | object, headers?: Record<string, string> }

/** The error reaches the page, and tells a stranger nothing. */
async function isReadable (t: Test, app: FastifyInstance, status: number, { method = 'GET', url = '/', payload, headers = {} }: Asked = {}): Promise<void> {
  for (const [origin, expected] of [[page, granted], [stranger, { vary: 'Origin' }]] as const) {
    const response = await app.inject({ method, url, headers: { origin, ...headers }, ...payload === undefined ? {} : { payload } })
    t.equal(response.statusCode, status)
    t.strictSame(corsHeaders(response), expected, `${status} for ${origin}`)
  }
}

function unauthorised (): never {
  throw Object.assign(new Error('who are you?'), { statusCode: 401 })
}

for (const hook of HOOKS) {
  t.test(`under hook: ${hook}`, async t => {
    const decided = { ...options, hook }
    for (const thrower of ['onRequest', 'preParsing', 'preValidation', 'preHandler'] as const) {
      for (const order of ['before', 'after']) {
        const app = Fastify()
        const addHook = (): void => {
          if (thrower === 'preParsing') app.addHook(thrower, async () => unauthorised())
          else app.addHook(thrower, async () => unauthorised())
        }
        if (order === 'before') addHook()
        await app.register(corsPlugin, decided)
        if (order === 'after') addHook()
        app.get('/', async () => 'x')
        await isReadable(t, app, 401)
      }
    }

    const app = createApp(decided, { bodyLimit: 10 })
    app.addContentTypeParser('text/odd', (_request, _payload, done) => { done(Object.assign(new Error('odd'), { statusCode: 415 })) })
    app.post('/', { schema: { body: { type: 'object', required: ['a'] } } }, async () => 'x')
    app.get('/teapot', async (_request, reply) => reply.code(418).send({ short: true }))
    app.get('/throw', async () => { throw new Error('broken') })
    app.get('/serialise', { schema: { response: { 200: { type: 'object', required: ['a'], properties: { a: { type: 'string' } } } } } }, async () => ({}))
    app.get('/circular', async () => { const loop: Record<string, unknown> = {}; loop.loop = loop; return loop })
    app.get('/preserialise', { preSerialization: async () => { throw new Error('broken') } }, async () => ({}))
    app.get('/send', { onSend: async () => { throw new Error('broken') } }, async () => 'x')
    app.get('/number', async (_request, reply) => { reply.type('text/plain'); return 5 })
    await isReadable(t, app, 413, { method: 'POST', payload: { a: 'too long for this' } })
    await isReadable(t, app, 400, { method: 'POST', payload: '{', headers: { 'content-type': 'application/json' } })
    await isReadable(t, app, 400, { method: 'POST', payload: {} })
    await isReadable(t, app, 415, { method: 'POST', payload: 'x', headers: { 'content-type': 'text/unknown' } })
    await isReadable(t, app, 415, { method: 'POST', payload: 'x', headers: { 'content-type': 'text/odd' } })
    await isReadable(t, app, 404, { url: '/nope' })
    await isReadable(t, app, 404, { method: 'POST', url: '/throw' })
    await isReadable(t, app, 418, { url: '/teapot' })
    for (const url of ['/throw', '/serialise', '/circular', '/preserialise', '/send', '/number']) await isReadable(t, app, 500, { url })
  })
}

t.test('the application\'s error handlers, and one that throws in its turn', async t => {
  const app = createApp(options)
  app.setErrorHandler(async (_error, _request, reply) => reply.code(503).send('sorry'))
  app.get('/', async () => { throw new Error('broken') })
  app.register(async context => {
    context.setErrorHandler(() => { throw new Error('worse') })
    context.get('/worse', async () => { throw new Error('broken') })
  })
  await isReadable(t, app, 503)
  await isReadable(t, app, 503, { url: '/worse' })
})

t.test('errors of a nested context, and of its not-found handler', async t => {
  const app = createApp(options)
  app.register(async context => {
    context.setNotFoundHandler(async () => { throw Object.assign(new Error('gone'), { statusCode: 410 }) })
    context.addHook('preHandler', async request => { if (request.url.endsWith('secret')) unauthorised() })
    context.get('/secret', async () => 'x')
  }, { prefix: '/in' })
  await isReadable(t, app, 401, { url: '/in/secret' })
  await isReadable(t, app, 410, { url: '/in/nope' })
})

t.test('handlerTimeout', async t => {
  const app = createApp(options, { handlerTimeout: 20 })
  app.get('/', async request => { await once(request.signal, 'abort') })
  await isReadable(t, app, 503)
})

t.test('handlerTimeout while an origin function is still being asked', async t => {
  const app = createApp({ origin: () => new Promise(() => {}) }, { handlerTimeout: 20 })
  app.get('/', async () => 'x')
  const response = await app.inject({ url: '/', headers: { origin: page } })
  t.equal(response.statusCode, 503)
  t.strictSame(corsHeaders(response), { vary: 'Origin' })
})

for (const order of ['before', 'after']) {
  t.test(`429 of a rate limit registered ${order} the plugin`, async t => {
    const app = Fastify()
    if (order === 'before') await app.register(rateLimit, { max: 0 })
    await app.register(corsPlugin, options)
    if (order === 'after') await app.register(rateLimit, { max: 0 })
    app.get('/', async () => 'x')
    await isReadable(t, app, 429)
  })
}

t.test('a hook that answers by itself', async t => {
  for (const order of ['before', 'after']) {
    const app = Fastify()
    const addHook = (): void => { app.addHook('onRequest', async (_request, reply) => reply.code(401).send('who are you?')) }
    if (order === 'before') addHook()
    await app.register(corsPlugin, options)
    if (order === 'after') addHook()
    app.get('/', async () => 'x')
    await isReadable(t, app, 401)
    await isReadable(t, app, 401, { url: '/nope' })
  }
})

t.test('an onSend hook that throws before the plugin\'s, and one after', async t => {
  for (const order of ['before', 'after']) {
    for (const hook of HOOKS) {
      const app = Fastify()
      const addHook = (): void => {
        app.addHook('onSend', async (request, reply) => {
          if (request.url === '/' && reply.statusCode === 200) throw new Error('broken')
        })
      }
      if (order === 'before') addHook()
      await app.register(corsPlugin, { ...options, hook })
      if (order === 'after') addHook()
      app.get('/', async () => 'x')
      await isReadable(t, app, 500)
    }
  }
})

t.test('under * errors are readable without Origin too', async t => {
  const app = createApp({ origin: '*' })
  app.get('/', async () => { throw new Error('broken') })
  for (const headers of [{}, { origin: stranger }]) {
    t.strictSame(corsHeaders(await app.inject({ url: '/', headers })), { 'access-control-allow-origin': '*' })
  }
})
