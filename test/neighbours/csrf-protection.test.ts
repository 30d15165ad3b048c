import cookie from '@fastify/cookie'
import csrfProtection from '@fastify/csrf-protection'
import t from 'tap'
import { page, stranger } from '../helpers.js'
import { inBothOrders } from './served.js'

inBothOrders(t, {
  cors: { origin: page, methods: ['PUT'], credentials: true },
  neighbour: async app => {
    await app.register(cookie)
    await app.register(csrfProtection, { cookieOpts: { httpOnly: true, secure: true, sameSite: 'none' } })
  },
  routes: app => {
    app.get('/token', async (_request, reply) => ({ token: reply.generateCsrf() }))
    app.put('/me', { onRequest: app.csrfProtection }, async () => 'changed')
  }
}, async (t, { call, warnings }) => {
  const asked = await call('GET /token', { credentials: 'include' })
  t.match(asked, { allowed: true, status: 200 })
  const { token } = JSON.parse(asked.body) as { token: string }
  const added = { cookie: String(asked.headers['set-cookie']?.split(';')[0]) }
  const headers = { 'csrf-token': token }
  t.match(await call('PUT /me', { credentials: 'include', headers, added }), { allowed: true, preflight: 204, status: 200, body: 'changed' })
  t.match(await call('PUT /me', { credentials: 'include', added }), { allowed: true, preflight: 204, status: 403, body: /csrf/i, headers: { vary: /^Origin$/ } },
    'the page reads that the token is missing')
  t.match(await call('GET /token', { origin: stranger, credentials: 'include', added }), { allowed: false, status: 200 }, 'no other page reads the token')
  t.match(await call('PUT /me', { origin: stranger, credentials: 'include', headers, added }), { allowed: false, preflight: 403, status: null })
  t.strictSame(warnings(), [])
})
