import { execFileSync } from 'node:child_process'
import cookie from '@fastify/cookie'
import session from '@fastify/session'
import Fastify, { type FastifyInstance } from 'fastify'
import t from 'tap'
import corsPlugin from '../../lib/index.js'
import { chromium, launchChromium } from '../browsers/harness/chromium.js'
import { skipReason } from '../browsers/harness/engines.js'
import { fetchInTurn } from '../browsers/harness/fetches.js'
import { startPages } from '../browsers/harness/pages.js'
import { portOf } from '../browsers/harness/port.js'
import { page, stranger } from '../helpers.js'
import { inBothOrders } from './served.js'

declare module 'fastify' {
  interface Session { name?: string }
}

const secret = 'a secret of thirty-two letters or more'

interface CookieOptions {
  readonly secure: boolean
  readonly sameSite?: 'lax' | 'none'
  readonly partitioned?: boolean
}

async function keepSessions (app: FastifyInstance, options: CookieOptions): Promise<void> {
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
    t.match(await call('GET /me', { credentials: 'include' }), { allowed: true, preflight: null, status: 401, body: 'who are you?', headers: { vary: /^Origin$/ } })
    const login = await call('PUT /login', { credentials: 'include' })
    t.match(login, { allowed: true, preflight: 204, status: 200, headers: { 'access-control-allow-credentials': 'true' } })
    const added = { cookie: String(login.headers['set-cookie']?.split(';')[0]) }
    t.match(await call('GET /me', { credentials: 'include', added }), { allowed: true, status: 200, body: 'Ada' })
    t.match(await call('GET /me', { credentials: 'include', added, origin: stranger }), { allowed: false, status: 200 })
    t.strictSame(warnings(), [])
  })
})

/** A key and a certificate that it has signed itself. */
function selfSigned (): { key: string, cert: string } {
  const pem = execFileSync('openssl', [
    'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1', '-subj', '/CN=localhost', '-keyout', '-'
  ], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  return { key: pem, cert: pem }
}

/** Where the page and the API are, how the cookie is set, and whether it comes back. */
const flows: Array<[what: string, page: string, api: string, cookie: CookieOptions, isKept: boolean]> = [
  ['one site', 'app.shop.localhost', 'http://api.shop.localhost', { secure: false, sameSite: 'lax' }, true],
  ['two sites, with a cookie for each site that embeds', '127.0.0.1', 'https://localhost', { secure: true, sameSite: 'none', partitioned: true }, true],
  ['two sites, with SameSite=None alone', '127.0.0.1', 'https://localhost', { secure: true, sameSite: 'none' }, false],
  ['two sites, with SameSite=Lax', '127.0.0.1', 'https://localhost', { secure: true, sameSite: 'lax' }, false]
]

t.test('a login in Chromium', { skip: skipReason(chromium) }, async t => {
  const pages = await startPages()
  t.teardown(() => pages.close())
  const browser = await launchChromium(['--ignore-certificate-errors'])
  t.teardown(() => browser.close())
  const https = selfSigned()

  for (const [what, host, api, options, isKept] of flows) {
    await t.test(what, async t => {
      const app: FastifyInstance = Fastify({ forceCloseConnections: true, ...api.startsWith('https') ? { https } : {} })
      t.teardown(() => app.close())
      await app.register(corsPlugin, { origin: pages.at(host), methods: ['GET', 'PUT'], credentials: true })
      await keepSessions(app, options)
      addLogin(app)
      await app.listen()
      const url = `${api}:${portOf(app)}`
      const opened = await browser.open(pages.url(host))
      const answers = await fetchInTurn(opened, [['GET', '/me'], ['PUT', '/login'], ['GET', '/me'], ['PUT', '/logout'], ['GET', '/me']].map(([method = '', path]) =>
        ({ method, url: url + path, credentials: 'include' })))
      const unknown = 'who are you?'
      t.strictSame(answers.map(answer => answer?.body), [unknown, 'welcome', isKept ? 'Ada' : unknown, 'goodbye', unknown])
    })
  }
})
