import cookie from '@fastify/cookie'
import jwt from '@fastify/jwt'
import t from 'tap'
import corsPlugin from '../../lib/index.js'
import { page, stranger } from '../helpers.js'
import { inBothOrders, serve } from './served.js'

const cors = { origin: page, methods: ['GET', 'PUT'], exposedHeaders: ['WWW-Authenticate'] }

t.test('a token in Authorization', async t => {
  inBothOrders(t, {
    cors,
    neighbour: app => app.register(jwt, { secret: 'a secret of thirty-two letters or more' }),
    routes: app => {
      app.post('/login', async () => ({ token: app.jwt.sign({ name: 'Ada' }) }))
      app.register(async context => {
        context.addHook('onRequest', async request => { await request.jwtVerify() })
        context.put('/me', async request => request.user)
      })
    }
  }, async (t, { call, warnings }) => {
    const { body } = await call('POST /login')
    const { token } = JSON.parse(body) as { token: string }
    const authorization = `Bearer ${token}`
    t.match(await call('PUT /me', { headers: { authorization } }), { allowed: true, preflight: 204, status: 200, body: /Ada/ })
    t.match(await call('PUT /me', { headers: { authorization: `${authorization}x` } }), { allowed: true, preflight: 204, status: 401, body: /FST_JWT/ })
    t.match(await call('PUT /me'), { allowed: true, preflight: 204, status: 401, body: /No Authorization/, headers: { vary: /^Origin$/ } })
    t.match(await call('PUT /me', { origin: stranger, headers: { authorization } }), { allowed: false, preflight: 403, status: null })
    t.strictSame(warnings(), [])
  })
})

t.test('a token in a cookie', async t => {
  inBothOrders(t, {
    cors: { ...cors, credentials: true },
    neighbour: async app => {
      await app.register(cookie)
      await app.register(jwt, { secret: 'a secret of thirty-two letters or more', cookie: { cookieName: 'token', signed: false } })
    },
    routes: app => {
      app.post('/login', async (_request, reply) => reply.setCookie('token', app.jwt.sign({ name: 'Ada' }), { httpOnly: true, secure: true, sameSite: 'none' }).send('welcome'))
      app.put('/me', { onRequest: async request => { await request.jwtVerify() } }, async request => request.user)
    }
  }, async (t, { call, warnings }) => {
    const login = await call('POST /login', { credentials: 'include' })
    t.match(login, { allowed: true, headers: { 'access-control-allow-credentials': 'true' } })
    const kept = String(login.headers['set-cookie']?.split(';')[0])
    t.match(await call('PUT /me', { credentials: 'include', added: { cookie: kept } }), { allowed: true, preflight: 204, status: 200, body: /Ada/ })
    t.match(await call('PUT /me', { credentials: 'include' }), { allowed: true, preflight: 204, status: 401 })
    t.strictSame(warnings(), [])
  })
})

t.test('a hook for all routes that is added before the plugin keeps preflights from it, and the log says so', async t => {
  const { call, warnings } = await serve(t, async app => {
    await app.register(jwt, { secret: 'a secret of thirty-two letters or more' })
    app.addHook('onRequest', async request => { await request.jwtVerify() })
    await app.register(corsPlugin, cors)
    app.put('/me', async request => request.user)
  })
  t.match(await call('PUT /me'), { allowed: false, preflight: 401, status: null })
  t.match(warnings(), [/answered with 401 before .* Register fastify-cors-policy before what answered it/])
})
