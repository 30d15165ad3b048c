import { setImmediate as turn } from 'node:timers/promises'
import Fastify from 'fastify'
import t from 'tap'
import corsPlugin, { applyCors, CorsConfigError, type CorsOptions } from '../../lib/index.js'
import { corsHeaders, createApp, page, preflight, stranger } from '../helpers.js'
import { loggedApp } from '../logged.js'

t.test('new options decide from the next request on, preflights and routes with overrides too', async t => {
  const app = createApp({ origin: page, methods: ['PUT'] })
  app.put('/', async () => 'x')
  app.put('/own', { config: { cors: { maxAge: 5 } } }, async () => 'x')
  await app.ready()
  app.cors.reconfigure({ origin: stranger, methods: ['PUT', 'DELETE'], credentials: true })
  for (const url of ['/', '/own']) {
    const asked = await preflight(app, { origin: stranger, url })
    t.match(asked.headers, { 'access-control-allow-methods': 'PUT, DELETE', 'access-control-allow-credentials': 'true' }, url)
    t.equal(asked.headers['access-control-max-age'], url === '/own' ? '5' : undefined)
    t.equal((await preflight(app, { origin: page, url })).statusCode, 403)
    t.strictSame(corsHeaders(await app.inject({ method: 'PUT', url, headers: { origin: page } })), { vary: 'Origin' })
  }
  t.match(app.cors.describe(), { origin: stranger, credentials: true })
})

t.test('options that can\'t work leave the old ones in force, with every problem told', async t => {
  const app = createApp({ origin: page, logLevel: 'warn' })
  app.get('/', async () => 'x')
  app.get('/any', { config: { cors: { origin: '*' } } }, async () => 'x')
  app.get('/every', { config: { cors: { origin: true } } }, async () => 'x')
  await app.ready()
  const before = app.cors.describe()
  for (const [options, codes] of [
    [{ origin: 'nowhere', maxAge: -1 }, ['origin-invalid', 'max-age-out-of-range']],
    [{ origin: page, credentials: true }, ['origin-any-with-credentials', 'origin-any-with-credentials']],
    [{ origin: page, hook: 'onSend', logLevel: 'info', hideOptionsRoute: false, audit: false }, ['fixed-at-boot', 'fixed-at-boot', 'fixed-at-boot', 'fixed-at-boot']],
    [undefined, ['origin-missing']]
  ] as Array<[CorsOptions, string[]]>) {
    t.throws(() => { app.cors.reconfigure(options) }, CorsConfigError)
    try {
      app.cors.reconfigure(options)
    } catch (error) {
      t.strictSame(error instanceof CorsConfigError && error.issues.map(({ code }) => code), codes)
      if (codes[0] === 'origin-any-with-credentials') t.match(error, { message: /GET \/any/ })
    }
    t.strictSame(app.cors.describe(), before)
  }
  t.equal((await app.inject({ url: '/', headers: { origin: page } })).headers['access-control-allow-origin'], page)
})

t.test('what is fixed at boot may be repeated', async t => {
  const app = createApp({ origin: page, audit: false })
  await app.ready()
  app.cors.reconfigure({ origin: stranger, hook: 'onRequest', hideOptionsRoute: true, audit: false })
  t.equal(app.cors.describe().origin, stranger)
})

t.test('before the server is ready it counts too', async t => {
  const app = Fastify()
  await app.register(corsPlugin, { origin: page })
  app.cors.reconfigure({ origin: stranger })
  app.get('/', { config: { cors: { maxAge: 5 } } }, async () => 'x')
  t.equal((await app.inject({ url: '/', headers: { origin: stranger } })).headers['access-control-allow-origin'], stranger)
})

t.test('only its own context is changed', async t => {
  const app = createApp({ origin: page })
  app.register(async context => {
    context.register(corsPlugin, { origin: stranger })
    context.get('/inner', async () => 'x')
  })
  app.get('/outer', async () => 'x')
  await app.ready()
  app.cors.reconfigure({ origin: '*' })
  t.equal((await app.inject({ url: '/inner', headers: { origin: stranger } })).headers['access-control-allow-origin'], stranger)
  t.equal((await app.inject({ url: '/outer', headers: { origin: stranger } })).headers['access-control-allow-origin'], '*')
})

t.test('a request whose function is being asked keeps the options that it began with', async t => {
  let settle: (allowed: boolean) => void = () => {}
  const app = createApp({ origin: () => new Promise<boolean>(resolve => { settle = resolve }), exposedHeaders: 'x-old', methods: ['PUT'] })
  app.get('/', async () => 'x')
  app.options('/', async () => 'own')
  await app.ready()
  for (const [method, expected] of [['GET', { 'access-control-allow-origin': page, 'access-control-expose-headers': 'x-old' }], ['OPTIONS', { 'access-control-allow-origin': page }]] as const) {
    const options = app.cors.describe()
    const answered = app.inject({ method, url: '/', headers: { origin: page } })
    await turn()
    app.cors.reconfigure({ origin: '*', exposedHeaders: 'x-new', strictPreflight: true })
    settle(true)
    t.match((await answered).headers, expected, method)
    t.equal((await answered).statusCode, 200, 'strictPreflight came later')
    app.cors.reconfigure({ origin: () => new Promise<boolean>(resolve => { settle = resolve }), exposedHeaders: options.exposedHeaders, methods: ['PUT'] })
  }
})

t.test('a foreign request is decided by the options that it was enforced by, in whatever hook', async t => {
  for (const hook of ['preParsing', 'preValidation', 'preHandler', 'preSerialization', 'onSend'] as const) {
    const app = createApp({ origin: page, enforce: 'unsafe', hook })
    app.addHook('onRequest', async () => { app.cors.reconfigure({ origin: stranger, enforce: 'unsafe' }) })
    app.post('/', async () => 'x')
    await app.ready()
    const answered = await app.inject({ method: 'POST', url: '/', headers: { origin: page } })
    t.equal(answered.statusCode, 200, hook)
    t.equal(answered.headers['access-control-allow-origin'], page, hook)
    t.equal((await app.inject({ method: 'POST', url: '/', headers: { origin: page } })).statusCode, 403, hook)
  }
})

t.test('a request that applyCors() has decided early keeps those options, whatever hook decides', async t => {
  const before: CorsOptions = { origin: page, credentials: true, exposedHeaders: 'x-old', timingAllowOrigin: true }
  for (const next of [{ origin: page }, { origin: stranger }, { origin: false }, { origin: async () => true }, { delegator: () => ({ origin: '*' }) }]) {
    for (const hook of ['onRequest', 'preHandler', 'onSend'] as const) {
      const { app, lines } = loggedApp()
      app.addHook('onRequest', async (_request, reply) => {
        await applyCors(reply)
        app.cors.reconfigure({ ...next, hook })
      })
      app.register(corsPlugin, { ...before, hook })
      app.get('/', async () => 'x')
      const { headers } = await app.inject({ url: '/', headers: { origin: page } })
      t.match(headers, {
        'access-control-allow-origin': page,
        'access-control-allow-credentials': 'true',
        'access-control-expose-headers': 'x-old',
        'timing-allow-origin': page
      }, hook)
      t.strictSame(lines('warn'), [])
    }
  }
})

t.test('ten thousand requests, while the policy flips a thousand times, each get wholly one of the two', async t => {
  const policies: CorsOptions[] = [
    { origin: page, credentials: true, exposedHeaders: 'x-a', methods: ['PUT'], maxAge: 1 },
    { origin: '*', exposedHeaders: 'x-b', methods: ['DELETE'], maxAge: 2, enforce: false }
  ]
  const [first, second] = policies
  if (first === undefined || second === undefined) return
  let asked = 0
  const byFunction = { ...first, origin: async () => { asked++; await turn(); return true } }
  const app = createApp(first)
  app.get('/', async () => 'x')
  app.get('/own', { config: { cors: { timingAllowOrigin: true } } }, async () => 'x')
  app.put('/', async () => 'x')
  await app.ready()
  const a = { 'access-control-allow-origin': page, 'access-control-allow-credentials': 'true' }
  const expected = {
    actual: [{ vary: 'Origin', ...a, 'access-control-expose-headers': 'x-a' }, { 'access-control-allow-origin': '*', 'access-control-expose-headers': 'x-b' }],
    preflight: [
      { vary: 'Origin, Access-Control-Request-Headers', ...a, 'access-control-allow-methods': 'PUT', 'access-control-max-age': '0' },
      { vary: 'Access-Control-Request-Headers', 'access-control-allow-origin': '*', 'access-control-allow-methods': 'DELETE', 'access-control-max-age': '0' }
    ]
  }
  const texts = Object.fromEntries(Object.entries(expected).map(([kind, answers]) => [kind, answers.map(answer => JSON.stringify(Object.entries(answer).sort()))]))
  const seen = new Map<string, number>()
  let mixed = 0
  for (let flip = 0; flip < 1000; flip++) {
    const requests = Array.from({ length: 10 }, async (_, i) => {
      const answered = i % 3 === 0
        ? await preflight(app, { origin: page })
        : await app.inject({ url: i % 3 === 1 ? '/' : '/own', headers: { origin: page } })
      const headers = { ...corsHeaders(answered), ...i % 3 === 0 ? { 'access-control-max-age': '0' } : {} }
      const text = JSON.stringify(Object.entries(headers).sort())
      if (texts[i % 3 === 0 ? 'preflight' : 'actual']?.includes(text) === true) seen.set(text, (seen.get(text) ?? 0) + 1)
      else mixed++
    })
    await turn()
    app.cors.reconfigure(flip % 2 === 0 ? second : flip % 4 === 1 ? byFunction : first)
    if (flip % 10 === 0) await Promise.all(requests)
  }
  await turn()
  t.equal(mixed, 0)
  t.equal(seen.size, 4, 'both policies were seen, by requests and preflights')
  t.ok(asked > 0)
})

const before = { origin: page, methods: ['PUT'], maxAge: 1 }
const changes: Array<[name: string, from: CorsOptions, to: CorsOptions]> = [
  ['from the plugin to the application', before, { ...before, preflight: false }],
  ['from the application to the plugin', { ...before, preflight: false }, before],
  ['switched off', before, { origin: false }],
  ['switched on', { origin: false }, before],
  ['another origin', before, { ...before, origin: stranger, maxAge: 2 }]
]

t.test('a preflight that waits in an earlier hook is answered by the old options, wholly', async t => {
  const ofDelegators: typeof changes = [
    ['another delegator', { delegator: () => before }, { delegator: () => ({ ...before, maxAge: 2 }) }],
    ['a delegator no more', { delegator: () => before }, { ...before, maxAge: 2 }]
  ]
  for (const [name, old, next] of [...changes, ...ofDelegators]) {
    for (const override of [undefined, { methods: ['PUT', 'DELETE'] }]) {
      const ask = async (reconfigures: boolean): Promise<unknown> => {
        const app = Fastify()
        app.addHook('onRequest', async () => { if (reconfigures) app.cors.reconfigure(next) })
        app.register(corsPlugin, old)
        app.put('/', override === undefined ? {} : { config: { cors: override } }, async () => 'x')
        app.options('/', async (_request, reply) => reply.code(207).send('its own'))
        const answer = await preflight(app, { origin: page })
        return { status: answer.statusCode, headers: corsHeaders(answer), body: answer.body }
      }
      t.strictSame(await ask(true), await ask(false), `${name}${override === undefined ? '' : ', under an override'}`)
    }
  }
})

t.test('a preflight without a route that a hook asks about twice gets the same answer, whatever changes between', async t => {
  for (const [name, old, next] of changes) {
    for (const own of [false, true]) {
      const ask = async (reconfigures: boolean): Promise<unknown> => {
        const app = Fastify()
        app.addHook('onRequest', async (_request, reply) => {
          await applyCors(reply)
          if (reconfigures) app.cors.reconfigure(next)
        })
        app.register(corsPlugin, old)
        // With an override, the plugin has to look each route up.
        app.put('/', { config: { cors: { maxAge: 3 } } }, async () => 'x')
        if (own) app.options('/none', async (_request, reply) => reply.code(207).send('its own'))
        const answer = await preflight(app, { origin: page, url: '/none' })
        return { status: answer.statusCode, headers: corsHeaders(answer), body: answer.body }
      }
      t.strictSame(await ask(true), await ask(false), `${name}${own ? ', with an OPTIONS route' : ''}`)
    }
  }
})
