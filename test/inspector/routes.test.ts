import { gzipSync } from 'node:zlib'
import swagger from '@fastify/swagger'
import Fastify from 'fastify'
import t from 'tap'
import defaultExport, { corsInspector } from '../../lib/inspector/index.js'
import { corsPlugin, type CorsOptions } from '../../lib/index.js'

async function createApp (options: CorsOptions = { origin: 'https://page.example', methods: ['GET', 'PUT'] }) {
  const app = Fastify()
  await app.register(swagger)
  app.register(corsPlugin, options)
  app.register(corsInspector)
  app.register(async routes => {
    routes.get('/users', () => [])
    routes.delete('/users', () => [])
    routes.put('/login', { config: { cors: { credentials: true } } }, () => [])
    routes.get('/boom', () => { throw new Error('a handler ran') })
    routes.register(async admin => {
      admin.register(corsPlugin, { origin: 'https://admin.example' })
      admin.put('/', () => [])
    }, { prefix: '/admin' })
  })
  await app.ready()
  return app
}

t.test('the default export is the inspector', async t => t.equal(defaultExport, corsInspector))

t.test('the page is at its prefix, given or not, below that of its context', async t => {
  const app = Fastify()
  app.register(corsPlugin, { origin: 'https://page.example' })
  app.register(corsInspector, { prefix: '/look' })
  app.register(async v1 => { v1.register(corsInspector) }, { prefix: '/v1' })
  for (const [url, base] of [['/look', '/look'], ['/look/', '/look'], ['/v1/_cors', '/v1/_cors']] as const) {
    const { statusCode, headers, body } = await app.inject(url)
    t.equal(statusCode, 200)
    t.equal(headers['content-type'], 'text/html; charset=utf-8')
    t.match(body, `src="${base}/assets/inspector.js"`)
    t.notMatch(body, /<script>|<style|\son\w+=/, 'nothing stands in the page itself')
    for (const name of ['inspector.js', 'inspector.css', 'icon.svg']) t.equal((await app.inject(`${base}/assets/${name}`)).statusCode, 200)
    t.equal((await app.inject(`${base}/assets/..%2Fplugin.js`)).statusCode, 404)
  }
})

t.test('all that the page loads is at most 60 KB, compressed, and comes from beside it', async t => {
  const app = await createApp()
  const names = ['inspector.js', 'inspector.css', 'icon.svg']
  const files = await Promise.all(['/_cors', ...names.map(name => `/_cors/assets/${name}`)].map(async url => (await app.inject(url)).rawPayload))
  const size = files.reduce((sum, file) => sum + gzipSync(file).length, 0)
  t.ok(size <= 60 * 1024, `${size} bytes`)
  const [html] = files
  t.strictSame(Array.from(String(html).matchAll(/(?:src|href)="([^"]*)"/g), ([, url]) => url).sort(), names.map(name => `/_cors/assets/${name}`).sort())
})

t.test('the policy table has every route with its context, and the findings of all registrations', async t => {
  const app = await createApp()
  const table = (await app.inject('/_cors/routes')).json()
  t.strictSame(table.contexts.map(({ prefix, policy }: { prefix: string, policy: { origin: string } }) => [prefix, policy.origin]), [['/', 'https://page.example'], ['/admin', 'https://admin.example']])
  t.match(table.routes, [
    { method: 'GET', url: '/users', source: 'context', context: '/' },
    { method: 'DELETE', url: '/users', source: 'context', context: '/' },
    { method: 'PUT', url: '/login', source: 'route', context: '/', policy: { credentials: true } },
    { method: 'GET', url: '/boom', source: 'context', context: '/' },
    { method: 'PUT', url: '/admin', source: 'context', context: '/admin' }
  ])
  t.equal(table.routes.length, 5)
  t.match(table.findings, [{ code: 'method-not-allowed', route: 'DELETE /users' }, { code: 'method-not-allowed', route: 'PUT /admin' }])
})

t.test('without a registration there is no table, and nothing to explain', async t => {
  const app = Fastify()
  app.register(corsInspector)
  t.strictSame((await app.inject('/_cors/routes')).json(), { contexts: [], routes: [], findings: [] })
  const answer = await app.inject({ method: 'POST', url: '/_cors/explain', payload: { origin: 'https://page.example', url: '/' } })
  t.equal(answer.statusCode, 400)
  t.match(answer.json().message, /^No registration/)
})

t.test('its own routes are not listed, and not documented', async t => {
  const app = await createApp()
  t.notMatch(JSON.stringify(app.cors.routes()), '_cors')
  t.notMatch(JSON.stringify(app.swagger()), '_cors')
})

t.test('a trial gets a verdict, and no handler runs', async t => {
  const app = await createApp()
  const tried = async (payload: unknown) => await app.inject({ method: 'POST', url: '/_cors/explain', headers: { host: 'localhost:8000', 'content-type': 'application/json' }, payload: JSON.stringify(payload) })
  const answer = await tried({ origin: 'https://page.example', url: '/boom', method: 'PATCH', headers: { authorization: 'secret' }, credentials: 'include' })
  t.equal(answer.statusCode, 200)
  t.match(answer.json(), {
    allowed: false,
    reason: 'PreflightInvalidAllowCredentials',
    call: { method: 'PATCH', url: 'http://localhost:8000/boom', state: 'judged', credentials: 'include', preflight: { method: 'OPTIONS' }, actual: null, verdict: { framework: 'fastify-cors-policy' } }
  })
  const simple = await tried({ origin: 'https://page.example', url: 'http://localhost:8000/users', headers: { authorization: 'secret' } })
  t.match(simple.json(), { allowed: true, call: { method: 'GET', decider: { route: '/users' }, credentials: 'unknown', actual: { request: [['accept', '*/*'], ['authorization', '(not shown)'], ['origin', 'https://page.example']] } } })
  t.notMatch(simple.body, 'secret')
})

t.test('a trial that no page could make is refused with a reason', async t => {
  const app = await createApp()
  const payloads = [
    [{ origin: 'https://page.example/', url: '/' }, /origin/],
    [{ origin: 'https://page.example', url: 'http://' }, /Invalid URL/],
    [{ origin: 'https://page.example', url: '/', method: 'TRACE' }, /TRACE/],
    [{ origin: 'https://page.example' }, /^\/url/],
    [{ origin: 'https://page.example', url: '/', more: 1 }, /more/],
    ['text', /object/i]
  ] as const
  for (const [payload, message] of payloads) {
    const answer = await app.inject({ method: 'POST', url: '/_cors/explain', headers: { 'content-type': 'application/json' }, payload: JSON.stringify(payload) })
    t.equal(answer.statusCode, 400, JSON.stringify(payload))
    t.match(answer.json().message, message)
  }
  t.equal((await app.inject({ method: 'POST', url: '/_cors/explain', headers: { 'content-type': 'text/plain' }, payload: '{}' })).statusCode, 400)
})

t.test('a URL that no page can fetch ends before anything is sent', async t => {
  const app = await createApp()
  const answer = await app.inject({ method: 'POST', url: '/_cors/explain', payload: { origin: 'https://page.example', url: 'ftp://files.example/' } })
  t.match(answer.json(), { allowed: false, exchanges: [], call: { preflight: null, actual: null, verdict: { remedy: null, prints: null } } })
})

t.test('a delegator is named where it decides', async t => {
  const app = await createApp({ delegator: () => ({ origin: 'https://page.example' }) })
  const answer = await app.inject({ method: 'POST', url: '/_cors/explain', payload: { origin: 'https://page.example', url: '/users' } })
  t.match(answer.json(), { call: { decider: { source: 'delegator' } } })
})

t.test('validators and error handlers of the application leave it alone', async t => {
  const app = Fastify()
  app.register(corsPlugin, { origin: 'https://page.example' })
  app.setValidatorCompiler(() => () => { throw new Error('made for other schemas') })
  app.setErrorHandler((_error, _request, reply) => reply.code(418).send())
  app.register(corsInspector)
  t.equal((await app.inject({ method: 'POST', url: '/_cors/explain', payload: { origin: 'https://page.example', url: '/' } })).statusCode, 200)
  t.equal((await app.inject({ method: 'POST', url: '/_cors/explain', payload: '{', headers: { 'content-type': 'application/json' } })).statusCode, 400)
})
