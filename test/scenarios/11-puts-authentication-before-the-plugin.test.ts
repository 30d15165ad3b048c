import rateLimit from '@fastify/rate-limit'
import t from 'tap'
import corsPlugin from '../../lib/index.js'
import { page, preflight } from '../helpers.js'
import { loggedApp } from '../logged.js'

t.test('authentication before the plugin: the log says which order works', async t => {
  const { app, lines } = loggedApp()
  app.addHook('onRequest', async (request, reply) => {
    if (request.headers.authorization === undefined) return reply.code(401).send({ error: 'no token' })
  })
  app.register(corsPlugin, { origin: page, methods: ['PUT'] })
  app.put('/', async () => 'changed')
  for (let i = 0; i < 2; i++) t.equal((await preflight(app, { origin: page, headers: 'authorization' })).statusCode, 401)
  t.match(lines('warn'), [/answered with 401 before fastify-cors-policy .* Register fastify-cors-policy before what answered it/])
})

t.test('a rate limit before the plugin: likewise', async t => {
  const { app, lines } = loggedApp()
  await app.register(rateLimit, { global: false })
  app.addHook('onRequest', app.rateLimit({ max: 1 }))
  app.register(corsPlugin, { origin: page, methods: ['PUT'] })
  app.put('/', async () => 'changed')
  t.equal((await preflight(app, { origin: page })).statusCode, 204)
  const limited = await preflight(app, { origin: page })
  t.equal(limited.statusCode, 429)
  t.equal(limited.headers['access-control-allow-origin'], page, 'which the network panel can show')
  t.match(lines('warn'), [/answered with 429/])
})

t.test('in the right order, both leave preflights alone', async t => {
  const { app, lines } = loggedApp()
  await app.register(rateLimit, { global: false })
  await app.register(corsPlugin, { origin: page, methods: ['PUT'] })
  app.addHook('onRequest', app.rateLimit({ max: 1 }))
  app.addHook('onRequest', async (request, reply) => {
    if (request.headers.authorization === undefined) return reply.code(401).send({ error: 'no token' })
  })
  app.put('/', async () => 'changed')
  for (let i = 0; i < 3; i++) t.equal((await preflight(app, { origin: page, headers: 'authorization' })).statusCode, 204)
  const answered = await app.inject({ method: 'PUT', url: '/', headers: { origin: page, authorization: 'x' } })
  t.equal(answered.body, 'changed')
  t.strictSame(lines('warn'), [])
})
