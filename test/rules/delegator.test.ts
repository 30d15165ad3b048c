import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import t from 'tap'
import corsPlugin, { type CorsOptions, type RouteCorsOptions } from '../../lib/index.js'
import { corsHeaders, createApp, page, preflight, stranger } from '../helpers.js'

const tenants: Record<string, RouteCorsOptions> = {
  a: { origin: 'https://a.example', credentials: true },
  b: { origin: 'https://b.example', methods: ['PUT', 'DELETE'] },
  none: { origin: false }
}
const byTenant = (request: FastifyRequest): RouteCorsOptions => tenants[String(request.headers['x-tenant'])] ?? {}

for (const [name, delegator] of [['at once', byTenant], ['by a promise', async (request: FastifyRequest) => byTenant(request)]] as const) {
  t.test(`options chosen ${name} decide requests and preflights`, async t => {
    const app = createApp({ origin: page, methods: ['PUT'], delegator })
    app.put('/', async () => 'x')
    const put = (tenant: string, origin: string) => app.inject({ method: 'PUT', url: '/', headers: { origin, 'x-tenant': tenant } })
    t.strictSame(corsHeaders(await put('a', 'https://a.example')), {
      vary: 'Origin', 'access-control-allow-origin': 'https://a.example', 'access-control-allow-credentials': 'true'
    })
    t.strictSame(corsHeaders(await put('a', page)), { vary: 'Origin' })
    t.strictSame(corsHeaders(await put('', page)), { vary: 'Origin', 'access-control-allow-origin': page }, 'an empty result leaves the registration')
    t.strictSame(corsHeaders(await put('none', page)), { vary: 'Origin' }, 'off, but only for this request')
    const asked = await preflight(app, { origin: 'https://b.example', more: { 'x-tenant': 'b' } })
    t.equal(asked.headers['access-control-allow-methods'], 'PUT, DELETE')
    t.equal((await preflight(app, { origin: page, more: { 'x-tenant': 'b' } })).statusCode, 403)
    const off = await preflight(app, { origin: page, more: { 'x-tenant': 'none' } })
    t.equal(off.statusCode, 404, 'as if there were no plugin')
    t.strictSame(corsHeaders(off), { vary: 'Origin' })
  })
}

t.test('a route\'s own keys are over both', async t => {
  const app = createApp({ origin: page, exposedHeaders: 'x-registration', delegator: () => ({ exposedHeaders: 'x-delegator', credentials: true }) })
  app.get('/', async () => 'x')
  app.get('/own', { config: { cors: { exposedHeaders: 'x-route', origin: stranger } } }, async () => 'x')
  app.get('/off', { config: { cors: false } }, async () => 'x')
  t.match((await app.inject({ url: '/', headers: { origin: page } })).headers, { 'access-control-expose-headers': 'x-delegator' })
  t.match((await app.inject({ url: '/own', headers: { origin: stranger } })).headers, {
    'access-control-allow-origin': stranger, 'access-control-expose-headers': 'x-route', 'access-control-allow-credentials': 'true'
  })
  t.strictSame(corsHeaders(await app.inject({ url: '/off', headers: { origin: page } })), {})
})

t.test('the registration need not have an origin of its own, and this is the instance', async t => {
  const app = Fastify()
  let self: unknown
  app.register(corsPlugin, { delegator: function (this: FastifyInstance) { self = this; return { origin: page } } })
  app.get('/', async () => 'x')
  t.equal((await app.inject({ url: '/', headers: { origin: page } })).headers['access-control-allow-origin'], page)
  t.equal(self, app)
})

t.test('the error says which request it was, also for one without a route', async t => {
  const app = createApp({ origin: page, delegator: () => ({ origin: 'nope' }) })
  app.put('/x', async () => 'x')
  t.match((await app.inject({ method: 'PUT', url: '/x', headers: { origin: page } })).body, /delegator chose for PUT \/x have a problem/)
  t.match((await app.inject({ url: '/y', headers: { origin: page } })).body, /delegator chose for a URL without a route have a problem/)
})

t.test('Vary always contains Origin, since the next request may get other options', async t => {
  const app = createApp({ origin: '*', delegator: () => ({}) })
  app.get('/', async () => 'x')
  t.strictSame(corsHeaders(await app.inject('/')), { vary: 'Origin', 'access-control-allow-origin': '*' })
  t.match((await preflight(app, { origin: page })).headers.vary, /\bOrigin\b/)
})

for (const [name, delegator, expected] of [
  ['throws', () => { throw new Error('no tenant') }, { message: 'no tenant' }],
  ['rejects', async () => await Promise.reject(new Error('no tenant')), { message: 'no tenant' }],
  ['returns what can\'t work', () => ({ origin: 'https://x.example/' }), { code: 'FST_CORS_INVALID_OPTIONS', message: /delegator chose for/ }],
  ['returns what is not safe', async () => ({ origin: true, credentials: true }), { code: 'FST_CORS_INVALID_OPTIONS' }],
  ['returns nothing', () => undefined, { code: 'FST_CORS_INVALID_OPTIONS' }],
  ['returns what only a registration can have', () => ({ urls: /^x$/ }), { code: 'FST_CORS_INVALID_OPTIONS' }]
] as Array<[string, () => RouteCorsOptions, object]>) {
  t.test(`a delegator that ${name} allows nobody, keeps Vary, and the error handler is told`, async t => {
    const app = createApp({ origin: page, delegator })
    app.get('/', async () => 'never')
    for (const answered of [await app.inject({ url: '/', headers: { origin: page } }), await preflight(app, { origin: page, method: 'GET' })]) {
      t.equal(answered.statusCode, 500)
      t.match(answered.json(), expected)
      t.strictSame(corsHeaders(answered), { vary: 'Origin' })
    }
  })
}

t.test('what failed is told of requests with an origin, and of those without', async t => {
  for (const delegator of [() => { throw new Error('no tenant') }, async () => await Promise.reject(new Error('no tenant'))]) {
    const decisions: unknown[] = []
    const app = createApp({ origin: page, delegator })
    app.addHook('onResponse', async ({ cors }) => { decisions.push(cors) })
    app.get('/', async () => 'never')
    for (const headers of [{ origin: page }, {}]) await app.inject({ url: '/', headers })
    t.strictSame(decisions, [
      { kind: 'actual', origin: page, allowed: false, reason: 'function-failed' },
      { kind: 'none', origin: null, allowed: false, reason: 'function-failed' }
    ])
  }
})

t.test('it is asked once for each request, whatever the hook, with enforce too', async t => {
  for (const hook of ['onRequest', 'preHandler', 'onSend'] as const) {
    let asked = 0
    const app = createApp({ origin: page, methods: ['PUT'], enforce: 'unsafe', hook, delegator: async () => { asked++; return {} } })
    app.put('/', async () => 'x')
    for (const origin of [page, stranger]) await app.inject({ method: 'PUT', url: '/', headers: { origin } })
    t.equal(asked, 2, hook)
    await preflight(app, { origin: page })
    t.equal(asked, 3, hook)
  }
})

t.test('it is not asked where CORS is off for the route', async t => {
  const app = createApp({ origin: page, urls: /^\/(?!out)/, delegator: async () => { throw new Error('asked') } })
  app.put('/off', { config: { cors: false } }, async () => 'x')
  app.put('/out', async () => 'x')
  for (const url of ['/off', '/out']) {
    const answered = await app.inject({ method: 'PUT', url, headers: { origin: page } })
    t.equal(answered.body, 'x')
    t.strictSame(corsHeaders(answered), {})
  }
  t.equal((await preflight(app, { origin: page, url: '/off' })).statusCode, 404)
})

t.test('it decides what enforce refuses', async t => {
  for (const hook of ['onRequest', 'preHandler'] as const) {
    const app = createApp({ origin: page, hook, delegator: request => request.headers['x-strict'] === undefined ? {} : { enforce: 'unsafe' } })
    app.post('/', async () => 'x')
    t.equal((await app.inject({ method: 'POST', url: '/', headers: { origin: stranger } })).statusCode, 200, hook)
    t.equal((await app.inject({ method: 'POST', url: '/', headers: { origin: stranger, 'x-strict': '1' } })).statusCode, 403, hook)
  }
})

t.test('a result that keeps coming back is not validated again, and one that has gone is let go', async t => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  let reads = 0
  const lasting: RouteCorsOptions = { get origin () { reads++; return [/^https:\/\/page\.example$/] } }
  const gone: Array<WeakRef<object>> = []
  const app = createApp({
    origin: page,
    delegator: request => {
      if (request.url === '/lasting') return lasting
      const options = { origin: page, maxAge: Number(request.query instanceof Object && 'age' in request.query ? request.query.age : 0) }
      gone.push(new WeakRef(options))
      return options
    }
  })
  app.get('/lasting', async () => 'x')
  app.get('/', async () => 'x')
  await app.ready()
  await app.inject({ url: '/lasting', headers: { origin: page } })
  const first = reads
  for (let i = 0; i < 5; i++) t.equal((await app.inject({ url: '/lasting', headers: { origin: page } })).headers['access-control-allow-origin'], page)
  t.equal(reads, first)
  for (let i = 0; i < 1500; i++) await app.inject({ url: `/?age=${i}`, headers: { origin: page } })
  await new Promise(resolve => { setImmediate(resolve) })
  collect()
  t.ok(gone.filter(reference => reference.deref() !== undefined).length < 100)
})

t.test('what is changed in a result that keeps coming back holds from then on', async t => {
  const origin = [page]
  const result: RouteCorsOptions = { origin }
  const app = createApp({ delegator: () => result })
  app.get('/', async () => 'x')
  const allowed = async (from: string): Promise<boolean> => {
    const { headers } = await app.inject({ url: '/', headers: { origin: from } })
    return headers['access-control-allow-origin'] === from
  }
  t.strictSame([await allowed(page), await allowed(stranger)], [true, false])
  origin.push(stranger)
  t.strictSame([await allowed(page), await allowed(stranger)], [true, true])
  origin.shift()
  t.strictSame([await allowed(page), await allowed(stranger)], [false, true])
  origin[0] = page
  t.strictSame([await allowed(page), await allowed(stranger)], [true, false])
  result.origin = stranger
  t.strictSame([await allowed(page), await allowed(stranger)], [false, true])
  result.credentials = true
  t.equal((await app.inject({ url: '/', headers: { origin: stranger } })).headers['access-control-allow-credentials'], 'true')
  delete result.credentials
  t.equal((await app.inject({ url: '/', headers: { origin: stranger } })).headers['access-control-allow-credentials'], undefined)
})

t.test('browsers may remember a preflight where its URL has routes by one method, for which alone options are chosen', async t => {
  const app = createApp({ origin: page, maxAge: 600, delegator: () => ({}) })
  app.put('/', async () => 'x')
  app.get('/one', async () => 'with the HEAD route that Fastify adds')
  app.get('/two', async () => 'x')
  app.put('/two', async () => 'x')
  for (const [method, url, maxAge] of [['PUT', '/', '600'], ['GET', '/one', '600'], ['PUT', '/two', '0'], ['GET', '/two', '0']] as const) {
    t.equal((await preflight(app, { origin: page, method, url })).headers['access-control-max-age'], maxAge, `${method} ${url}`)
  }
})

t.test('of several delegators that a preflight has to ask, all may fail, at once or later', async t => {
  const rejects = async (): Promise<never> => { throw new Error('no database') }
  const throws = (): never => { throw new Error('no tenant') }
  for (const [first, second, message] of [[rejects, throws, 'no tenant'], [throws, rejects, 'no tenant'], [rejects, rejects, 'no database'], [() => ({}), throws, 'no tenant']] as const) {
    const app = Fastify()
    const context = (delegator: () => RouteCorsOptions | Promise<RouteCorsOptions>, constraints: Record<string, string>): void => {
      app.register(async instance => {
        instance.register(corsPlugin, { origin: page, audit: false, delegator })
        instance.route({ method: 'PUT', url: '/x', constraints, handler: async () => 'x' })
      })
    }
    context(first, { version: '1.0.0' })
    context(second, { version: '2.0.0' })
    const asked = await preflight(app, { origin: page, url: '/x' })
    t.match(asked, { statusCode: 500 })
    t.equal(asked.json().message, message)
    // A rejection that nobody listens to would end the process, and fail this test.
    await new Promise(resolve => { setImmediate(resolve) })
  }
})

t.test('a delegator that reflects is told so for a request without Origin, and what to write', async t => {
  for (const delegator of [({ headers: { origin } }: FastifyRequest) => ({ origin }), async ({ headers: { origin } }: FastifyRequest) => ({ origin, credentials: true }), () => ({})]) {
    const app = createApp({ delegator })
    app.get('/', async () => 'x')
    const { statusCode, body } = await app.inject('/')
    t.equal(statusCode, 500)
    t.match(body, /undefined for a request without Origin; .* write origin: allowed \? request\.headers\.origin : false/)
    t.notMatch(body, /environment/)
  }
})

t.test('a delegator that checks and answers true is told what to write, with enforce too', async t => {
  for (const [registered, chosen] of [[{}, { enforce: 'all' }], [{ enforce: 'unsafe' }, {}], [{}, { credentials: true }]] as const) {
    const app = createApp({ ...registered, delegator: ({ headers: { origin } }) => ({ origin: origin === page, ...chosen }) })
    app.post('/', async () => 'x')
    const { statusCode, body } = await app.inject({ method: 'POST', url: '/', headers: { origin: page } })
    t.equal(statusCode, 500)
    t.match(body, /write origin: allowed \? request\.headers\.origin : false/)
  }
})

t.test('options may be given as a function of the instance', async t => {
  const app = Fastify()
  app.decorate('pages', [page])
  let given: unknown
  app.register(corsPlugin, (instance): CorsOptions => {
    given = instance
    return { origin: (instance as FastifyInstance & { pages: string[] }).pages }
  })
  app.get('/', async () => 'x')
  t.equal((await app.inject({ url: '/', headers: { origin: page } })).headers['access-control-allow-origin'], page)
  t.ok(given !== undefined)
  const invalid = Fastify()
  invalid.register(corsPlugin, () => ({ origin: 'nowhere' }))
  await t.rejects(async () => await invalid.ready(), { code: 'FST_CORS_INVALID_OPTIONS' })
})
