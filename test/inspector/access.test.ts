import { get } from 'node:http'
import Fastify from 'fastify'
import t, { type Test } from 'tap'
import { corsPlugin } from '../../lib/index.js'
import { corsInspector, type CorsInspectorOptions } from '../../lib/inspector/index.js'
import { portOf } from '../browsers/harness/port.js'

async function createApp (options: CorsInspectorOptions = {}) {
  const app = Fastify()
  app.register(corsPlugin, { origin: 'https://page.example' })
  app.register(corsInspector, options)
  await app.ready()
  return app
}

const PATHS = ['/_cors', '/_cors/', '/_cors/events', '/_cors/routes', '/_cors/assets/inspector.js']

t.test('this machine sees the inspector, under each of its own names', async t => {
  const app = await createApp()
  for (const host of ['localhost', 'localhost:8000', 'LOCALHOST:80', 'localhost.', 'api.localhost:1', '127.0.0.1', '127.8.0.1:3000', '[::1]:8000']) {
    t.equal((await app.inject({ url: '/_cors/routes', headers: { host } })).statusCode, 200, host)
  }
  for (const remoteAddress of ['127.0.0.1', '127.0.0.9', '::1', '::ffff:127.0.0.1']) {
    t.equal((await app.inject({ url: '/_cors/routes', remoteAddress })).statusCode, 200, remoteAddress)
  }
})

t.test('other machines, names that point here and requests through a proxy see nothing', async t => {
  const app = await createApp()
  const requests = [
    ...['192.168.0.7', '10.0.0.1', '::ffff:10.0.0.1', '2001:db8::1', '128.0.0.1'].map(remoteAddress => ({ remoteAddress })),
    ...['evil.example', '127.0.0.1.evil.example', 'localhost.evil.example', '192.168.0.7', '[::2]'].map(host => ({ headers: { host } })),
    ...['forwarded', 'x-forwarded-for', 'X-Forwarded-Host', 'x-real-ip', 'via'].map(name => ({ headers: { [name]: 'x' } }))
  ]
  for (const request of requests) {
    for (const url of PATHS) {
      const { statusCode, body } = await app.inject({ url, ...request })
      t.equal(statusCode, 403, `${url} ${JSON.stringify(request)}`)
      t.match(JSON.parse(body).message, /^The inspector /)
    }
  }
})

t.test('a page of another site may link to it, and no more', async t => {
  const app = await createApp()
  const from = (site: string, mode: string, dest: string): Record<string, string> => ({ 'sec-fetch-site': site, 'sec-fetch-mode': mode, 'sec-fetch-dest': dest })
  const refused = [from('cross-site', 'cors', 'empty'), from('same-site', 'cors', 'empty'), from('cross-site', 'no-cors', 'script'), from('cross-site', 'navigate', 'iframe')]
  for (const headers of refused) t.equal((await app.inject({ url: '/_cors', headers })).statusCode, 403, JSON.stringify(headers))
  for (const headers of [from('cross-site', 'navigate', 'document'), from('same-origin', 'cors', 'empty'), from('none', 'navigate', 'document')]) {
    t.equal((await app.inject({ url: '/_cors', headers })).statusCode, 200, JSON.stringify(headers))
  }
})

t.test('it answers its own page only', async t => {
  const app = await createApp()
  const { headers } = await app.inject({ url: '/_cors', headers: { origin: 'https://page.example' } })
  t.equal(headers['access-control-allow-origin'], undefined)
  t.match(headers['content-security-policy'], /^default-src 'none'; script-src 'self';/)
  t.match(headers, { 'x-content-type-options': 'nosniff', 'cross-origin-resource-policy': 'same-origin', 'cache-control': 'no-store' })
  const preflight = await app.inject({ method: 'OPTIONS', url: '/_cors/explain', headers: { origin: 'https://page.example', 'access-control-request-method': 'POST' } })
  t.equal(preflight.headers['access-control-allow-origin'], undefined)
})

/** The key that a server prints. */
async function printedKey (t: Test, logger: boolean): Promise<{ text: string, origin: string }> {
  const lines: string[] = []
  const app = Fastify(logger ? { logger: { level: 'warn', stream: { write: (line: string) => { lines.push(line) } } } } : {})
  app.register(corsPlugin, { origin: 'https://page.example' })
  app.register(corsInspector, { allowRemote: true })
  const onWarning = (warning: Error): void => { lines.push(warning.message) }
  process.on('warning', onWarning)
  t.teardown(() => process.off('warning', onWarning))
  await app.listen({ host: '127.0.0.1', port: 0 })
  t.teardown(() => app.close())
  await new Promise(resolve => setImmediate(resolve))
  const text = lines.find(line => line.includes('?key=')) ?? ''
  return { text, origin: `http://127.0.0.1:${portOf(app)}` }
}

function status (url: string, headers: Record<string, string> = {}): Promise<{ status: number, headers: Record<string, unknown> }> {
  return new Promise((resolve, reject) => {
    get(url, { headers, agent: false }, response => {
      response.resume()
      resolve({ status: Number(response.statusCode), headers: response.headers })
    }).on('error', reject)
  })
}

t.test('others need the key that is printed at boot, with and without a logger', async t => {
  for (const logger of [true, false]) {
    const { text, origin } = await printedKey(t, logger)
    const [url = '', key = ''] = /http:\/\/[^"\s]+\?key=([\w-]{20,})/.exec(text) ?? []
    t.ok(url.startsWith(`${origin}/_cors/?key=`), text)
    t.equal((await status(`${origin}/_cors`)).status, 401)
    t.equal((await status(`${origin}/_cors?key=wrong`)).status, 401)
    t.equal((await status(`${origin}/_cors?key=${key.slice(1)}x`)).status, 401)
    t.equal((await status(`${origin}/_cors?key=${key}&key=${key}`)).status, 401)

    const admitted = await status(url)
    t.match(admitted, { status: 303, headers: { location: '/_cors' } }, 'the key does not stay in the address')
    const cookie = String(admitted.headers['set-cookie'])
    t.match(cookie, /; Path=\/_cors; HttpOnly; SameSite=Strict$/)
    const headers = { cookie: `other=1; ${cookie.split(';')[0]}`, host: 'dev.example', via: '1.1 proxy' }
    t.equal((await status(`${origin}/_cors`, headers)).status, 200)
    t.equal((await status(`${origin}/_cors/routes`, { ...headers, 'sec-fetch-site': 'cross-site' })).status, 403)
  }
})

t.test('in production it starts only with allowRemote', async t => {
  const { NODE_ENV } = process.env
  process.env.NODE_ENV = 'production'
  t.teardown(() => { if (NODE_ENV === undefined) delete process.env.NODE_ENV; else process.env.NODE_ENV = NODE_ENV })
  await t.rejects(createApp(), { code: 'FST_CORS_INSPECTOR_IN_PRODUCTION' })
  await t.resolves(createApp({ allowRemote: true }))
})

t.test('an invalid capacity is refused', async t => {
  for (const capacity of [0, -1, 1.5, NaN]) await t.rejects(createApp({ capacity }), { code: 'FST_CORS_INVALID_INSPECTOR_OPTIONS' })
})
