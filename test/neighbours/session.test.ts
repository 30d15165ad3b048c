import cookie from '@fastify/cookie'
import session from '@fastify/session'
import Fastify, { type FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import corsPlugin from '../../lib/index.js'
import { launchChromium } from '../browsers/harness/chromium.js'
import type { PageFetch } from '../browsers/harness/fetches.js'
import { fetchInTurn } from '../browsers/harness/fetches.js'
import { startPages } from '../browsers/harness/pages.js'
import { portOf } from '../browsers/harness/port.js'
import { page, stranger } from '../helpers.js'
import { inBothOrders } from './served.js'

declare module 'fastify' {
  interface Session { name?: string }
}

const secret = 'a secret of thirty-two letters or more'

type Cookie = NonNullable<session.FastifySessionOptions['cookie']>

async function keepSessions (app: FastifyInstance, options: Cookie): Promise<void> {
  await app.register(cookie)
  await app.register(session, { secret, saveUninitialized: false, cookie: options })
}

function addLogin (app: FastifyInstance): void {
  app.put('/login', async request => {
    request.session.name = 'Ada'
    return 'welcome'
  })
  app.get('/me', async (request, reply) => request.session.name ?? reply.code(401).send('who are you?'))
  app.put('/logout', async request => {
    await request.session.destroy()
    return 'goodbye'
  })
}

t.test('over the network', async t => {
  inBothOrders(t, {
    cors: { origin: page, methods: ['GET', 'PUT'], credentials: true },
    neighbour: app => keepSessions(app, { secure: false }),
    routes: addLogin
  }, async (t, { call, warnings }) => {
    t.match(await call('GET /me', { credentials: 'include' }), { allowed: true, preflight: null, status: 401, body: 'who are you?', headers: { vary: 'Origin' } })
    const login = await call('PUT /login', { credentials: 'include' })
    t.match(login, { allowed: true, preflight: 204, status: 200, headers: { 'access-control-allow-credentials': 'true' } })
    const added = { cookie: String(login.headers['set-cookie']?.split(';')[0]) }
    t.match(await call('GET /me', { credentials: 'include', added }), { allowed: true, status: 200, body: 'Ada' })
    t.match(await call('GET /me', { credentials: 'include', added, origin: stranger }), { allowed: false, status: 200 })
    t.strictSame(warnings(), [])
  })
})
