// In this file the applications exist before the plugin is imported, as where `require('fastify')()` stands in the
// first line. Each test file is a process of its own, and no module that imports the plugin may be imported above.
import Fastify, { type FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'

const page = 'https://page.example'
const stranger = 'https://stranger.example'

interface LogLine { level: number, msg: string }

function createApp (): { app: FastifyInstance, errors: () => string[] } {
  const lines: string[] = []
  const app = Fastify({ logger: { level: 'error', stream: { write: (line: string) => { lines.push(line) } } } })
  return { app, errors: () => lines.map(line => JSON.parse(line) as LogLine).filter(({ level }) => level === 50).map(({ msg }) => msg) }
}

const apps = Array.from({ length: 14 }, createApp)

function nextApp (): { app: FastifyInstance, errors: () => string[] } {
  const next = apps.pop()
  if (next === undefined) throw new Error('create more applications above')
  return next
}

function plugin () {
  const { corsPlugin } = require('../../lib/index.js') as typeof import('../../lib/index.js')
  return corsPlugin
}

function ask (app: FastifyInstance, origin: string, url: string, method = 'PUT') {
  return app.inject({ method: 'OPTIONS', url, headers: { origin, 'access-control-request-method': method } })
}

async function isGranted (t: Test, app: FastifyInstance, url: string, origin = page): Promise<void> {
  const asked = await ask(app, origin, url)
  t.equal(asked.statusCode, 204, `preflight of ${url}`)
  t.equal(asked.headers['access-control-allow-origin'], origin)
  const answered = await app.inject({ method: 'PUT', url, headers: { origin } })
  t.equal(answered.statusCode, 200, url)
  t.equal(answered.headers['access-control-allow-origin'], origin)
}

t.test('routes declared before the plugin loaded are covered, preflights included', async t => {
  const { app } = nextApp()
  app.put('/before', async () => 'before')
  app.register(plugin(), { origin: page, methods: ['PUT'] })
  app.put('/beside', async () => 'beside')
  app.put('/users/:id', async () => 'user')
  app.put('/files/*', async () => 'file')
  for (const url of ['/before', '/beside', '/beside?q=1', '/users/1', '/files/a/b']) await isGranted(t, app, url)
  t.equal((await ask(app, stranger, '/beside')).statusCode, 403)
  t.equal((await app.inject({ url: '/nope', headers: { origin: page } })).headers['access-control-allow-origin'], page)
})

t.test('a method that Fastify does not know, or another case of one, has no route there', async t => {
  const { app } = nextApp()
  app.put('/api/x', async () => 'before')
  app.register(plugin(), { origin: page, methods: ['PUT'] })
  app.register(async context => { context.register(plugin(), { origin: stranger, methods: ['PUT'] }) }, { prefix: '/api' })
  t.equal((await ask(app, stranger, '/api/x')).statusCode, 204, 'the nearest registration answers for the route')
  for (const method of ['put', 'X'.repeat(10_000), '__proto__']) {
    t.equal((await ask(app, stranger, '/api/x', method)).statusCode, 403, 'that of the 404 answers')
    t.equal((await ask(app, page, '/api/x', method)).headers['access-control-allow-methods'], 'PUT')
  }
})

t.test('routes declared after the plugin loaded are known with their overrides', async t => {
  const { app, errors } = nextApp()
  await app.register(plugin(), { origin: page, methods: ['PUT'] })
  app.put('/x', { config: { cors: { origin: stranger } } }, async () => 'x')
  app.put('/off', { config: { cors: false } }, async () => 'off')
  await isGranted(t, app, '/x', stranger)
  t.equal((await ask(app, page, '/x')).statusCode, 403)
  t.equal((await ask(app, page, '/off')).statusCode, 404)
  t.strictSame(errors(), [])
})

t.test('routes of contexts that are made later are known with their overrides', async t => {
  const { app, errors } = nextApp()
  app.register(plugin(), { origin: page, methods: ['PUT'] })
  app.register(async context => {
    context.put('/x', { config: { cors: { origin: stranger } } }, async () => 'x')
  })
  await isGranted(t, app, '/x', stranger)
  t.strictSame(errors(), [])
})

t.test('an override that could not be seen is reported once, by the first request that reveals it', async t => {
  const { app, errors } = nextApp()
  app.register(plugin(), { origin: page, methods: ['PUT'] })
  app.put('/x', { config: { cors: { origin: stranger } } }, async () => 'x')
  t.strictSame(errors(), [])
  for (let i = 0; i < 3; i++) {
    const answered = await app.inject({ method: 'PUT', url: '/x', headers: { origin: stranger } })
    t.equal(answered.headers['access-control-allow-origin'], stranger, 'the request itself is decided by it')
  }
  const logged = errors()
  t.equal(logged.length, 1)
  t.match(logged[0], /PUT \/x/)
  t.match(logged[0], /await app\.register/)
})

t.test('config.cors of true needs no report', async t => {
  const { app, errors } = nextApp()
  app.register(plugin(), { origin: page, methods: ['PUT'] })
  app.put('/x', { config: { cors: true } }, async () => 'x')
  await isGranted(t, app, '/x')
  t.strictSame(errors(), [])
})

t.test('config.cors of false is reported too', async t => {
  const { app, errors } = nextApp()
  app.register(plugin(), { origin: page, methods: ['PUT'] })
  app.put('/x', { config: { cors: false } }, async () => 'x')
  const answered = await app.inject({ method: 'PUT', url: '/x', headers: { origin: page } })
  t.equal(answered.headers['access-control-allow-origin'], undefined)
  t.match(errors(), [/PUT \/x/])
})

t.test('an invalid override that could not be seen is an error of its requests, logged with the route', async t => {
  const { app, errors } = nextApp()
  app.register(plugin(), { origin: page, methods: ['PUT'] })
  app.put('/x', { config: { cors: { origin: 'not an origin' } } }, async () => 'x')
  const answered = await app.inject({ method: 'PUT', url: '/x', headers: { origin: page } })
  t.equal(answered.statusCode, 500)
  t.equal(answered.headers['access-control-allow-origin'], undefined)
  t.match(errors()[0], /PUT \/x/)
})

t.test('routes of a prefixed context with a registration of its own are covered by it', async t => {
  const { app } = nextApp()
  const corsPlugin = plugin()
  app.register(corsPlugin, { origin: stranger, methods: ['PUT'] })
  app.register(async context => {
    context.register(corsPlugin, { origin: page, methods: ['PUT'] })
    context.put('/', async () => 'index')
    context.put('/plain', async () => 'plain')
    context.put('/users/:id', async () => 'user')
  }, { prefix: '/v1' })
  for (const url of ['/v1', '/v1/plain', '/v1/plain?q=1', '/v1/users/1']) {
    await isGranted(t, app, url)
    t.equal((await ask(app, stranger, url)).statusCode, 403, `${url} is not the outer registration's`)
  }
})

t.test('a registration in a context alone covers its routes alone', async t => {
  const { app } = nextApp()
  const corsPlugin = plugin()
  app.put('/above', async () => 'above')
  app.register(async context => {
    context.register(corsPlugin, { origin: page, methods: ['PUT'] })
    context.put('/plain', async () => 'plain')
    context.put('/users/:id', async () => 'user')
  }, { prefix: '/v1' })
  for (const url of ['/v1/plain', '/v1/users/1']) await isGranted(t, app, url)
  t.equal((await ask(app, page, '/above')).statusCode, 404)
})

t.test('a nested context that is the first to load the plugin misses no route, of its own or of those around it', async t => {
  const { app, errors } = nextApp()
  const options = { origin: page, methods: ['PUT'] }
  const override = { config: { cors: { origin: stranger } } }
  app.register(async outer => {
    await outer.register(async inner => {
      await inner.register(plugin(), options)
      inner.put('/inner', override, async () => 'inner')
      // Shares a URL with a route around it: browsers are told to remember no preflight for it (A5).
      inner.put('/both', async () => 'both')
      outer.delete('/both', async () => 'both')
    })
  })
  await isGranted(t, app, '/inner', stranger)
  t.equal((await ask(app, page, '/inner')).statusCode, 403)
  t.equal((await ask(app, page, '/both')).headers['access-control-max-age'], '0')
  t.equal((await ask(app, page, '/both', 'DELETE')).statusCode, 404, 'no registration covers it')
  t.strictSame(errors(), [])
})
