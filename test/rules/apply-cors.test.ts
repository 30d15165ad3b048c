import Fastify, { type FastifyError, type FastifyReply, type FastifyRequest } from 'fastify'
import t from 'tap'
import corsPlugin, { applyCors } from '../../lib/index.js'
import { corsHeaders, createApp, page, preflight, stranger } from '../helpers.js'
import { loggedApp } from '../logged.js'

const granted = { vary: 'Origin', 'access-control-allow-origin': page }

t.test('code that answers on reply.raw without hijack() gets the headers by applyCors, at once', async t => {
  const app = createApp({ origin: page })
  app.get('/', (_request, reply) => {
    t.equal(applyCors(reply), undefined)
    reply.raw.writeHead(200, { 'access-control-allow-origin': '*' })
    reply.raw.end('raw')
  })
  const answered = await app.inject({ url: '/', headers: { origin: page } })
  t.equal(answered.body, 'raw')
  t.strictSame(corsHeaders(answered), granted)
  t.strictSame(corsHeaders(await app.inject({ url: '/', headers: { origin: stranger } })), { vary: 'Origin' })
})

t.test('where a function must be asked, it returns a promise', async t => {
  const app = createApp({ origin: async origin => origin === page, hook: 'onSend' })
  app.get('/', async (_request, reply) => {
    const applied = applyCors(reply)
    t.ok(applied instanceof Promise)
    await applied
    reply.hijack().raw.end('raw')
  })
  t.strictSame(corsHeaders(await app.inject({ url: '/', headers: { origin: page } })), granted)
  t.strictSame(corsHeaders(await app.inject({ url: '/', headers: { origin: stranger } })), { vary: 'Origin' })
})

t.test('a hook before the plugin\'s can answer with it', async t => {
  const app = Fastify()
  app.addHook('onRequest', (_request, reply) => {
    applyCors(reply)
    reply.raw.writeHead(401).end()
  })
  app.register(corsPlugin, { origin: page })
  const answered = await app.inject({ url: '/', headers: { origin: page } })
  t.equal(answered.statusCode, 401)
  t.strictSame(corsHeaders(answered), granted)
})

t.test('a hook that calls it and does not answer changes nothing: not what is enforced, nor who answers preflights', async t => {
  const { app, lines } = loggedApp()
  app.addHook('onRequest', async (_request, reply) => await applyCors(reply))
  app.register(corsPlugin, { origin: page, exposedHeaders: 'x-a', methods: ['PUT'], enforce: 'unsafe' })
  let ran = 0
  app.put('/', async (_request, reply) => {
    ran++
    return reply.header('vary', 'X-B').header('access-control-allow-origin', '*').send('x')
  })
  t.equal((await app.inject({ method: 'PUT', url: '/', headers: { origin: stranger } })).statusCode, 403)
  t.equal(ran, 0)
  const answered = await app.inject({ method: 'PUT', url: '/', headers: { origin: page } })
  t.strictSame(corsHeaders(answered), { ...granted, vary: 'Origin, X-B', 'access-control-expose-headers': 'x-a' })
  const asked = await preflight(app, { origin: page, headers: 'x-c' })
  t.equal(asked.statusCode, 204)
  t.strictSame(corsHeaders(asked), {
    vary: 'Origin, Access-Control-Request-Headers',
    'access-control-allow-origin': page,
    'access-control-allow-methods': 'PUT',
    'access-control-allow-headers': 'x-c'
  })
  const refused = await preflight(app, { origin: stranger })
  t.equal(refused.statusCode, 403)
  t.strictSame(corsHeaders(refused), { vary: 'Origin, Access-Control-Request-Headers' })
  t.match(lines('warn'), [/PUT \/ sets the header access-control-allow-origin to '\*'/], 'the handler is told what became of its own header')
})

t.test('with a later hook too, it does not let a stranger in', async t => {
  for (const hook of ['preParsing', 'preHandler', 'onSend'] as const) {
    const app = Fastify()
    app.addHook('onRequest', async (_request, reply) => await applyCors(reply))
    app.register(corsPlugin, { origin: page, enforce: 'unsafe', hook })
    app.post('/', async () => 'x')
    t.equal((await app.inject({ method: 'POST', url: '/', headers: { origin: stranger } })).statusCode, 403, hook)
    t.strictSame(corsHeaders(await app.inject({ method: 'POST', url: '/', headers: { origin: page } })), granted, hook)
  }
})

t.test('called again, or before hijack() and reply.send(), it changes nothing', async t => {
  const app = createApp({ origin: page })
  app.get('/twice', (_request, reply) => {
    applyCors(reply)
    applyCors(reply)
    reply.raw.end()
  })
  app.get('/hijack', (_request, reply) => {
    applyCors(reply)
    reply.hijack().raw.end()
  })
  app.get('/send', async (_request, reply) => {
    applyCors(reply)
    return reply.header('x-a', 'a').send('x')
  })
  app.get('/late', (_request, reply) => {
    reply.raw.write('x')
    applyCors(reply)
    reply.raw.end()
  })
  for (const url of ['/twice', '/hijack', '/send']) t.strictSame(corsHeaders(await app.inject({ url, headers: { origin: page } })), granted, url)
  t.equal((await app.inject('/send')).headers['x-a'], 'a')
  t.strictSame(corsHeaders(await app.inject({ url: '/late', headers: { origin: page } })), {})
})

t.test('nothing is written where CORS is off, or no registration covers the reply', async t => {
  const app = Fastify()
  app.register(async context => {
    context.register(corsPlugin, { origin: page })
    context.get('/off', { config: { cors: false } }, (_request, reply) => {
      applyCors(reply)
      reply.raw.end()
    })
  })
  app.get('/outside', (_request, reply) => {
    applyCors(reply)
    reply.raw.end()
  })
  for (const url of ['/off', '/outside']) t.strictSame(corsHeaders(await app.inject({ url, headers: { origin: page } })), {}, url)
})

for (const [name, origin] of [['throws', () => { throw new Error('broken') }], ['rejects', async () => { throw new Error('broken') }]] as const) {
  t.test(`what a function ${name} is thrown, nobody is allowed, and Vary is kept`, async t => {
    const app = createApp({ origin, hook: 'onSend' })
    app.get('/', async (_request, reply) => {
      await t.rejects(async () => await applyCors(reply), { message: 'broken' })
      reply.hijack().raw.end('x')
    })
    t.strictSame(corsHeaders(await app.inject({ url: '/', headers: { origin: page } })), { vary: 'Origin' })
  })
}

t.test('in frameworkErrors the registration of the root counts', async t => {
  const app = Fastify({
    frameworkErrors: (error: FastifyError, _request: FastifyRequest, reply: FastifyReply) => {
      applyCors(reply)
      if (error.message.includes('raw')) reply.raw.writeHead(400).end()
      else reply.code(400).send(error)
    }
  })
  app.register(corsPlugin, { origin: page, enforce: 'all', strictPreflight: true })
  app.get('/', async () => 'x')
  for (const url of ['/%zz', '/%zzraw']) {
    t.strictSame(corsHeaders(await app.inject({ url, headers: { origin: page } })), granted, url)
    t.strictSame(corsHeaders(await app.inject({ url, headers: { origin: stranger } })), { vary: 'Origin' }, url)
  }
})

t.test('in frameworkErrors of an application without a registration at its root, nothing is written', async t => {
  const app = Fastify({
    frameworkErrors: (error: FastifyError, _request: FastifyRequest, reply: FastifyReply) => {
      applyCors(reply)
      reply.code(400).send(error)
    }
  })
  app.register(async context => { context.register(corsPlugin, { origin: page }) }, { prefix: '/v1' })
  t.strictSame(corsHeaders(await app.inject({ url: '/v1/%zz', headers: { origin: page } })), {})
})

t.test('a preflight of a malformed URL says nothing about the order of registrations', async t => {
  const { app, lines } = loggedApp({
    frameworkErrors: (error: FastifyError, _request: FastifyRequest, reply: FastifyReply) => {
      applyCors(reply)
      reply.code(400).send(error)
    }
  })
  app.register(corsPlugin, { origin: page })
  t.equal((await preflight(app, { origin: page, url: '/%zz' })).statusCode, 400)
  t.strictSame(lines('warn'), [])
})

t.test('where another decision follows, request.cors says that one, though it was asked before', async t => {
  const app = Fastify()
  const seen: unknown[] = []
  let isOpen = false
  app.addHook('onRequest', async (request, reply) => {
    await applyCors(reply)
    seen.push(request.cors?.allowed)
    isOpen = true
  })
  app.register(corsPlugin, { origin: () => isOpen })
  app.get('/', async request => { seen.push(request.cors?.allowed) })
  const { headers } = await app.inject({ url: '/', headers: { origin: page } })
  t.strictSame(seen, [false, true])
  t.equal(headers['access-control-allow-origin'], page)
})

t.test('what is decided anew is enforced as it was decided last', async t => {
  const app = Fastify()
  const banned = new WeakSet<FastifyRequest>()
  app.addHook('onRequest', async (request, reply) => {
    await applyCors(reply)
    banned.add(request)
  })
  app.register(corsPlugin, { origin: (_origin, request) => !banned.has(request), enforce: 'unsafe' })
  app.post('/', async () => 'x')
  t.equal((await app.inject({ method: 'POST', url: '/', headers: { origin: page } })).statusCode, 403)
})

t.test('in frameworkErrors, where CORS is off the application keeps its own headers, and request.cors says so', async t => {
  const reasons: unknown[] = []
  const app = Fastify({
    frameworkErrors: (_error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
      reply.raw.setHeader('access-control-allow-origin', 'own')
      applyCors(reply)
      reasons.push(request.cors?.reason)
      reply.code(400).send('x')
    }
  })
  app.register(corsPlugin, { origin: false })
  t.equal((await app.inject({ url: '/%zz', headers: { origin: page } })).headers['access-control-allow-origin'], 'own')
  t.strictSame(reasons, ['cors-off'])
})
