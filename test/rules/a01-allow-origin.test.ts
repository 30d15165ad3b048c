import { runInNewContext } from 'node:vm'
import t from 'tap'
import type { CorsOptions } from '../../lib/index.js'
import { createApp, page, preflight, stranger } from '../helpers.js'

const app = (options: CorsOptions) => {
  const made = createApp(options)
  made.get('/', async () => 'x')
  made.get('/error', async () => { throw new Error('broken') })
  made.options('/', async () => 'own')
  return made
}

async function allowOrigin (options: CorsOptions, origin?: string, url = '/'): Promise<unknown> {
  const headers = origin === undefined ? {} : { origin }
  return (await app(options).inject({ url, headers })).headers['access-control-allow-origin']
}

const everyOrigin = [undefined, page, stranger, 'null', 'file://', 'nonsense', '', 'x'.repeat(1000), 'https://a.example, https://b.example']

t.test('* is sent on every answer that is not a preflight, whatever Origin is there or not', async t => {
  for (const origin of everyOrigin) {
    for (const url of ['/', '/error', '/nope']) {
      for (const list of ['*', ['*'], ['https://a.example', '*']]) t.equal(await allowOrigin({ origin: list }, origin, url), '*', `${url} ${origin}`)
    }
  }
})

t.test('exposed headers stand beside *, with Origin and without', async t => {
  for (const headers of [{}, { origin: stranger }]) {
    const response = await app({ origin: '*', exposedHeaders: ['x-a'] }).inject({ url: '/', headers })
    t.equal(response.headers['access-control-expose-headers'], 'x-a')
    t.notOk('vary' in response.headers)
  }
})

t.test('an OPTIONS request that is no preflight is an answer like any other', async t => {
  const response = await app({ origin: '*', exposedHeaders: ['x-a'] }).inject({ method: 'OPTIONS', url: '/' })
  t.equal(response.body, 'own')
  t.equal(response.headers['access-control-allow-origin'], '*')
  t.equal(response.headers['access-control-expose-headers'], 'x-a')
})

t.test('a preflight under * is answered with *', async t => {
  for (const origin of [page, 'null', 'nonsense', '']) {
    const asked = await preflight(app({ origin: '*' }), { origin, method: 'GET' })
    t.equal(asked.statusCode, 204, JSON.stringify(origin))
    t.equal(asked.headers['access-control-allow-origin'], '*')
  }
})

t.test('otherwise it is the request\'s own origin, byte for byte', async t => {
  const origins = ['https://a.example', 'http://localhost:5173', 'http://[::1]:8080', 'chrome-extension://abcdefghijklmnop', 'https://xn--bcher-kva.example']
  for (const origin of origins) {
    t.equal(await allowOrigin({ origin: origins }, origin), origin)
    t.equal(await allowOrigin({ origin: true }, origin), origin)
    t.equal(await allowOrigin({ origin: () => true }, origin), origin)
  }
  t.equal(await allowOrigin({ origin: 'https://*.example' }, 'https://a.example'), 'https://a.example')
  t.equal(await allowOrigin({ origin: /^https:\/\/a\.example$/ }, 'https://a.example'), 'https://a.example')
})

t.test('and only if it is allowed', async t => {
  for (const origin of ['https://A.example', 'HTTPS://a.example', 'https://a.example:443', 'https://a.example/', 'https://a.example.', ' https://a.example.evil', 'http://a.example', 'https://b.a.example', 'https://a.example:8443', 'https://a.example, https://a.example', 'null']) {
    for (const options of [{ origin: 'https://a.example' }, { origin: ['https://a.example', 'https://c.example'] }, { origin: /^https:\/\/a\.example$/ }]) {
      t.equal(await allowOrigin(options, origin), undefined, origin)
    }
  }
})

t.test('without Origin nothing is sent but under *', async t => {
  for (const options of [{ origin: page }, { origin: true }, { origin: () => true }, { origin: [page, stranger] }]) {
    t.equal(await allowOrigin(options), undefined)
  }
})

t.test('any origin with credentials, where it was asked for by name, is the origin itself', async t => {
  for (const origin of ['*', true] as const) {
    const made = app({ origin, credentials: true, dangerouslyAllow: ['any-origin-with-credentials'] })
    const response = await made.inject({ url: '/', headers: { origin: page } })
    t.equal(response.headers['access-control-allow-origin'], page)
    t.equal(response.headers['access-control-allow-credentials'], 'true')
    t.equal(response.headers.vary, 'Origin')
    const without = await made.inject('/')
    t.notOk('access-control-allow-origin' in without.headers)
    t.equal(without.headers.vary, 'Origin')
  }
})

t.test('an expression of another realm matches like any', async t => {
  const made = app({ origin: [runInNewContext('/^https:\\/\\/page\\.example$/')] })
  t.equal((await made.inject({ url: '/', headers: { origin: page } })).headers['access-control-allow-origin'], page)
  t.notOk('access-control-allow-origin' in (await made.inject({ url: '/', headers: { origin: stranger } })).headers)
})
