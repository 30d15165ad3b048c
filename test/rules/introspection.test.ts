import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import Fastify from 'fastify'
import t from 'tap'
import corsPlugin, { type CorsDecision } from '../../lib/index.js'
import { createApp, page, preflight, stranger } from '../helpers.js'

const described = {
  origin: page,
  methods: ['GET', 'HEAD', 'POST'],
  allowedHeaders: 'requested',
  exposedHeaders: [],
  credentials: false,
  maxAge: null,
  cacheControl: null,
  optionsSuccessStatus: 204,
  preflight: true,
  preflightContinue: false,
  privateNetwork: false,
  timingAllowOrigin: false,
  enforce: false,
  delegator: false
}

t.test('describe() is the effective policy as plain JSON, defaults included', async t => {
  const app = createApp({ origin: page })
  app.register(async context => {
    context.get('/below', async () => {})
    t.strictSame(context.cors.describe(), described, 'of the nearest registration')
  })
  app.register(async context => {
    await context.register(corsPlugin, {
      origin: [page, /^https:\/\/x\.example$/],
      methods: 'put, DELETE',
      allowedHeaders: ['X-A'],
      exposedHeaders: '*',
      maxAge: 5,
      cacheControl: 60,
      enforce: 'all',
      delegator: () => ({})
    })
    t.strictSame(context.cors.describe(), {
      ...described,
      origin: [page, '/^https:\\/\\/x\\.example$/'],
      methods: ['put', 'DELETE'],
      allowedHeaders: ['X-A'],
      exposedHeaders: '*',
      maxAge: 5,
      cacheControl: 'max-age=60',
      enforce: 'all',
      delegator: true
    })
    t.strictSame(JSON.parse(JSON.stringify(context.cors.describe())), context.cors.describe())
  })
  await app.ready()
  t.strictSame(app.cors.describe(), described)
})

t.test('describe() names what can\'t be written as text', async t => {
  for (const [options, origin] of [
    [{ origin: () => true }, 'function'], [{ origin: true }, true], [{ origin: false }, false], [{ origin: '*' }, '*'],
    [{ origin: /^https:\/\/x\.example$/i }, '/^https:\\/\\/x\\.example$/i'], [{ delegator: () => ({ origin: page }) }, false]
  ] as const) {
    const app = createApp(options)
    await app.ready()
    t.equal(app.cors.describe().origin, origin)
  }
  const app = createApp({ origin: page, cacheControl: 'no-store' })
  await app.ready()
  t.equal(app.cors.describe().cacheControl, 'no-store')
})

t.test('policyFor() says what applies to a request, or a preflight', async t => {
  const app = createApp({ origin: page, urls: /^\/(?!out)/ })
  app.get('/', async () => {})
  app.put('/users/:id', { config: { cors: { origin: stranger } } }, async () => {})
  app.put('/off', { config: { cors: false } }, async () => {})
  app.get('/out', async () => {})
  app.options('/', async () => {})
  app.get('/host', { constraints: { host: 'a.example' }, config: { cors: { maxAge: 1 } } }, async () => {})
  app.get('/host', { constraints: { host: 'b.example' }, config: { cors: { maxAge: 2 } } }, async () => {})
  await app.ready()
  const { cors } = app
  t.match(cors.policyFor({ method: 'GET', url: '/' }), described)
  t.match(cors.policyFor({ method: 'HEAD', url: '/?q=1' }), described)
  t.match(cors.policyFor({ method: 'OPTIONS', url: '/' }), described)
  t.match(cors.policyFor({ method: 'PUT', url: '/users/1' }), { origin: stranger })
  t.match(cors.policyFor({ method: 'OPTIONS', url: '/users/1', headers: { Origin: page, 'Access-Control-Request-Method': 'PUT' } }), { origin: stranger })
  t.equal(cors.policyFor({ method: 'OPTIONS', url: '/users/1' }), null)
  t.equal(cors.policyFor({ method: 'PUT', url: '/off' }), false)
  t.equal(cors.policyFor({ method: 'GET', url: '/out' }), false)
  t.equal(cors.policyFor({ method: 'GET', url: '/nope' }), null)
  t.equal(cors.policyFor({ method: 'GET', url: '/%zz' }), null)
  t.equal(cors.policyFor({ method: 'NOPE', url: '/' }), null)
  t.match(cors.policyFor({ method: 'GET', url: '/host', headers: { Host: 'b.example' } }), { maxAge: 2 })
  cors.reconfigure({ origin: '*' })
  t.match(cors.policyFor({ method: 'GET', url: '/' }), { origin: '*' })
})

t.test('policyFor() asked while routes are still being declared forgets none of them', async t => {
  const app = Fastify()
  await app.register(corsPlugin, { origin: page, methods: ['PUT'] })
  app.get('/early', async () => {})
  t.match(app.cors.policyFor({ method: 'GET', url: '/early' }), { origin: page })
  t.equal(app.cors.policyFor({ method: 'PUT', url: '/late' }), null)
  app.put('/late', { config: { cors: { origin: stranger } } }, async () => 'x')
  t.equal((await preflight(app, { origin: stranger, url: '/late' })).statusCode, 204)
  t.match(app.cors.policyFor({ method: 'PUT', url: '/late' }), { origin: stranger })
})

t.test('policyFor() is false where no registration covers the route', async t => {
  const app = Fastify()
  let controller
  app.register(async context => {
    await context.register(corsPlugin, { origin: page })
    controller = context.cors
  })
  app.get('/outside', async () => {})
  await app.ready()
  t.equal(controller!.policyFor({ method: 'GET', url: '/outside' }), false)
})

t.test('routes() lists what people wrote: every method, its source, and nothing of the plugin\'s or Fastify\'s own', async t => {
  const app = createApp({ origin: page, urls: /^\/(?!out)/ })
  const shared = async (): Promise<string> => 'x'
  app.get('/', shared)
  app.head('/only-head', shared)
  app.route({ method: ['GET', 'HEAD', 'PUT'], url: '/many', handler: shared, config: { cors: { origin: stranger } } })
  app.head('/both', shared)
  app.get('/both', shared)
  app.get('/apart', { exposeHeadRoute: false }, shared)
  app.head('/apart', shared)
  app.get('/true', { config: { cors: true } }, shared)
  app.get('/false', { config: { cors: false } }, shared)
  app.get('/out', shared)
  app.options('/', shared)
  app.register(async context => {
    context.register(corsPlugin, { origin: '*' })
    context.get('/', shared)
    context.post('/inner', shared)
  }, { prefix: '/v1' })
  await app.ready()
  t.strictSame(app.cors.routes().map(({ method, url, source, policy }) => [method, url, source, policy && policy.origin]), [
    ['GET', '/', 'context', page],
    ['HEAD', '/only-head', 'context', page],
    ['GET', '/many', 'route', stranger],
    ['HEAD', '/many', 'route', stranger],
    ['PUT', '/many', 'route', stranger],
    ['HEAD', '/both', 'context', page],
    ['GET', '/both', 'context', page],
    ['GET', '/apart', 'context', page],
    ['HEAD', '/apart', 'context', page],
    ['GET', '/true', 'context', page],
    ['GET', '/false', 'route', false],
    ['GET', '/out', 'context', false],
    ['OPTIONS', '/', 'context', page],
    ['GET', '/v1', 'context', '*'],
    ['POST', '/v1/inner', 'context', '*']
  ])
  t.strictSame(app.cors.routes()[0]?.policy, described)
})

t.test('routes() of a context are its own, and with exposeHeadRoutes off a HEAD route is somebody\'s', async t => {
  const app = Fastify({ exposeHeadRoutes: false })
  const shared = async (): Promise<string> => 'x'
  app.register(async context => {
    await context.register(corsPlugin, { origin: page })
    context.get('/in', shared)
    context.head('/in', shared)
    context.addHook('onReady', async () => {
      t.strictSame(context.cors.routes().map(({ method, url }) => `${method} ${url}`), ['GET /in', 'HEAD /in'])
    })
  })
  app.get('/out', shared)
  await app.ready()
})

t.test('request.cors says what was decided, and is undefined where nobody decides', async t => {
  const app = Fastify()
  app.get('/outside', async request => ({ cors: request.cors ?? 'undefined' }))
  app.register(async context => {
    context.register(corsPlugin, { origin: page })
    context.get('/', async request => ({ cors: request.cors }))
    context.get('/off', { config: { cors: false } }, async request => ({ cors: request.cors }))
  })
  const decision = async (url: string, headers: Record<string, string>): Promise<unknown> => (await app.inject({ url, headers })).json<{ cors: unknown }>().cors
  t.equal(await decision('/outside', { origin: page }), 'undefined')
  t.strictSame(await decision('/', {}), { kind: 'none', origin: null, allowed: false, reason: 'no-origin' })
  t.strictSame(await decision('/', { origin: page }), { kind: 'actual', origin: page, allowed: true, reason: 'origin-allowed' })
  t.strictSame(await decision('/', { origin: stranger }), { kind: 'actual', origin: stranger, allowed: false, reason: 'origin-not-allowed' })
  t.strictSame(await decision('/', { origin: 'x y' }), { kind: 'actual', origin: 'x y', allowed: false, reason: 'origin-malformed' })
  t.strictSame(await decision('/', { origin: 'http://own.example', host: 'own.example' }), { kind: 'same-origin', origin: 'http://own.example', allowed: true, reason: 'same-origin' })
  t.strictSame(await decision('/off', { origin: page }), { kind: 'actual', origin: page, allowed: false, reason: 'cors-off' })
})

t.test('the diagnostics channel has one message per decision, and is silent without a subscriber', async t => {
  const app = createApp({ origin: origin => origin === page, methods: ['PUT'], enforce: 'unsafe' })
  app.put('/', async () => 'x')
  app.put('/off', { config: { cors: false } }, async () => 'x')
  const messages: Array<[string, string, string]> = []
  const listener = (message: unknown): void => {
    const { request, decision } = message as { request: { method: string, url: string }, decision: CorsDecision }
    messages.push([`${request.method} ${request.url}`, decision.kind, decision.reason])
  }
  subscribe('fastify-cors-policy:decision', listener)
  t.teardown(() => unsubscribe('fastify-cors-policy:decision', listener))
  await app.inject({ method: 'PUT', url: '/', headers: { origin: page } })
  await app.inject({ method: 'PUT', url: '/', headers: { origin: stranger } })
  await app.inject({ method: 'PUT', url: '/off', headers: { 'sec-fetch-site': 'same-origin', origin: page } })
  await app.inject({ method: 'PUT', url: '/nope' })
  await preflight(app, { origin: page })
  await preflight(app, { origin: page, method: 'DELETE' })
  await preflight(app, { origin: page, url: '/off' })
  unsubscribe('fastify-cors-policy:decision', listener)
  await app.inject('/')
  t.strictSame(messages, [
    ['PUT /', 'actual', 'origin-allowed'],
    ['PUT /', 'actual', 'origin-not-allowed'],
    ['PUT /off', 'same-origin', 'cors-off'],
    ['PUT /nope', 'none', 'no-origin'],
    ['OPTIONS /', 'preflight', 'origin-allowed'],
    ['OPTIONS /', 'preflight', 'method-not-allowed'],
    ['OPTIONS /off', 'preflight', 'cors-off']
  ])
})

t.test('request.cors keeps the origin that was decided about, whatever becomes of the header', async t => {
  const app = createApp({ origin: page })
  app.get('/', async request => {
    request.raw.headers.origin = stranger
    return request.cors
  })
  app.get('/deleted', async request => {
    delete request.raw.headers.origin
    return request.cors
  })
  for (const url of ['/', '/deleted']) {
    t.strictSame((await app.inject({ url, headers: { origin: page } })).json(), { kind: 'actual', origin: page, allowed: true, reason: 'origin-allowed' })
  }
})

t.test('a context that decorates its requests with cors, too, is covered all the same', async t => {
  const app = createApp({ origin: page, enforce: 'unsafe' })
  app.register(async context => {
    context.decorateRequest('cors', undefined)
    context.post('/', async request => request.cors)
  })
  app.register(async context => {
    Reflect.apply(context.decorateRequest, context, ['cors', null])
    context.post('/also', async request => request.cors)
  })
  for (const url of ['/', '/also']) {
    t.equal((await app.inject({ method: 'POST', url, headers: { origin: stranger } })).statusCode, 403)
    t.match((await app.inject({ method: 'POST', url, headers: { origin: page } })).json(), { allowed: true })
  }
})

t.test('what others put into request.cors stays there', async t => {
  for (const value of [true, 'x', 5, { decide: 1 }]) {
    const app = createApp({ origin: page })
    app.addHook('preHandler', async request => { Reflect.set(request, 'cors', value) })
    app.get('/', async ({ cors }) => ({ cors }))
    t.strictSame((await app.inject({ url: '/', headers: { origin: page } })).json(), { cors: value })
  }
})

t.test('a HEAD route with constraints of its own is listed beside the one that Fastify adds', async t => {
  const app = createApp({ origin: page })
  const handler = async () => 'x'
  app.get('/x', handler)
  app.head('/x', { constraints: { host: 'b.example' }, config: { cors: { origin: stranger } } }, handler)
  await app.ready()
  t.strictSame(app.cors.routes().map(({ method, url, source }) => [method, url, source]), [['GET', '/x', 'context'], ['HEAD', '/x', 'route']])
})
