import Fastify from 'fastify'
import t from 'tap'
import corsPlugin, { CorsConfigError } from '../../lib/index.js'
import { corsHeaders, createApp, page, preflight, stranger } from '../helpers.js'

const own = { 'access-control-allow-origin': 'https://own.example', 'access-control-expose-headers': 'x-own', vary: 'x-own' }

t.test('true is the registration\'s policy', async t => {
  const app = createApp({ origin: page, methods: ['PUT'], exposedHeaders: ['x-a'] })
  app.put('/x', { config: { cors: true } }, async () => 'x')
  t.equal((await preflight(app, { origin: page, url: '/x' })).statusCode, 204)
  t.strictSame(corsHeaders(await app.inject({ method: 'PUT', url: '/x', headers: { origin: page } })), {
    vary: 'Origin', 'access-control-allow-origin': page, 'access-control-expose-headers': 'x-a'
  })
})

for (const [name, options, config] of [
  ['cors: false', { origin: page }, { cors: false }],
  ['origin: false on the route', { origin: page }, { cors: { origin: false } }],
  ['origin: false in the registration', { origin: false }, {}],
  ['a path outside urls', { origin: page, urls: /^\/api\// }, {}]
] as const) {
  t.test(`under ${name} no CORS header is added or removed`, async t => {
    const app = createApp({ ...options, methods: ['PUT'] })
    app.put('/x', { config }, async (_request, reply) => reply.headers(own).send('x'))
    app.get('/x', { config }, async () => 'plain')

    t.strictSame(corsHeaders(await app.inject({ method: 'PUT', url: '/x', headers: { origin: page } })), own)
    t.strictSame(corsHeaders(await app.inject({ url: '/x', headers: { origin: page } })), {})
    t.strictSame(corsHeaders(await app.inject({ url: '/x' })), {})
  })

  t.test(`under ${name} a preflight is left to the application: its OPTIONS route, or 404`, async t => {
    const app = createApp({ ...options, methods: ['PUT'] })
    app.put('/x', { config }, async () => 'x')
    const missing = await preflight(app, { origin: page, url: '/x' })
    t.equal(missing.statusCode, 404)

    const routed = createApp({ ...options, methods: ['PUT'] })
    routed.put('/x', { config }, async () => 'x')
    routed.options('/x', { config }, async (_request, reply) => reply.headers(own).send('own'))
    const answered = await preflight(routed, { origin: page, url: '/x' })
    t.equal(answered.body, 'own')
    t.strictSame(corsHeaders(answered), own)
  })
}

t.test('the decision says that CORS is off', async t => {
  const app = createApp({ origin: page })
  app.get('/', { config: { cors: false } }, async request => request.cors)
  t.strictSame((await app.inject({ url: '/', headers: { origin: page } })).json(), { kind: 'actual', origin: page, allowed: false, reason: 'cors-off' })
  t.strictSame((await app.inject('/')).json(), { kind: 'none', origin: null, allowed: false, reason: 'cors-off' })
})

t.test('the keys of an object stand over the registration\'s, the others stay', async t => {
  const app = createApp({ origin: page, credentials: true, exposedHeaders: ['x-a'], maxAge: 60, methods: ['PUT'], allowedHeaders: ['x-b'], cacheControl: 5 })
  app.put('/x', { config: { cors: { maxAge: 7, exposedHeaders: ['x-c'] } } }, async () => 'x')
  const asked = await preflight(app, { origin: page, url: '/x' })
  t.strictSame(corsHeaders(asked), {
    vary: 'Origin',
    'access-control-allow-origin': page,
    'access-control-allow-credentials': 'true',
    'access-control-allow-methods': 'PUT',
    'access-control-allow-headers': 'x-b',
    'access-control-max-age': '7'
  })
  t.equal(asked.headers['cache-control'], 'max-age=5')
  t.strictSame(corsHeaders(await app.inject({ method: 'PUT', url: '/x', headers: { origin: page } })), {
    vary: 'Origin', 'access-control-allow-origin': page, 'access-control-allow-credentials': 'true', 'access-control-expose-headers': 'x-c'
  })
})

t.test('a key set to undefined counts as absent', async t => {
  const app = createApp({ origin: page, credentials: undefined, methods: ['PUT'] })
  app.put('/x', { config: { cors: { origin: undefined, methods: undefined } } }, async () => 'x')
  app.put('/y', { config: { cors: undefined } }, async () => 'y')
  for (const url of ['/x', '/y']) t.equal((await preflight(app, { origin: page, url })).headers['access-control-allow-methods'], 'PUT')
})

t.test('an override may widen what the registration has off', async t => {
  const app = createApp({ origin: false })
  app.put('/on', { config: { cors: { origin: page, methods: ['PUT'] } } }, async () => 'on')
  app.put('/off', async () => 'off')
  t.equal((await preflight(app, { origin: page, url: '/on' })).statusCode, 204)
  t.equal((await preflight(app, { origin: page, url: '/off' })).statusCode, 404)
})

t.test('the result is validated as a whole at boot, and the error names the route', async t => {
  const app = createApp({ origin: '*' })
  app.put('/secret', { config: { cors: { credentials: true } } }, async () => 'x')
  const error: unknown = await app.ready().then(() => null, (error: unknown) => error)
  t.ok(error instanceof CorsConfigError)
  t.match(error, { code: 'FST_CORS_INVALID_OPTIONS', message: /PUT \/secret/, issues: [{ code: 'origin-any-with-credentials' }] })
})

t.test('several invalid routes are reported together', async t => {
  const app = createApp({ origin: page })
  app.get('/one', { config: { cors: { origin: 'https://page.example/' } } }, async () => 1)
  app.get('/two', { config: { cors: { maxAge: -5, methods: ['nonsense method'] } } }, async () => 2)
  app.get('/three', { config: { cors: { maxAge: 5 } } }, async () => 3)
  app.register(async context => { context.delete('/four', { config: { cors: { exposedHeaders: ['set-cookie'] } } }, async () => 4) }, { prefix: '/deep' })
  const error: unknown = await app.ready().then(() => null, (error: unknown) => error)
  t.ok(error instanceof CorsConfigError)
  if (!(error instanceof CorsConfigError)) return
  for (const route of [/\/one/, /\/two/, /DELETE \/deep\/four/]) t.match(error.message, route)
  t.notMatch(error.message, /three/)
  const codes = error.issues.map(({ code }) => code)
  for (const code of ['origin-invalid', 'max-age-out-of-range', 'method-invalid', 'header-forbidden']) t.ok(codes.some(found => found === code), code)
})

t.test('equal overrides are one, and each route with a wrong one is named', async t => {
  const app = createApp({ origin: page, methods: ['PUT'], maxAge: 600 })
  const override = () => ({ origin: [stranger], credentials: true })
  app.get('/x', { config: { cors: override() } }, async () => 'x')
  app.put('/x', { config: { cors: override() } }, async () => 'x')
  app.put('/y', { config: { cors: { ...override(), credentials: false } } }, async () => 'y')
  t.match((await preflight(app, { origin: stranger, url: '/x' })).headers, { 'access-control-max-age': '600', 'access-control-allow-credentials': 'true' })
  t.notOk('access-control-allow-credentials' in (await preflight(app, { origin: stranger, url: '/y' })).headers)

  const wrong = createApp({ origin: page })
  for (const url of ['/a', '/b']) wrong.get(url, { config: { cors: { origin: 'a.example' } } }, async () => 'x')
  await t.rejects(async () => await wrong.ready(), { message: /of 2 routes.*\/a.*\/b/s })
})

t.test('the HEAD route that Fastify adds is not blamed for its GET route', async t => {
  const app = createApp({ origin: page })
  app.get('/a', { config: { cors: { origin: 'a.example' } } }, async () => 'x')
  await t.rejects(async () => await app.ready(), { message: /^The CORS options of route GET \/a have a problem:/ })

  const changed = createApp({ origin: page })
  changed.addHook('onRoute', route => { if (route.method === 'HEAD') route.config = { cors: { origin: 'a.example' } } })
  changed.get('/a', async () => 'x')
  await t.rejects(async () => await changed.ready(), { message: /HEAD \/a have a problem/ }, 'but for what is its own')
})

t.test('an override that is another one each time it is read is what it was the first time', async t => {
  const app = createApp({ origin: page })
  let reads = 0
  const config = { cors: { get origin () { return reads++ === 0 ? 'https://first.example' : 'https://later.example' } } }
  app.get('/odd', { config }, async () => 'x')
  app.get('/even', { config: { cors: { origin: 'https://first.example' } } }, async () => 'x')
  for (const url of ['/odd', '/even']) {
    t.equal((await app.inject({ url, headers: { origin: 'https://first.example' } })).headers['access-control-allow-origin'], 'https://first.example', url)
    t.equal((await app.inject({ url, headers: { origin: 'https://later.example' } })).headers['access-control-allow-origin'], undefined, url)
  }
})

t.test('options that only a registration has are refused on a route', async t => {
  for (const option of ['hook', 'delegator', 'urls', 'strictPreflight', 'hideOptionsRoute', 'logLevel', 'audit']) {
    const app = createApp({ origin: page })
    const cors: object = { [option]: option === 'urls' ? /^x$/ : true }
    app.get('/x', { config: { cors } }, async () => 'x')
    await t.rejects(async () => await app.ready(), { code: 'FST_CORS_INVALID_OPTIONS', message: /\/x/, issues: [{ code: 'unknown-option' }] }, option)
  }
})

t.test('config.cors that is no boolean and no object does not boot', async t => {
  for (const cors of [null, 'https://page.example', 1, [page]]) {
    const app = createApp({ origin: page })
    const config: object = { cors }
    app.get('/x', { config }, async () => 'x')
    await t.rejects(async () => await app.ready(), { code: 'FST_CORS_INVALID_OPTIONS', message: /\/x/ }, JSON.stringify(cors))
  }
})

t.test('an override without a registration around it is not looked at', async t => {
  const app = Fastify()
  app.get('/x', { config: { cors: { origin: stranger } } }, async () => 'x')
  app.register(async context => { context.register(corsPlugin, { origin: page }) })
  t.strictSame(corsHeaders(await app.inject({ url: '/x', headers: { origin: stranger } })), {})
})

t.test('an onRoute hook may set an override', async t => {
  const app = createApp({ origin: page, methods: ['PUT'] })
  app.addHook('onRoute', route => { if (route.url === '/x') route.config = { ...route.config, cors: { origin: stranger } } })
  await app.after()
  app.put('/x', async () => 'x')
  t.equal((await preflight(app, { origin: stranger, url: '/x' })).statusCode, 204)
  t.equal((await app.inject({ method: 'PUT', url: '/x', headers: { origin: stranger } })).headers['access-control-allow-origin'], stranger)
})

/** Who gets what under `urls` that leave out `/admin`. */
async function answeredUnder (routerOptions: Record<string, boolean>, url: string, urls: RegExp, rewrite?: (url: string) => string): Promise<{ body: string, granted: boolean, asked: boolean }> {
  const app = createApp({ origin: '*', methods: ['PUT'], urls }, { routerOptions, ...rewrite === undefined ? {} : { rewriteUrl: ({ url = '' }) => rewrite(url) } })
  app.put('/admin/x', async () => 'admin')
  app.put('/keys', async () => 'keys')
  app.put('/open/:name', async () => 'open')
  app.put('/:any/*', async ({ params }) => JSON.stringify(params))
  app.put('/:any', async ({ params }) => JSON.stringify(params))
  const answered = await app.inject({ method: 'PUT', url, headers: { origin: page } })
  const asked = await preflight(app, { origin: page, url })
  return { body: answered.body, granted: 'access-control-allow-origin' in answered.headers, asked: 'access-control-allow-origin' in asked.headers }
}

const ignoring = { caseSensitive: false, ignoreDuplicateSlashes: true, ignoreTrailingSlash: true, useSemicolonDelimiter: true }

for (const [url, body = 'admin'] of [
  ['/admin/x'], ['/%61dmin/x'], ['/%61%64%6D%69%6e/%78'], ['/ADMIN/x'], ['/%41dmin/X'], ['//admin/x'], ['///admin//x//'], ['/admin/x/'], ['/admin/x;y'], ['/admin/x?y'],
  ['/admin;x/y', '{"any":"admin"}'], ['http://localhost/admin/x'], ['http://localhost//%61dmin/x'], ['/admin%2Fx', '{"any":"admin/x"}'], ['/admin%2fx', '{"any":"admin/x"}']
] as const) {
  t.test(`the spelling ${url} of a path outside urls gets nothing`, async t => {
    t.strictSame(await answeredUnder(ignoring, url, /^\/(?!admin)/), { body, granted: false, asked: false })
  })
}

t.test('where a parameter is all that urls look at, what is reserved in it is decoded', async t => {
  t.strictSame(await answeredUnder({}, '/user%40a', /^\/(?!user@)/), { body: '{"any":"user@a"}', granted: false, asked: false })
  t.strictSame(await answeredUnder(ignoring, '/%2F%2Fadmin/x', /^\/(?!admin)/), { body: '{"any":"//admin","*":"x"}', granted: false, asked: false })
})

t.test('a letter that only lower case makes one of the path gets nothing either', async t => {
  t.strictSame(await answeredUnder(ignoring, '/%E2%84%AAeys', /^\/(?!keys)/), { body: 'keys', granted: false, asked: false })
  t.strictSame(await answeredUnder(ignoring, '/%E2%84%AAeys', /^\/(?!KEYS)/i), { body: 'keys', granted: false, asked: false })
})

t.test('what a router takes for another path is another path to urls', async t => {
  const urls = /^\/(?!admin)/
  for (const [url, body] of [
    ['/%2561dmin/x', '{"any":"%61dmin","*":"x"}'], ['/ADMIN/x', '{"any":"ADMIN","*":"x"}'], ['/open/a', 'open'], ['/o%70en/%61?/admin', 'open'],
    ['/;admin', '{"any":";admin"}'], ['/open/a%2Fb', 'open']
  ] as const) t.strictSame(await answeredUnder({}, url, urls), { body, granted: true, asked: true }, url)
})

t.test('paths inside urls are known in any spelling', async t => {
  for (const url of ['/open/a', '/%6Fpen/a', '/OPEN/A', '//open//a/', '/open/a;b', '/open/a?b', 'http://localhost/open/a']) {
    t.strictSame(await answeredUnder(ignoring, url, /^\/open\/a$/), { body: 'open', granted: true, asked: true }, url)
  }
})

t.test('urls are matched against the path that the router has read, whatever hooks make of it', async t => {
  for (const reconfigured of [false, true]) {
    const app = Fastify()
    // As @fastify/express does.
    app.addHook('onRequest', async ({ raw }) => { raw.url = decodeURI(String(raw.url)) })
    const options = { origin: '*', methods: ['PUT'], urls: /^\/open/ }
    await app.register(corsPlugin, reconfigured ? { origin: page } : options)
    app.put('/*', async ({ params }) => JSON.stringify(params))
    if (reconfigured) app.cors.reconfigure(options)
    for (const [url, granted] of [['/open', true], ['/%6Fpen', true], ['/%256Fpen', false]] as const) {
      t.equal('access-control-allow-origin' in (await app.inject({ method: 'PUT', url, headers: { origin: page } })).headers, granted, url)
      t.equal('access-control-allow-origin' in (await preflight(app, { origin: page, url })).headers, granted, `preflight of ${url}`)
    }
  }
})

t.test('the 404 of a path has the policy of the context that the router has read', async t => {
  const app = Fastify()
  app.addHook('onRequest', async ({ raw }) => { raw.url = decodeURI(String(raw.url)) })
  await app.register(corsPlugin, { origin: page })
  app.register(async api => {
    api.register(corsPlugin, { origin: stranger })
    api.setNotFoundHandler(async () => 'none')
  }, { prefix: '/api' })
  for (const [url, status] of [['/api/x', 204], ['/%61pi/x', 204], ['/%2561pi/x', 403]] as const) {
    t.equal((await preflight(app, { origin: stranger, url })).statusCode, status, url)
  }
})

t.test('urls are matched against what rewriteUrl makes of a path', async t => {
  const rewrite = (url: string): string => url.replace('/public', '/admin')
  t.strictSame(await answeredUnder({}, '/public/x', /^\/(?!admin)/, rewrite), { body: 'admin', granted: false, asked: false })
  t.strictSame(await answeredUnder({}, '/public/x', /^\/admin/, rewrite), { body: 'admin', granted: true, asked: true })
})
