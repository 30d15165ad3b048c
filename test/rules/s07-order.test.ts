import t from 'tap'
import corsPlugin, { applyCors } from '../../lib/index.js'
import { page, preflight } from '../helpers.js'
import { loggedApp } from '../logged.js'

t.test('hooks that come after the plugin\'s never see a preflight that it answers', async t => {
  const { app, lines } = loggedApp()
  app.register(corsPlugin, { origin: page, methods: ['PUT'] })
  const seen: string[] = []
  app.addHook('onRequest', async (request, reply) => {
    seen.push(request.method)
    return reply.code(401).send()
  })
  app.put('/', async () => 'x')
  t.equal((await preflight(app, { origin: page })).statusCode, 204)
  t.equal((await preflight(app, { origin: 'https://other.example' })).statusCode, 403)
  t.strictSame(seen, [])
  t.strictSame(lines('warn'), [])
})

t.test('one that comes before, and answers, is reported once, with the order that works', async t => {
  const { app, lines } = loggedApp()
  app.addHook('onRequest', async (_request, reply) => reply.code(401).send())
  app.register(corsPlugin, { origin: page, methods: ['PUT'] })
  app.put('/', async () => 'x')
  await app.inject({ method: 'PUT', url: '/', headers: { origin: page } })
  await app.inject({ method: 'OPTIONS', url: '/' })
  t.strictSame(lines('warn'), [], 'other requests are its own business')
  for (let i = 0; i < 3; i++) t.equal((await preflight(app, { origin: page })).statusCode, 401)
  const warned = lines('warn')
  t.equal(warned.length, 1)
  t.match(warned[0], /answered with 401 .* browsers refuse .* Register fastify-cors-policy before/)
  t.notMatch(warned[0], /hook/)
})

t.test('an answer that browsers accept is said to be the one that they go by', async t => {
  const { app, lines } = loggedApp()
  app.addHook('onRequest', async (request, reply) => { if (request.method === 'OPTIONS') await reply.code(204).send() })
  app.register(corsPlugin, { origin: page, methods: ['PUT'] })
  await preflight(app, { origin: page })
  t.match(lines('warn'), [/answered with 204 .* browsers judge the request that it announced by that answer/])
})

t.test('so is an error thrown there, and one that the raw response carries', async t => {
  for (const answer of ['throw', 'raw'] as const) {
    const { app, lines } = loggedApp()
    app.addHook('onRequest', async (_request, reply) => {
      if (answer === 'throw') throw Object.assign(new Error('no token'), { statusCode: 401 })
      await applyCors(reply)
      reply.hijack().raw.writeHead(418).end()
    })
    app.register(corsPlugin, { origin: page })
    const { statusCode } = await preflight(app, { origin: page })
    t.match(lines('warn'), [new RegExp(`answered with ${statusCode} before`)], answer)
  }
})

t.test('two registrations each report once', async t => {
  const { app, lines } = loggedApp()
  app.addHook('onRequest', async (_request, reply) => reply.code(401).send())
  for (const prefix of ['/a', '/b']) {
    app.register(async context => {
      context.register(corsPlugin, { origin: page, methods: ['PUT'] })
      context.put('/', async () => 'x')
    }, { prefix })
  }
  for (const url of ['/a', '/b', '/a', '/b']) await preflight(app, { origin: page, url })
  t.equal(lines('warn').length, 2)
})

for (const hook of ['preParsing', 'preValidation', 'preHandler', 'preSerialization', 'onSend'] as const) {
  t.test(`with the hook ${hook}, what stands in between is reported with the hook to choose`, async t => {
    const { app, lines } = loggedApp()
    app.register(corsPlugin, { origin: page, methods: ['PUT'], hook })
    app.addHook('onRequest', async (_request, reply) => reply.code(401).send())
    app.put('/', async () => 'x')
    await preflight(app, { origin: page })
    t.match(lines('warn'), [new RegExp(`with the hook onRequest in place of ${hook}`)])
  })
}

t.test('preflights that are answered at the same time are reported once', async t => {
  const { app, lines } = loggedApp()
  const waiting: Array<() => void> = []
  app.addHook('onRequest', async (_request, reply) => await reply.code(401).send())
  app.register(corsPlugin, { origin: page, methods: ['PUT'] })
  app.addHook('onSend', (_request, _reply, _payload, done) => {
    waiting.push(done)
    if (waiting.length === 2) waiting.forEach(go => { go() })
  })
  await Promise.all([preflight(app, { origin: page }), preflight(app, { origin: page })])
  t.equal(lines('warn').length, 1)
})

t.test('where nobody else is to answer, nothing is reported', async t => {
  const { app, lines } = loggedApp()
  app.addHook('onRequest', async (request, reply) => {
    if (request.headers['x-early'] !== undefined) return reply.code(401).send()
  })
  app.register(corsPlugin, { origin: page, methods: ['PUT'], audit: false })
  app.put('/off', { config: { cors: false } }, async () => 'x')
  app.put('/left', { config: { cors: { preflight: false } } }, async () => 'x')
  for (const url of ['/off', '/left']) t.equal((await preflight(app, { origin: page, url, more: { 'x-early': '1' } })).statusCode, 401)
  t.strictSame(lines('warn'), [])
})
