import Fastify, { type FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import corsPlugin, { type CorsOptions, type CorsVerdict, type RouteCorsOptions } from '../../lib/index.js'
import { createApp, page, preflight, stranger } from '../helpers.js'

/** An application whose handlers must not run, but for those of routes for OPTIONS alone. */
async function silent (t: Test, options: CorsOptions): Promise<FastifyInstance> {
  const app = createApp({ audit: false, ...options })
  const run = async (): Promise<void> => { t.fail('a handler ran') }
  app.get('/read', run)
  app.put('/write', run)
  app.post('/post', run)
  app.get('/off', { config: { cors: false } }, run)
  const answer = async (): Promise<string> => ''
  app.options('/own', answer)
  app.put('/own', { config: { cors: { preflight: false } } }, run)
  app.options('/continued', answer)
  app.put('/continued', { config: { cors: { preflightContinue: true } } }, run)
  app.setNotFoundHandler(run)
  await app.ready()
  return app
}

for (const hook of ['onRequest', 'preHandler', 'onSend'] as const) {
  t.test(`requests and preflights are explained without a handler under hook: ${hook}`, async t => {
    const app = await silent(t, { origin: page, methods: ['PUT'], exposedHeaders: ['x-a'], hook })
    t.match(await app.cors.explain({ origin: page, url: '/read' }), { allowed: true, reason: null, preflight: 'not-needed' })
    t.match(await app.cors.explain({ origin: page, url: '/write?q=1', method: 'PUT', headers: { 'x-b': '1' } }), { allowed: true, preflight: 'passed' })
    t.match(await app.cors.explain({ origin: page, url: '/write', method: 'DELETE' }), {
      allowed: false, reason: 'MethodDisallowedByPreflightResponse', parameter: 'DELETE', preflight: 'failed', fix: /methods: \['GET', 'HEAD', 'POST', 'PUT', 'DELETE'\]|methods/
    })
    t.match(await app.cors.explain({ origin: stranger, url: '/read' }), { allowed: false, reason: 'MissingAllowOriginHeader' })
    t.match(await app.cors.explain({ origin: page, url: '/off' }), { allowed: false, reason: 'MissingAllowOriginHeader' })
    t.match(await app.cors.explain({ origin: page, url: '/unknown' }), { allowed: true })
    t.match(await app.cors.explain({ origin: page, url: '/own', method: 'PUT' }), { allowed: false, preflight: 'failed' })
    t.match(await app.cors.explain({ origin: page, url: '/continued', method: 'PUT' }), { allowed: true, preflight: 'passed' })
    t.match(await app.cors.explain({ origin: page, url: 'https://api.example/read', credentials: 'include' }), { allowed: false, reason: 'InvalidAllowCredentials' })
  })
}

t.test('what enforcement refuses is explained as it is answered', async t => {
  const app = await silent(t, { origin: page, enforce: 'unsafe' })
  const { allowed, exchanges } = await app.cors.explain({ origin: stranger, url: '/post', method: 'POST' })
  t.equal(allowed, false)
  t.equal(exchanges.at(-1)?.response.status, 403)
})

t.test('a route that no registration covers is granted nothing, and its handler does not run', async t => {
  const app = Fastify()
  app.put('/outside', async () => { t.fail('a handler ran') })
  let inner: FastifyInstance | undefined
  app.register(async context => {
    inner = context
    context.register(corsPlugin, { origin: page, methods: ['PUT'] })
    context.put('/inside', async () => { t.fail('a handler ran') })
    context.get('/', async () => { t.fail('a handler ran') })
  }, { prefix: '/v1' })
  await app.ready()
  t.match(await inner?.cors.explain({ origin: page, url: '/v1/inside', method: 'PUT' }), { allowed: true })
  t.match(await inner?.cors.explain({ origin: page, url: '/outside', method: 'PUT' }), { allowed: false, reason: 'PreflightMissingAllowOriginHeader' })
  t.match(await inner?.cors.explain({ origin: page, url: '/nowhere' }), { allowed: false })
})

t.test('an answer that leads to another server can\'t be followed in process', async t => {
  const app = Fastify()
  app.addHook('onRequest', async (_request, reply) => await reply.redirect('https://elsewhere.example/'))
  app.register(corsPlugin, { origin: page })
  app.get('/', async () => 'never')
  await app.ready()
  await t.rejects(app.cors.explain({ origin: page, url: '/' }), /another server, https:\/\/elsewhere\.example/)
})

t.test('a path is named as it is asked for, without a host that nobody has', async t => {
  const app = createApp({ origin: page })
  app.options('/put', async (_request, reply) => reply.code(500).send())
  app.put('/put', { config: { cors: { preflight: false } } }, async () => 'x')
  app.get('/get', async () => 'x')
  await app.ready()
  for (const request of [{ url: '/get', origin: stranger }, { url: '/put', method: 'PUT', origin: page }, { url: '/none', origin: stranger }]) {
    const { explanation, fix, notes } = await app.cors.explain(request)
    t.match(explanation, ` ${request.url}`)
    t.notMatch(JSON.stringify({ explanation, fix, notes }), 'server.invalid')
  }
})

t.test('where no policy applies, the fix is no origin to be added', async t => {
  const app = createApp({ origin: page, methods: ['PUT'], urls: /^\/(?!outside)/ })
  app.put('/off', { config: { cors: false } }, async () => 'x')
  app.get('/outside', async () => 'x')
  app.get('/inside', async () => 'x')
  await app.ready()
  for (const request of [{ url: '/off', method: 'PUT' }, { url: '/outside?a=/inside' }]) {
    t.match(await app.cors.explain({ origin: page, ...request }), { allowed: false, fix: /^No policy applies to this route: leave cors: false out/ })
  }
  const { fix, notes } = await app.cors.explain({ origin: page, url: '/off', method: 'PUT' })
  t.match(notes, [{ fix, where: 'route' }], 'the first note says it, too')
  t.match(await app.cors.explain({ origin: stranger, url: '/inside' }), { allowed: false, fix: /With fastify-cors-policy: origin/ })
  t.match(await app.cors.explain({ origin: page, url: 'ftp://server.example/off' }), { allowed: false, exchanges: [], fix: /./ })
})

t.test('what is left out is asked for', async t => {
  const app = Fastify()
  app.register(corsPlugin, { origin: page })
  await app.ready()
  await t.rejects(app.cors.explain(JSON.parse(`{"origin":"${page}"}`)), { name: 'TypeError', message: 'url must be the URL to fetch, as a text, not undefined' })
  await t.rejects(app.cors.explain(JSON.parse(`{"origin":"${page}","url":"/","credentials":true}`)), { name: 'TypeError', message: /not true$/ })
})

t.test('cookies and every header line of an answer are seen', async t => {
  const app = Fastify()
  app.addHook('onRequest', async (_request, reply) => { reply.header('set-cookie', ['a=1', 'b=2']) })
  app.register(corsPlugin, { origin: page })
  app.get('/', async () => 'x')
  await app.ready()
  const { exchanges } = await app.cors.explain({ origin: page, url: '/' })
  t.strictSame(exchanges.at(-1)?.response.headers.filter(([name]) => name === 'set-cookie'), [['set-cookie', 'a=1'], ['set-cookie', 'b=2']])
})

t.test('nobody else can mark a request as explained, and other requests go on as ever meanwhile', async t => {
  const app = createApp({ origin: page, methods: ['PUT'], audit: false })
  app.addHook('onRequest', async () => await new Promise(resolve => setTimeout(resolve, 10)))
  app.put('/', async () => 'ran')
  await app.ready()
  const [verdict, asked, forged] = await Promise.all([
    app.cors.explain({ origin: page, url: '/', method: 'PUT' }),
    preflight(app, { origin: page }),
    app.inject({ method: 'PUT', url: '/', headers: { origin: page, 'x-fastify-cors-policy-explains': 'guess' } })
  ])
  t.equal(verdict.allowed, true)
  t.equal(asked.statusCode, 204)
  t.equal(forged.body, 'ran')
})

t.test('an OPTIONS route of the application answers the preflights that are left to it', async t => {
  const app = createApp({ origin: page, methods: ['PUT'], preflight: false, audit: false })
  const run = async (): Promise<void> => { t.fail('a handler ran') }
  app.options('/own', (_request, reply) => reply.headers({ 'access-control-allow-origin': page, 'access-control-allow-methods': 'PUT' }).code(204).send())
  app.put('/own', run)
  app.put('/none', run)
  await app.ready()
  t.match(await app.cors.explain({ origin: page, url: '/own', method: 'PUT' }), { allowed: true, preflight: 'passed' })
  const none = await app.cors.explain({ origin: page, url: '/none', method: 'PUT' })
  t.match(none, { allowed: false, exchanges: [{ response: { status: 404 } }] })
})

t.test('a preflight that is left to the application is told so, and the fix makes it work', async t => {
  for (const [options, answer, seen] of [
    [{ preflight: false }, 404, /^preflight: false leaves the preflight to the application, which answered it with 404\. The answer to/],
    [{ preflight: false }, 200, /which answered it with 200\./],
    [{ preflightContinue: true }, 404, /^preflightContinue: true leaves the preflight to the application, which answered it with 404\. The answer to/],
    [{ preflightContinue: true }, 405, /which answered it with 405\./]
  ] as const) {
    for (const place of ['registration', 'route'] as const) {
      for (const method of ['PUT', 'DELETE']) {
        const verdictWith = async (mended: RouteCorsOptions): Promise<CorsVerdict> => {
          const cors: RouteCorsOptions = { ...options, ...mended }
          const app = createApp({ origin: page, methods: ['PUT'], audit: false, ...place === 'registration' ? cors : {} })
          app.route({ method: ['PUT', 'DELETE'], url: '/', ...place === 'route' ? { config: { cors } } : {}, handler: async () => t.fail('a handler ran') })
          if (answer !== 404) app.options('/', async (_request, reply) => await reply.code(answer).send())
          await app.ready()
          return await app.cors.explain({ origin: page, url: '/', method })
        }
        const { explanation, fix, notes } = await verdictWith({})
        t.match(explanation, seen)
        t.match(notes, [{ code: 'preflight-not-handled', where: place, fix }])
        t.notMatch(fix, 'origin')
        const [, written = ''] = /^Let the plugin answer it, (.*), or answer it from an OPTIONS route of \/\.$/.exec(fix) ?? []
        t.match(await verdictWith(JSON.parse(`{ ${written.replace(/(\w+):/g, '"$1":').replaceAll("'", '"')} }`)), { allowed: true }, written)
      }
    }
  }
})

t.test('a preflight that a login of the application answered keeps that cause, whoever was to answer it', async t => {
  const app = createApp({ origin: page, methods: ['PUT'], preflight: false, audit: false })
  app.put('/', async () => t.fail('a handler ran'))
  app.options('/', async (_request, reply) => await reply.code(401).send())
  await app.ready()
  const { fix, notes } = await app.cors.explain({ origin: page, url: '/', method: 'PUT' })
  t.match(notes, [{ code: 'authentication-first' }])
  t.match(fix, /With fastify-cors-policy: preflight: true\. From any/, 'an origin that is listed is not to be added')
})

t.test('a preflight that the delegator leaves to the application is told so', async t => {
  for (const chosen of [{ origin: page, preflight: false }, { origin: false } as const]) {
    const app = createApp({ delegator: () => chosen, audit: false })
    app.put('/', async () => t.fail('a handler ran'))
    await app.ready()
    t.match(await app.cors.explain({ origin: page, url: '/', method: 'PUT' }), {
      explanation: /^The delegator chose origin: false or preflight: false, .* answered it with 404\./,
      fix: new RegExp(`^Let the delegator return an origin that allows ${page}`),
      notes: [{ code: 'preflight-not-handled', where: 'delegator' }]
    })
  }
})

t.test('a hook or a middleware that answers preflights well, but grants too little, is named too', async t => {
  for (const by of ['reply', 'raw'] as const) {
    const app = Fastify()
    app.addHook('onRequest', async (request, reply) => {
      if (request.method !== 'OPTIONS') return
      if (by === 'raw') reply.hijack().raw.writeHead(204, { 'access-control-allow-origin': page }).end()
      else await reply.code(204).send()
    })
    app.register(corsPlugin, { origin: page, methods: ['PUT'] })
    app.put('/', async () => 'x')
    await app.ready()
    t.match(await app.cors.explain({ origin: page, url: '/', method: 'PUT' }), {
      reason: 'MethodDisallowedByPreflightResponse',
      explanation: /^A hook or a middleware answered the preflight with 204 before fastify-cors-policy could\. /,
      fix: /^Register fastify-cors-policy before/,
      notes: [{ code: 'preflight-not-handled', where: 'server' }]
    }, by)
  }
})

t.test('an error of a hook before the plugin keeps its cause', async t => {
  const app = Fastify()
  app.addHook('onRequest', async () => { throw new Error('the database is down') })
  app.register(corsPlugin, { origin: page, methods: ['PUT'] })
  app.put('/', async () => 'x')
  await app.ready()
  t.match(await app.cors.explain({ origin: page, url: '/', method: 'PUT' }), { reason: 'PreflightInvalidStatus', notes: [{ code: 'server-error' }] })
})

t.test('an actual request that a hook answered without headers is given no options that it has', async t => {
  const app = Fastify()
  app.addHook('onRequest', async (_request, reply) => { reply.hijack().raw.end('x') })
  app.register(corsPlugin, { origin: page })
  app.get('/', async () => 'x')
  await app.ready()
  t.match((await app.cors.explain({ origin: page, url: '/' })).fix, 'With fastify-cors-policy: register it before what answers this request. From')
})

t.test('where there is no route, the explanation says so, and the fix keeps the origins that are allowed', async t => {
  const app = createApp({ origin: page })
  app.get('/', async () => 'x')
  app.register(async context => {
    context.setNotFoundHandler((_request, reply) => { reply.code(404).send() })
    context.register(corsPlugin, { origin: 'https://inner.example' })
  }, { prefix: '/inner' })
  await app.ready()
  t.match(await app.cors.explain({ origin: stranger, url: '/nowhere?a=b' }), {
    explanation: /There is no route GET \/nowhere: the policy is that of its 404 answer\.$/, fix: `origin: ['${page}', '${stranger}']`
  })
  t.match(await app.cors.explain({ origin: page, url: '/', method: 'PUT' }), { explanation: /There is no route PUT \/:/, fix: "methods: ['GET', 'HEAD', 'POST', 'PUT']" })
  const other = Fastify()
  let inner: FastifyInstance | undefined
  other.register(async context => {
    inner = context
    context.register(corsPlugin, { origin: page })
  }, { prefix: '/v1' })
  await other.ready()
  t.match(await inner?.cors.explain({ origin: page, url: '/v1/x' }), { fix: /^No policy applies/ }, 'the 404 answer of the root has no policy')
  t.match(await app.cors.explain({ origin: stranger, url: '/inner/x' }), { fix: `origin: ['https://inner.example', '${stranger}']` })
})

t.test('under preflightContinue, a preflight without an OPTIONS route fails as it does for browsers', async t => {
  const app = createApp({ origin: page, methods: ['PUT'], preflightContinue: true, audit: false })
  app.put('/none', async () => 'x')
  app.options('/own', (_request, reply) => reply.code(204).send())
  app.put('/own', async () => 'x')
  await app.ready()
  t.match(await app.cors.explain({ origin: page, url: '/none', method: 'PUT' }), { allowed: false, reason: 'PreflightInvalidStatus', exchanges: [{ response: { status: 404 } }] })
  t.match(await app.cors.explain({ origin: page, url: '/own', method: 'PUT' }), { allowed: true })
})

t.test('a handler that all() shares with other methods does not run, and the verdict says so', async t => {
  const app = Fastify()
  const run = async (): Promise<void> => { t.fail('a handler ran') }
  app.all('/outside', run)
  app.options('/options', (_request, reply) => reply.headers({ 'access-control-allow-origin': page, 'access-control-allow-methods': 'PUT' }).code(204).send())
  app.put('/options', run)
  let inner: FastifyInstance | undefined
  app.register(async context => {
    inner = context
    context.register(corsPlugin, { origin: page, methods: ['PUT'], preflightContinue: true, audit: false })
    context.all('/inside', run)
  })
  await app.ready()
  for (const url of ['/inside', '/outside']) {
    t.match(await inner?.cors.explain({ origin: page, url, method: 'PUT' }), {
      allowed: false,
      reason: null,
      preflight: 'failed',
      exchanges: { length: 1 },
      remedy: null,
      explanation: /was not run/,
      fix: /OPTIONS route/,
      notes: [{ code: 'handler-not-run', where: 'route' }]
    })
  }
  const { exchanges } = await inner?.cors.explain({ origin: page, url: '/inside', method: 'PUT' }) ?? {}
  t.notMatch(JSON.stringify(exchanges), 'explains', 'the mark is taken off')
  t.match(await inner?.cors.explain({ origin: page, url: '/options', method: 'PUT' }), { preflight: 'passed' }, 'a route for OPTIONS alone, which nothing covers')
})

t.test('a hook that answers preflights first is named, and no option is recommended', async t => {
  for (const [status, code] of [[401, 'authentication-first'], [403, 'authentication-first'], [429, 'rate-limited']] as const) {
    const app = Fastify()
    app.addHook('onRequest', async (_request, reply) => await reply.code(status).send())
    app.register(corsPlugin, { origin: page, methods: ['PUT'] })
    app.put('/', async () => 'x')
    await app.ready()
    const verdict = await app.cors.explain({ origin: page, url: '/', method: 'PUT' })
    t.match(verdict, { allowed: false, fix: /^Register fastify-cors-policy before/, explanation: new RegExp(`^A hook or a middleware answered the preflight with ${status}`), notes: [{ code }] })
    t.notMatch(verdict.fix, 'preflight: true')
  }
})
