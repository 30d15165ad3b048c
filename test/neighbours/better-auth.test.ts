import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { page, stranger } from '../helpers.js'
import corsPlugin from '../../lib/index.js'
import { serve } from './served.js'

/** Mounts the handler as the guide of Better Auth for Fastify has it. */
async function mountAuth (app: FastifyInstance): Promise<void> {
  const { betterAuth } = await import('better-auth')
  const { memoryAdapter } = await import('better-auth/adapters/memory')
  const auth = betterAuth({
    database: memoryAdapter({ user: [], session: [], account: [], verification: [], rateLimit: [] }),
    secret: 'a secret of thirty-two letters or more',
    baseURL: 'https://api.example',
    emailAndPassword: { enabled: true },
    trustedOrigins: [page],
    telemetry: { enabled: false },
    logger: { disabled: true }
  })
  app.route({
    method: ['GET', 'POST'],
    url: '/api/auth/*',
    handler: async (request, reply) => {
      const headers = new Headers()
      for (const [name, value] of Object.entries(request.headers)) headers.append(name, String(value))
      const answer = await auth.handler(new Request(new URL(request.url, 'https://api.example'), {
        method: request.method,
        headers,
        ...request.body === undefined ? {} : { body: JSON.stringify(request.body) }
      }))
      reply.code(answer.status)
      answer.headers.forEach((value, name) => { reply.header(name, value) })
      return reply.send(answer.body === null ? null : await answer.text())
    }
  })
}

t.test('a page of another origin signs up, is known, and signs out', async t => {
  const { call, warnings } = await serve(t, async app => {
    await app.register(corsPlugin, { origin: page, credentials: true, enforce: 'unsafe' })
    await mountAuth(app)
  })
  const posting = (body: object) => ({ credentials: 'include', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }) as const
  const account = { name: 'Ada', email: 'ada@page.example', password: 'a long password' }
  const joined = await call('POST /api/auth/sign-up/email', posting(account))
  t.match(joined, { allowed: true, preflight: 204, status: 200, headers: { 'access-control-allow-credentials': 'true', vary: /^Origin$/ } })
  const added = { cookie: String(joined.headers['set-cookie']?.split(';')[0]) }
  t.match(await call('GET /api/auth/get-session', { credentials: 'include', added }), { allowed: true, preflight: null, status: 200, body: /Ada/ })
  t.match(await call('POST /api/auth/sign-in/email', posting({ ...account, password: 'another password' })), { allowed: true, preflight: 204, status: 401, body: /INVALID/ },
    'the page reads that the password is wrong')
  t.match(await call('POST /api/auth/sign-out', { ...posting({}), added }), { allowed: true, preflight: 204, status: 200 })
  t.match(await call('GET /api/auth/get-session', { credentials: 'include', added }), { allowed: true, status: 200, body: 'null' })
  t.match(await call('GET /api/auth/get-session', { origin: stranger, credentials: 'include', added }), { allowed: false })
  t.match(await call('POST /api/auth/sign-out', { ...posting({}), origin: stranger, added }), { allowed: false, preflight: 403, status: null })
  t.strictSame(warnings(), [])
})
