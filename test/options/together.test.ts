import Fastify, { type FastifyInstance } from 'fastify'
import t from 'tap'
import corsPlugin, { CorsConfigError } from '../../lib/index.js'
import { isGettingReady } from '../../lib/scope/application.js'

/** An application with mistakes in two contexts, and in the routes of a third. */
function appWithMistakes (): FastifyInstance {
  const app = Fastify()
  app.register(corsPlugin, { origin: 'https://a.example', methods: ['DELTE'] })
  app.register(async inner => {
    inner.register(corsPlugin, { origin: 'b.example', maxAge: -1 })
    inner.put('/x', { config: { cors: { maxAge: -1 } } }, async () => 'x')
    inner.get('/y', { config: { cors: false } }, async () => 'y')
  }, { prefix: '/b' })
  app.register(async inner => {
    inner.register(corsPlugin, { origin: 'https://c.example', credentials: true })
    inner.get('/', { config: { cors: { origin: '*' } } }, async () => 'x')
  }, { prefix: '/c' })
  return app
}

const waits: Record<string, (app: FastifyInstance) => Promise<unknown>> = {
  'ready()': async app => await app.ready(),
  'inject()': async app => await app.inject('/b/y'),
  'listen()': async app => await app.listen({ port: 0 })
}

for (const [name, wait] of Object.entries(waits)) {
  t.test(`${name} reports what is wrong with all registrations, and with all routes`, async t => {
    const error = await wait(appWithMistakes()).then(() => null, (error: unknown) => error)
    if (!(error instanceof CorsConfigError)) return t.fail(String(error))
    t.strictSame(error.issues.map(({ code, path }) => [code, path]), [
      ['method-invalid', '/methods/0'],
      ['origin-invalid', '/origin'],
      ['max-age-out-of-range', '/maxAge'],
      ['max-age-out-of-range', '/maxAge'],
      ['origin-any-with-credentials', '/origin']
    ])
    t.match(error.message, /^The CORS options of 2 registrations and 2 routes have 5 problems:\n/)
    for (const place of ['in the registration, ', 'in the registration under /b, ', 'in route PUT /b/x, ', 'in route GET /c, ']) t.match(error.message, place)
  })
}

t.test('a log level that the logger does not have is reported with all else that is wrong', async t => {
  const app = Fastify({ logger: { level: 'silent' } })
  const logLevel = 'verbose' as 'info'
  app.register(corsPlugin, { origin: 'a.example', logLevel })
  app.register(async inner => { inner.register(corsPlugin, { origin: 'https://b.example', logLevel, maxAge: -1 }) }, { prefix: '/b' })
  app.get('/x', { config: { cors: { maxAge: -1 } } }, async () => 'x')
  const error = await app.ready().then(() => null, (error: unknown) => error)
  if (!(error instanceof CorsConfigError)) return t.fail(String(error))
  t.strictSame(error.issues.map(({ code, path }) => [code, path]), [
    ['origin-invalid', '/origin'],
    ['invalid-type', '/logLevel'],
    ['invalid-type', '/logLevel'],
    ['max-age-out-of-range', '/maxAge'],
    ['max-age-out-of-range', '/maxAge']
  ])
  t.match(error.message, /^The CORS options of 2 registrations and 1 route have 5 problems:\n/)
})

t.test('one wrong registration is reported as itself', async t => {
  const app = Fastify()
  app.register(async inner => { inner.register(corsPlugin, { origin: 'b.example' }) }, { prefix: '/b' })
  await t.rejects(async () => await app.ready(), { code: 'FST_CORS_INVALID_OPTIONS', message: /^The CORS options under \/b have a problem:\n/ })
})

t.test('one wrong registration and one wrong route are counted as such', async t => {
  const app = Fastify()
  app.register(corsPlugin, { origin: 'a.example' })
  app.get('/x', { config: { cors: { maxAge: -1 } } }, async () => 'x')
  await t.rejects(async () => await app.ready(), { message: /^The CORS options of 1 registration and 1 route have 2 problems:\n/ })
})

t.test('the issues of one wrong route name it, as those of several do', async t => {
  for (const urls of [['/x'], ['/x', '/y']]) {
    const app = Fastify()
    app.register(corsPlugin, { origin: 'https://a.example' })
    for (const url of urls) app.get(url, { config: { cors: { origin: 'https://b.example/', maxAge: -1 } } }, async () => 'x')
    const error = await app.ready().then(() => null, (error: unknown) => error)
    if (!(error instanceof CorsConfigError)) return t.fail(String(error))
    t.strictSame(error.issues.map(({ message }) => message.replace(/,.*/, '')), urls.flatMap(url => [`in route GET ${url}`, `in route GET ${url}`]))
  }
})

t.test('a wrong registration hides no route whose options are none', async t => {
  for (const cors of ['off', 'https://a.test', 1, null]) {
    const app = Fastify()
    app.register(corsPlugin, { origin: 'a.example' })
    const config: object = { cors }
    app.get('/x', { config }, async () => 'x')
    await t.rejects(async () => await app.ready(), { message: /2 problems:\n.*'a\.example' has no scheme.*\n.*in route GET \/x, the options must be an object.*, or false to switch CORS off, not/ }, String(cors))
  }
})

t.test('a registration that is awaited is refused at once', async t => {
  const app = Fastify()
  await t.rejects(async () => await app.register(corsPlugin, { origin: 'a.example' }), { code: 'FST_CORS_INVALID_OPTIONS' })
})

t.test('what uses a refused registration meanwhile gets its error', async t => {
  const app = Fastify()
  app.register(corsPlugin, { origin: 'a.example' })
  app.register(async inner => { inner.cors.describe() })
  await t.rejects(async () => await app.ready(), { code: 'FST_CORS_INVALID_OPTIONS', message: /\/origin: 'a\.example' has no scheme/ })
})

t.test('a second registration in one context is refused, also after one that is wrong', async t => {
  const app = Fastify()
  app.register(corsPlugin, { origin: 'a.example' })
  app.register(corsPlugin, { origin: 'https://a.example' })
  await t.rejects(async () => await app.ready(), { code: 'FST_CORS_ALREADY_REGISTERED' })
})

t.test('where Fastify keeps its state elsewhere, each registration is reported by itself', async t => {
  t.equal(isGettingReady(Object.create(null)), false)
})
