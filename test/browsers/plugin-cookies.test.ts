import t from 'tap'
import corsPlugin from '../../lib/index.js'
import type { Engine } from './harness/engine.js'
import { eachEngine } from './harness/engines.js'
import { fetchInTurn } from './harness/fetches.js'
import { watchedApp } from './harness/journal.js'
import { startPages } from './harness/pages.js'
import { portOf } from './harness/port.js'

/** The cookies that the API sets, while it is the page that is visited. */
const cookies = {
  plain: 'plain=1',
  lax: 'lax=1; SameSite=Lax',
  strict: 'strict=1; SameSite=Strict',
  none: 'none=1; SameSite=None',
  'none and secure': 'none-secure=1; SameSite=None; Secure',
  secure: 'secure=1; Secure'
}

type Sent = Record<Engine['name'], string>

/**
 * The cookies that the server sees of a page that sends credentials. A page of the same site sends all that were kept;
 * over plain HTTP, WebKit keeps no secure ones, even for this machine, and the others none with `SameSite=None` alone.
 */
const sameSite: Sent = {
  chromium: 'lax none-secure plain secure strict',
  firefox: 'lax none-secure plain secure strict',
  webkit: 'lax none plain strict'
}

/** Chromium and Firefox keep the cookies of one site from pages of another; WebKit leaves out lax and strict ones. */
const crossSite: Sent = { chromium: '', firefox: '', webkit: 'none plain' }

/** Pages, the API that they call, and the cookies that go there. */
const ways: [page: string, api: string, what: string, sent: Sent][] = [
  ['localhost', 'localhost', 'another port', sameSite],
  ['app.shop.localhost', 'api.shop.localhost', 'another name of the site', sameSite],
  ['127.0.0.1', 'localhost', 'another site', crossSite],
  ['app.localhost', 'api.shop.localhost', 'another site below localhost', crossSite]
]

eachEngine(t, async (t, browser, engine) => {
  const pages = await startPages()
  t.teardown(() => pages.close())
  const { app, journal } = watchedApp(t)
  app.addHook('onRequest', async request => {
    const names = (request.headers.cookie ?? '').split('; ').map(cookie => cookie.replace('=1', '')).sort()
    journal.note(request, `cookies: ${names.join(' ')}`)
  })
  app.get('/visit', (_request, reply) => reply.type('text/html').header('set-cookie', Object.values(cookies)).send('<!doctype html>'))
  for (const credentials of [true, false]) {
    app.register(async context => {
      context.register(corsPlugin, { origin: ways.map(([page]) => pages.at(page)), credentials, methods: ['PUT'] })
      context.route({ method: ['GET', 'PUT'], url: '/', handler: async () => 'answer' })
    }, { prefix: `/${credentials}` })
  }
  await app.listen()
  for (const host of new Set(ways.map(([, api]) => api))) await browser.open(`http://${host}:${portOf(app)}/visit`)

  let count = 0
  for (const [host, api, what, { [engine.name]: sent }] of ways) {
    const page = await browser.open(pages.url(host))
    /** Two requests of each credentials mode: what the page could read, and what the server saw. */
    const call = async (allowed: boolean, credentials: 'omit' | 'same-origin' | 'include') => {
      const made = ['GET', 'PUT'].map(method => {
        const id = String(++count)
        return { id, method, credentials, url: `http://${api}:${portOf(app)}/${allowed}?case=${id}` }
      })
      const answers = await fetchInTurn(page, made.map(({ method, credentials, url }) => ({ method, credentials, url })))
      return { read: answers.map(answer => answer !== null), seen: made.map(({ id }) => journal.of(id)) }
    }
    const none = 'cookies: '
    await t.test(`${what}: ${host} calls ${api}`, async t => {
      t.strictSame(await call(true, 'include'), {
        read: [true, true],
        seen: [['GET', `cookies: ${sent}`], ['preflight of PUT', none, 'PUT', `cookies: ${sent}`]]
      }, 'with credentials, which the policy allows; a preflight never carries any')
      t.strictSame(await call(false, 'include'), {
        read: [false, false],
        seen: [['GET', `cookies: ${sent}`], ['preflight of PUT', none]]
      }, 'with credentials, which it does not allow: what needs no preflight arrives nevertheless')
      for (const credentials of ['omit', 'same-origin'] as const) {
        for (const allowed of [true, false]) {
          t.strictSame(await call(allowed, credentials), {
            read: [true, true],
            seen: [['GET', none], ['preflight of PUT', none, 'PUT', none]]
          }, `${credentials}: no cookie, and nothing to allow`)
        }
      }
    })
  }
})
