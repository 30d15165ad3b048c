import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify'
import t, { type Test } from 'tap'
import corsPlugin, { type CorsOptions } from '../../lib/index.js'
import { corsHeaders, createApp, page, preflight, stranger } from '../helpers.js'

const foreign = {
  'Access-Control-Allow-Origin': '*',
  'access-control-allow-credentials': 'true',
  'ACCESS-CONTROL-EXPOSE-HEADERS': 'x-a',
  'access-control-allow-methods': 'DELETE',
  'access-control-allow-headers': 'x-evil',
  'access-control-max-age': '99999',
  'access-control-allow-private-network': 'true'
}

const HOOKS = ['onRequest', 'preParsing', 'preValidation', 'preHandler', 'preSerialization', 'onSend'] as const

async function isPolicys (t: Test, app: FastifyInstance, url = '/'): Promise<void> {
  for (const [headers, expected] of [
    [{}, { vary: 'Origin' }],
    [{ origin: stranger }, { vary: 'Origin' }],
    [{ origin: page }, { vary: 'Origin', 'access-control-allow-origin': page, 'access-control-expose-headers': 'x-a' }]
  ] as const) t.strictSame(corsHeaders(await app.inject({ url, headers })), expected, `${url} ${JSON.stringify(headers)}`)
}

const options = (more: Partial<CorsOptions> = {}): CorsOptions => ({ origin: page, exposedHeaders: ['x-a'], ...more })

t.test('what a handler sets is replaced, in every way to set it, whichever hook decides', async t => {
  for (const hook of HOOKS) {
    const app = createApp(options({ hook }))
    app.get('/headers', async (_request, reply) => reply.headers(foreign).send({ json: true }))
    app.get('/header', async (_request, reply) => {
      for (const [name, value] of Object.entries(foreign)) reply.header(name, value)
      return 'text'
    })
    app.get('/error', async () => { throw Object.assign(new Error('broken'), { headers: foreign }) })
    app.get('/response', async () => new Response('body', { headers: foreign }))
    app.get('/redirect', async (_request, reply) => reply.headers(foreign).redirect('/x'))
    for (const url of ['/headers', '/header', '/error', '/response', '/redirect']) await isPolicys(t, app, url)
  }
})

t.test('what a handler removes stays', async t => {
  const app = createApp(options())
  app.get('/', async (_request, reply) => {
    for (const name of ['access-control-allow-origin', 'Access-Control-Expose-Headers', 'Vary']) reply.removeHeader(name)
    return 'x'
  })
  await isPolicys(t, app)
})

for (const order of ['before', 'after']) {
  t.test(`what hooks registered ${order} the plugin set is replaced`, async t => {
    for (const deciding of HOOKS) {
      const app = Fastify()
      const addHooks = (): void => {
        app.addHook('onRequest', async (_request, reply) => { reply.headers(foreign) })
        app.addHook('preHandler', async (_request, reply) => { reply.headers(foreign) })
        app.addHook('onSend', async (_request, reply) => { reply.headers(foreign) })
      }
      if (order === 'before') addHooks()
      await app.register(corsPlugin, options({ hook: deciding }))
      if (order === 'after') addHooks()
      app.get('/', async () => ({ json: true }))
      await isPolicys(t, app)
      await isPolicys(t, app, '/nope')
    }
  })

  t.test(`what a middleware registered ${order} the plugin sets on the raw response is replaced`, async t => {
    const app = Fastify()
    const middleware = (): void => {
      app.addHook('onRequest', (_request, reply, next) => {
        for (const [name, value] of Object.entries(foreign)) reply.raw.setHeader(name, value)
        next()
      })
    }
    if (order === 'before') middleware()
    await app.register(corsPlugin, options())
    if (order === 'after') middleware()
    app.get('/', async () => 'x')
    await isPolicys(t, app)
  })
}

t.test('under * what others set is replaced too', async t => {
  const app = createApp({ origin: '*', exposedHeaders: ['x-a'] })
  app.get('/', async (_request, reply) => reply.headers({ ...foreign, 'access-control-allow-origin': page }).send('x'))
  for (const headers of [{}, { origin: page }]) {
    t.strictSame(corsHeaders(await app.inject({ url: '/', headers })), { 'access-control-allow-origin': '*', 'access-control-expose-headers': 'x-a' })
  }
})

t.test('an error page of the application\'s error handler', async t => {
  const app = createApp(options())
  app.setErrorHandler(async (_error, _request, reply) => reply.code(500).headers(foreign).send('broken'))
  app.get('/', async () => { throw new Error('broken') })
  await isPolicys(t, app)
})

t.test('hooks that run after an answered preflight change nothing of it', async t => {
  const app = createApp(options({ methods: ['PUT'] }))
  app.addHook('onSend', async (_request, reply) => { reply.headers(foreign) })
  t.strictSame(corsHeaders(await preflight(app, { origin: page })), {
    vary: 'Origin, Access-Control-Request-Headers', 'access-control-allow-origin': page, 'access-control-allow-methods': 'PUT'
  })
  t.strictSame(corsHeaders(await preflight(app, { origin: stranger })), { vary: 'Origin, Access-Control-Request-Headers' })
})

t.test('hooks that run before a preflight is answered change nothing of it', async t => {
  const app = Fastify()
  app.addHook('onRequest', async (_request, reply) => { reply.headers(foreign) })
  app.register(corsPlugin, options({ methods: ['PUT'] }))
  t.strictSame(corsHeaders(await preflight(app, { origin: page })), {
    vary: 'Origin, Access-Control-Request-Headers', 'access-control-allow-origin': page, 'access-control-allow-methods': 'PUT'
  })
  t.strictSame(corsHeaders(await preflight(app, { origin: stranger })), { vary: 'Origin, Access-Control-Request-Headers' })
})

const lowerCased = Object.fromEntries(Object.entries(foreign).map(([name, value]) => [name.toLowerCase(), value]))

t.test('routes with cors: false are left as they are', async t => {
  for (const hook of HOOKS) {
    const app = createApp(options({ hook }))
    app.get('/', { config: { cors: false } }, async (_request, reply) => reply.headers(foreign).send({ json: true }))
    for (const headers of [{}, { origin: page }, { origin: stranger }]) t.strictSame(corsHeaders(await app.inject({ url: '/', headers })), lowerCased)
  }
})

t.test('preflights under preflight: false are left as they are, and actual requests are not', async t => {
  for (const hook of HOOKS) {
    const app = createApp(options({ preflight: false, hook }))
    app.options('/', async (_request, reply) => reply.headers(foreign).code(200).send('own'))
    app.get('/', async (_request, reply) => reply.headers(foreign).send({ json: true }))
    for (const origin of [page, stranger]) {
      const asked = await preflight(app, { origin })
      t.equal(asked.body, 'own')
      t.strictSame(corsHeaders(asked), lowerCased)
    }
    await isPolicys(t, app)
  }
})

t.test('under preflightContinue the plugin\'s headers replace the handler\'s', async t => {
  for (const hook of HOOKS) {
    const app = createApp(options({ preflightContinue: true, methods: ['PUT'], hook }))
    app.options('/', async (_request, reply) => reply.headers(foreign).code(200).send('own'))
    const asked = await preflight(app, { origin: page })
    t.equal(asked.statusCode, 200)
    t.equal(asked.body, 'own')
    t.strictSame(corsHeaders(asked), {
      vary: 'Origin, Access-Control-Request-Headers', 'access-control-allow-origin': page, 'access-control-allow-methods': 'PUT'
    })
    const refused = await preflight(app, { origin: stranger })
    t.strictSame(corsHeaders(refused), { vary: 'Origin, Access-Control-Request-Headers' })
  }
})

for (const hook of HOOKS) {
  for (const origin of [[page], async (asked: string) => asked === page]) {
    const kind = typeof origin === 'function' ? 'a function' : 'a list'
    t.test(`what stands on the raw response is not left there, with ${kind} and the hook ${hook}, wherever it was decided`, async t => {
      const app = Fastify()
      const writeRaw = (reply: FastifyReply): void => {
        reply.raw.setHeader('access-control-allow-origin', stranger)
        reply.raw.setHeader('vary', 'X')
      }
      app.addHook('onRequest', async ({ url }, reply) => {
        if (url === '/handler') return
        writeRaw(reply)
        if (url === '/answered') return await reply.send('early')
        if (url === '/thrown') throw new Error('early')
      })
      app.register(corsPlugin, { origin, hook })
      app.get('/answered', async () => 'x')
      app.get('/thrown', async () => 'x')
      app.get('/handler', async (_request, reply) => {
        writeRaw(reply)
        return 'x'
      })
      for (const url of ['/answered', '/thrown', '/handler', '/nowhere']) {
        const { headers } = await app.inject({ url, headers: { origin: stranger } })
        t.notOk('access-control-allow-origin' in headers, url)
        t.strictSame(String(headers.vary).split(', ').sort(), ['Origin', 'X'], url)
      }
    })
  }
}
