import Fastify from 'fastify'
import t from 'tap'
import corsPlugin, { type CorsOptions } from '../../lib/index.js'
import { corsHeaders, createApp, page, preflight, stranger } from '../helpers.js'

t.test('methods: GET, HEAD, POST by default', async t => {
  const methods = async (value: CorsOptions['methods']) => (await preflight(createApp({ origin: page, methods: value }), { origin: page })).headers['access-control-allow-methods']
  t.equal(await methods(undefined), 'GET, HEAD, POST')
  t.equal(await methods(['PUT', 'DELETE']), 'PUT, DELETE')
  t.equal(await methods('PUT,DELETE'), 'PUT, DELETE')
  t.equal(await methods(' PUT ,\tDELETE '), 'PUT, DELETE')
  t.equal(await methods('*'), '*')
})

t.test('allowedHeaders', async t => {
  const headers = async (value: CorsOptions['allowedHeaders']) =>
    (await preflight(createApp({ origin: page, allowedHeaders: value }), { origin: page, headers: 'x-asked' })).headers['access-control-allow-headers']
  t.equal(await headers(undefined), 'x-asked')
  t.equal(await headers(['X-A', 'x-b']), 'X-A, x-b')
  t.equal(await headers('X-A,x-b'), 'X-A, x-b')
  t.equal(await headers('*'), '*')
  t.equal(await headers([]), undefined, 'an empty list allows none')
})

t.test('exposedHeaders', async t => {
  const exposed = async (value: CorsOptions['exposedHeaders']) => {
    const app = createApp({ origin: page, exposedHeaders: value })
    app.get('/', async () => 'x')
    return (await app.inject({ url: '/', headers: { origin: page } })).headers['access-control-expose-headers']
  }
  t.equal(await exposed(undefined), undefined)
  t.equal(await exposed([]), undefined)
  t.equal(await exposed(['X-A', 'x-b']), 'X-A, x-b')
  t.equal(await exposed('X-A,x-b'), 'X-A, x-b')
  t.equal(await exposed('*'), '*')
})

t.test('an empty text sends no empty header', async t => {
  for (const options of [{ methods: '' }, { allowedHeaders: '' }, { exposedHeaders: '' }, { methods: [] }] as const) {
    const app = createApp({ origin: page, ...options })
    app.get('/', async () => 'x')
    const booted = await app.ready().then(() => true, () => false)
    if (!booted) {
      t.pass('or does not boot')
      continue
    }
    for (const response of [await app.inject({ url: '/', headers: { origin: page } }), await preflight(app, { origin: page, headers: 'x-a' })]) {
      t.notOk(Object.values(corsHeaders(response)).includes(''), JSON.stringify(options))
    }
  }
})

t.test('cacheControl', async t => {
  const sent = async (cacheControl: CorsOptions['cacheControl']) => {
    const app = createApp({ origin: page, cacheControl })
    app.get('/', async () => 'x')
    t.notOk('cache-control' in (await app.inject({ url: '/', headers: { origin: page } })).headers, 'of preflights only')
    return (await preflight(app, { origin: page })).headers['cache-control']
  }
  t.equal(await sent(undefined), undefined)
  t.equal(await sent(60), 'max-age=60')
  t.equal(await sent(0), 'max-age=0')
  t.equal(await sent('public, max-age=5'), 'public, max-age=5')
})

t.test('timingAllowOrigin', async t => {
  const sent = async (options: CorsOptions, headers: Record<string, string>) => {
    const app = createApp(options)
    app.get('/', async () => 'x')
    return (await app.inject({ url: '/', headers })).headers['timing-allow-origin']
  }
  t.equal(await sent({ origin: page, timingAllowOrigin: true }, { origin: page }), page)
  t.equal(await sent({ origin: page, timingAllowOrigin: true }, { origin: stranger }), undefined)
  t.equal(await sent({ origin: page, timingAllowOrigin: true }, {}), undefined)
  t.equal(await sent({ origin: page }, { origin: page }), undefined)
  t.equal(await sent({ origin: '*', timingAllowOrigin: true }, {}), '*')
})

t.test('preflight: false leaves preflights to the application, and decides the rest', async t => {
  const app = createApp({ origin: page, preflight: false })
  app.get('/', async () => 'x')
  const missing = await preflight(app, { origin: page })
  t.equal(missing.statusCode, 404)
  t.strictSame(corsHeaders(missing), {})
  app.inject('/').then(() => {}, () => {})
  t.strictSame(corsHeaders(await app.inject({ url: '/', headers: { origin: page } })), { vary: 'Origin', 'access-control-allow-origin': page })
})

t.test('preflight: false on one route', async t => {
  const app = createApp({ origin: page, methods: ['PUT'] })
  app.put('/own', { config: { cors: { preflight: false } } }, async () => 'x')
  app.options('/own', async () => 'own')
  app.put('/other', async () => 'x')
  t.equal((await preflight(app, { origin: page, url: '/own' })).body, 'own')
  t.equal((await preflight(app, { origin: page, url: '/other' })).statusCode, 204)
})

for (const hook of ['onRequest', 'preParsing', 'preValidation', 'preHandler', 'preSerialization', 'onSend'] as const) {
  t.test(`preflightContinue under hook: ${hook}`, async t => {
    const app = createApp({ origin: page, methods: ['PUT'], maxAge: 5, preflightContinue: true, hook })
    app.put('/', async () => 'x')
    app.options('/', async (_request, reply) => reply.code(202).send('own'))
    const asked = await preflight(app, { origin: page })
    t.equal(asked.statusCode, 202)
    t.equal(asked.body, 'own')
    t.strictSame(corsHeaders(asked), {
      vary: 'Origin, Access-Control-Request-Headers',
      'access-control-allow-origin': page,
      'access-control-allow-methods': 'PUT',
      'access-control-max-age': '5'
    })
    t.notOk('access-control-allow-origin' in (await preflight(app, { origin: stranger })).headers)
    t.equal((await preflight(app, { origin: page, url: '/nope' })).statusCode, 404, 'without a route of the application\'s')
  })

  t.test(`hook: ${hook} decides actual requests there, and preflights before any handler`, async t => {
    const order = ['onRequest', 'preParsing', 'preValidation', 'preHandler', 'handler', 'preSerialization', 'onSend']
    const decidedAt: Array<[string, boolean]> = []
    const app = createApp({ origin: page, methods: ['PUT'], hook })
    await app.after()
    app.addHook('onRequest', async request => { decidedAt.push(['onRequest', request.cors !== undefined]) })
    app.addHook('preParsing', async request => { decidedAt.push(['preParsing', request.cors !== undefined]) })
    app.addHook('preValidation', async request => { decidedAt.push(['preValidation', request.cors !== undefined]) })
    app.addHook('preHandler', async request => { decidedAt.push(['preHandler', request.cors !== undefined]) })
    app.addHook('preSerialization', async (request, _reply, payload) => { decidedAt.push(['preSerialization', request.cors !== undefined]); return payload })
    app.addHook('onSend', async request => { decidedAt.push(['onSend', request.cors !== undefined]) })
    app.get('/', async request => { decidedAt.push(['handler', request.cors !== undefined]); return {} })
    app.all('/any', async () => { throw new Error('not to be reached') })
    const response = await app.inject({ url: '/', headers: { origin: page } })
    t.strictSame(corsHeaders(response), { vary: 'Origin', 'access-control-allow-origin': page })
    t.strictSame(decidedAt, order.map((step, i) => [step, i >= order.indexOf(hook)]))
    t.equal((await preflight(app, { origin: page, url: '/any' })).statusCode, 204)
    t.equal((await preflight(app, { origin: stranger, url: '/any' })).statusCode, 403)
  })

  t.test(`strictPreflight under hook: ${hook}`, async t => {
    let handled = 0
    const app = createApp({ origin: page, methods: ['PUT'], strictPreflight: true, hook })
    app.options('/', async () => { handled++; return {} })
    for (const headers of [{}, { origin: page }, { 'access-control-request-method': 'PUT' }]) {
      const response = await app.inject({ method: 'OPTIONS', url: '/', headers })
      t.equal(response.statusCode, 400, JSON.stringify(headers))
    }
    t.equal(handled, 0, 'before any handler')
    t.equal((await preflight(app, { origin: page })).statusCode, 204)
    t.equal((await app.inject({ method: 'OPTIONS', url: '/nope' })).statusCode, 400)
  })
}

t.test('urls: only paths that match get CORS, whatever the query says', async t => {
  const app = createApp({ origin: page, methods: ['PUT'], urls: /^\/api\/[a-z]+$/ })
  app.put('/api/x', async () => 'x')
  app.put('/x', async () => 'x')
  for (const [url, covered] of [['/api/x', true], ['/api/x?/y', true], ['/x?/api/x', false], ['/x', false]] as const) {
    const expected = covered ? { vary: 'Origin', 'access-control-allow-origin': page } : {}
    t.strictSame(corsHeaders(await app.inject({ method: 'PUT', url, headers: { origin: page } })), expected, url)
    t.equal((await preflight(app, { origin: page, url })).statusCode, covered ? 204 : 404, url)
  }
})

t.test('logLevel is that of the plugin\'s OPTIONS routes', async t => {
  for (const [logLevel, expected] of [[undefined, 2], ['silent', 0]] as const) {
    const lines: string[] = []
    const app = Fastify({ logger: { level: 'info', stream: { write: (line: string) => { lines.push(line) } } } })
    app.register(corsPlugin, { origin: page, audit: false, ...logLevel === undefined ? {} : { logLevel } })
    app.get('/', async () => 'x')
    await preflight(app, { origin: page, method: 'GET' })
    t.equal(lines.filter(line => line.includes('"req"') || line.includes('request completed')).length, expected)
    await app.inject('/')
    t.ok(lines.length >= 2, 'the application\'s own routes are logged as ever')
  }
})

t.test('options may be given as a function of the instance', async t => {
  const app = Fastify()
  app.decorate('allowedPage', page)
  app.register(corsPlugin, instance => ({ origin: String(Reflect.get(instance, 'allowedPage')) }))
  app.get('/', async () => 'x')
  t.equal((await app.inject({ url: '/', headers: { origin: page } })).headers['access-control-allow-origin'], page)
})

t.test('options that are changed after they were given change nothing', async t => {
  const origins = [page]
  const app = createApp({ origin: origins })
  app.get('/', async () => 'x')
  await app.ready()
  origins.push(stranger)
  t.notOk('access-control-allow-origin' in (await app.inject({ url: '/', headers: { origin: stranger } })).headers)
})

t.test('dangerouslyAllow holds for routes too', async t => {
  const app = createApp({ origin: page, credentials: true, dangerouslyAllow: ['insecure-origins'] })
  app.get('/', { config: { cors: { origin: 'http://old.example' } } }, async () => 'x')
  t.equal((await app.inject({ url: '/', headers: { origin: 'http://old.example' } })).headers['access-control-allow-credentials'], 'true')
})

t.test('a log level is one that the application\'s logger has, be it a level of its own', async t => {
  const boot = async (logLevel: string, { customLevels, ...more }: { customLevels?: Record<string, number>, prefix?: string } = {}): Promise<unknown> => {
    const app = Fastify({ logger: { level: 'silent', ...customLevels === undefined ? {} : { customLevels } } })
    app.register(async context => { context.register(corsPlugin, { origin: page, logLevel: logLevel as 'info' }) }, more)
    return await app.ready().then(() => null, (error: unknown) => error)
  }
  for (const logLevel of ['warn', 'silent']) t.equal(await boot(logLevel), null, logLevel)
  t.equal(await boot('verbose', { customLevels: { verbose: 25 } }), null)
  t.match(await boot('verbose', { prefix: '/api' }), { code: 'FST_CORS_INVALID_OPTIONS', message: /under \/api.*\n.*logLevel must be a level of the application's logger, .*'info', .*not 'verbose'/, issues: [{ path: '/logLevel', fix: null }] })
  t.match(await boot('INFO'), { issues: [{ fix: '\'info\'' }] })
  t.match(await boot('warm'), { issues: [{ fix: '\'warn\'' }] })
  const without = Fastify()
  without.register(corsPlugin, { origin: page, logLevel: 'verbose' as 'info' })
  await t.resolves(async () => await without.ready(), 'without a logger, nobody knows its levels')
})
