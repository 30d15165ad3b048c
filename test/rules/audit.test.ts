import Fastify, { type FastifyInstance } from 'fastify'
import t from 'tap'
import corsPlugin, { type CorsOptions } from '../../lib/index.js'
import { page, preflight, stranger } from '../helpers.js'
import { loggedApp } from '../logged.js'

async function findings (options: CorsOptions, declare: (app: FastifyInstance) => void): Promise<string[]> {
  const app = Fastify()
  app.register(corsPlugin, options)
  declare(app)
  await app.ready()
  return app.cors.audit().map(({ code, route }) => `${code} ${route}`)
}

const handler = async (): Promise<string> => 'x'

t.test('methods that have routes, but that the policy does not allow', async t => {
  const app = Fastify()
  app.register(corsPlugin, { origin: page, methods: ['GET', 'PATCH'] })
  app.route({ method: ['GET', 'PATCH', 'PUT', 'DELETE', 'OPTIONS', 'TRACE'], url: '/', handler })
  app.post('/post', handler)
  app.head('/head', handler)
  app.put('/own', { config: { cors: { methods: ['PUT'] } } }, handler)
  app.put('/any', { config: { cors: { methods: '*' } } }, handler)
  app.put('/off', { config: { cors: false } }, handler)
  app.put('/left', { config: { cors: { preflight: false } } }, handler)
  app.options('/left', { config: { cors: { preflight: false } } }, handler)
  await app.ready()
  t.strictSame(app.cors.audit(), [{
    code: 'method-not-allowed',
    route: 'GET, PATCH, PUT, DELETE, OPTIONS, TRACE /',
    message: 'A page of another origin can\'t use PUT, DELETE here: the policy allows GET, PATCH',
    fix: "methods: ['GET', 'PATCH', 'PUT', 'DELETE']",
    where: 'registration'
  }])
})

t.test('the methods of one registration come as one list, and those of a route as its own', async t => {
  const app = Fastify()
  app.register(corsPlugin, { origin: page })
  app.put('/a', handler)
  app.delete('/b', { config: { cors: { maxAge: 5 } } }, handler)
  app.patch('/c', { config: { cors: { methods: ['PUT'] } } }, handler)
  await app.ready()
  const merged = { fix: "methods: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE']", where: 'registration' }
  t.match(app.cors.audit(), [
    { route: 'PUT /a', ...merged }, { route: 'DELETE /b', ...merged }, { route: 'PATCH /c', fix: "methods: ['PUT', 'PATCH']", where: 'route' }
  ])
  app.cors.reconfigure({ origin: page, methods: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'] })
  t.match(app.cors.audit(), [{ route: 'PATCH /c' }], 'the fix keeps its promise')
})

t.test('a route that takes every method is a note: nobody can know which of them pages use', async t => {
  const { app, lines } = loggedApp()
  app.register(corsPlugin, { origin: page })
  app.all('/*', handler)
  app.put('/x', handler)
  await app.ready()
  t.match(app.cors.audit(), [
    { code: 'every-method', route: '/*', fix: null, message: /^It takes every method, as proxies do, and the policy allows pages of other origins GET, HEAD, POST alone\. Nothing has to be changed/ },
    { code: 'method-not-allowed', route: 'PUT /x', fix: "methods: ['GET', 'HEAD', 'POST', 'PUT']" }
  ])
  t.match(lines('info'), [/take every method.*\(\/\*\)\.$/])
  t.match(lines('warn'), [/\(PUT \/x\)\. Fix: /])
})

t.test('preflights that are left to an OPTIONS route that there is not', async t => {
  for (const [left, fix] of [[{ preflight: false }, 'preflight: true'], [{ preflightContinue: true }, 'preflightContinue: false']] as const) {
    const app = Fastify()
    app.register(corsPlugin, { origin: page, methods: ['PUT'], ...left })
    app.put('/none', handler)
    app.delete('/own', { config: { cors: { ...left, methods: ['GET'] } } }, handler)
    app.put('/answered', handler)
    app.options('/answered', handler)
    app.get('/unasked', handler)
    app.put('/off', { config: { cors: false } }, handler)
    await app.ready()
    t.match(app.cors.audit().filter(({ code }) => code === 'preflight-unanswered'), [
      { route: 'PUT /none', fix, where: 'route', message: /can't use PUT here.* there is none for this URL/ },
      { route: 'DELETE /own', where: 'route' }
    ], 'another URL has an OPTIONS route, which is to go on answering')
    t.equal((await preflight(app, { origin: page, url: '/none' })).statusCode, 404)
  }
})

t.test('a plugin file without fastify-plugin: its registration covers no route', async t => {
  const { app, lines } = loggedApp()
  app.register(async file => { await file.register(corsPlugin, { origin: page }) })
  app.get('/', handler)
  app.register(async context => {
    context.register(corsPlugin, { origin: page })
    context.get('/covered', handler)
  })
  await app.ready()
  t.strictSame(lines('warn').length, 1)
  t.match(lines('warn')[0], /covers no route: .*fastify-plugin/)
})

t.test('a root without routes is nobody\'s mistake', async t => {
  t.strictSame(await findings({ origin: page }, () => {}), [])
})

t.test('a delegator that makes Max-Age 0 is named', async t => {
  const app = Fastify()
  app.register(corsPlugin, { origin: page, methods: ['PUT'], maxAge: 60, delegator: () => ({}) })
  app.get('/x', handler)
  app.put('/x', handler)
  app.get('/alone', handler)
  app.get('/off', { config: { cors: false } }, handler)
  app.put('/off', { config: { cors: false } }, handler)
  await app.ready()
  t.equal((await preflight(app, { origin: page, url: '/x' })).headers['access-control-max-age'], '0')
  t.match(app.cors.audit(), [{ code: 'policies-differ', route: '/x', where: 'delegator', fix: null, message: /^The delegator may choose another policy/ }])
})

t.test('an override that changes nothing, however it is written', async t => {
  const asked = (): boolean => true
  t.strictSame(await findings({ origin: [page], methods: ['GET', 'PUT'], dangerouslyAllow: ['null-origin'] }, app => {
    app.get('/empty', { config: { cors: {} } }, handler)
    app.get('/same', { config: { cors: { origin: [page], methods: 'GET, PUT', credentials: false, maxAge: undefined } } }, handler)
    app.get('/other', { config: { cors: { maxAge: 0 } } }, handler)
    app.get('/danger', { config: { cors: { dangerouslyAllow: [] } } }, handler)
    app.get('/true', { config: { cors: true } }, handler)
    app.get('/false', { config: { cors: false } }, handler)
  }), ['override-without-effect GET /empty', 'override-without-effect GET /same'])
  t.strictSame(await findings({ origin: asked }, app => {
    app.get('/same', { config: { cors: { origin: asked } } }, handler)
    app.get('/other', { config: { cors: { origin: () => false } } }, handler)
  }), ['override-without-effect GET /same'])
  t.strictSame(await findings({ origin: false }, app => {
    app.get('/', { config: { cors: false } }, handler)
  }), ['override-without-effect GET /'])
})

t.test('options beside config, where nothing reads them', async t => {
  const beside = (cors: unknown) => ({ method: 'GET', handler, cors } as const)
  const app = Fastify()
  app.register(corsPlugin, { origin: page })
  app.route({ url: '/', ...beside({ origin: stranger }) })
  app.route({ url: '/none', ...beside(undefined) })
  await app.ready()
  t.strictSame(app.cors.audit(), [{
    code: 'override-misplaced',
    route: 'GET /',
    message: 'Its cors stands beside its config, where it is not read. Write config: { cors: … } in its place',
    fix: null,
    where: 'route'
  }])
})

t.test('an override outside urls', async t => {
  t.strictSame(await findings({ origin: page, urls: /^\/api\// }, app => {
    app.get('/out', { config: { cors: { origin: stranger } } }, handler)
    app.put('/true', { config: { cors: true } }, handler)
    app.put('/plain', handler)
    app.get('/off', { config: { cors: false } }, handler)
    app.get('/enforced', { config: { cors: { enforce: 'all' } } }, handler)
    app.get('/:maybe/x', { config: { cors: { origin: stranger } } }, handler)
    app.get('/*', { config: { cors: { origin: stranger } } }, handler)
  }), ['override-without-effect GET /out', 'override-without-effect PUT /true'])
})

t.test('what a delegator may still change is no finding', async t => {
  t.strictSame(await findings({ origin: page, delegator: () => ({ methods: ['PUT'] }) }, app => {
    app.put('/', handler)
    app.put('/own', { config: { cors: { methods: ['GET', 'HEAD', 'POST'] } } }, handler)
  }), [])
})

t.test('Authorization under "*", and maxAge above what browsers honour, once for whoever says so', async t => {
  t.strictSame(await findings({ origin: page, allowedHeaders: '*', maxAge: 700 }, app => {
    app.get('/plain', handler)
    app.get('/inherits', { config: { cors: { exposedHeaders: 'x-a' } } }, handler)
    app.get('/longer', { config: { cors: { maxAge: 800 } } }, handler)
    app.get('/longer-too', { config: { cors: { maxAge: 800 } } }, handler)
    app.get('/shorter', { config: { cors: { maxAge: 600 } } }, handler)
  }), ['max-age-capped GET /longer', 'max-age-capped GET /longer-too', 'authorization-not-covered null', 'max-age-capped null'])
  t.strictSame(await findings({ origin: page, allowedHeaders: '*', credentials: true }, app => {
    app.get('/', { config: { cors: { credentials: false } } }, handler)
    app.get('/left', { config: { cors: { credentials: false, preflight: false, maxAge: 5000 } } }, handler)
    app.get('/listed', { config: { cors: { credentials: false, allowedHeaders: ['*', 'Authorization'] } } }, handler)
  }), ['authorization-not-covered GET /'])
})

t.test('URLs whose routes differ in policy (A5), by whatever pattern they are reached', async t => {
  const own = { config: { cors: { maxAge: 5 } } }
  t.strictSame(await findings({ origin: page, methods: '*' }, app => {
    app.get('/same', own, handler)
    app.put('/same', own, handler)
    app.get('/text', own, handler)
    app.put('/text', handler)
    app.get('/users/me', handler)
    app.put('/users/:id', own, handler)
    app.get('/files/*', handler)
    app.delete('/files/one', own, handler)
    app.get('/r/:id(^\\d+$)', handler)
    app.put('/r/:id(^\\d+$)', own, handler)
    app.get('/off', { config: { cors: false } }, handler)
    app.put('/off', handler)
    app.get('/host', { constraints: { host: 'a.example' } }, handler)
    app.put('/host', { ...own, constraints: { host: 'b.example' } }, handler)
  }), ['/text', '/users/me', '/files/one', '/off'].map(url => `policies-differ ${url}`))
})

t.test('the routes are named, whoever covers them', async t => {
  const app = Fastify()
  app.register(corsPlugin, { origin: page, methods: '*' })
  app.get('/x', handler)
  app.register(async context => {
    context.register(corsPlugin, { origin: stranger, methods: '*' })
    context.put('/x', handler)
    context.addHook('onReady', async () => { t.match(context.cors.audit(), [{ code: 'policies-differ', route: '/x' }]) })
  })
  await app.ready()
  t.match(app.cors.audit(), [{ code: 'policies-differ', route: '/x', message: /: GET \/x; PUT \/x$/ }])
})

t.test('what the audit says of a URL is what its preflights do', async t => {
  const app = Fastify()
  app.register(corsPlugin, { origin: page, methods: '*', maxAge: 60 })
  app.get('/users/me', { config: { cors: { exposedHeaders: 'x-a' } } }, handler)
  app.put('/users/:id', handler)
  await app.ready()
  t.equal((await preflight(app, { origin: page, url: '/users/me' })).headers['access-control-max-age'], '0')
  t.equal((await preflight(app, { origin: page, url: '/users/1' })).headers['access-control-max-age'], '60')
  t.match(app.cors.audit(), [{ route: '/users/me' }])
})

t.test('constrained routes that a preflight can\'t tell apart (S5), but not those of different hosts', async t => {
  t.strictSame(await findings({ origin: page }, app => {
    app.get('/v', { constraints: { version: '1.0.0' }, config: { cors: { maxAge: 5 } } }, handler)
    app.get('/v', { constraints: { version: '2.0.0' } }, handler)
    app.get('/same', { constraints: { version: '1.0.0' } }, handler)
    app.get('/same', { constraints: { version: '2.0.0' } }, handler)
    app.get('/host', { constraints: { host: 'a.example' }, config: { cors: { maxAge: 5 } } }, handler)
    app.get('/host', { constraints: { host: 'b.example' } }, handler)
    app.get('/host', { constraints: { host: /^c/ } }, handler)
  }), ['policies-differ /v', 'constraints-leave-open GET /v'])
})

t.test('a HEAD route that Fastify added is nobody\'s mistake', async t => {
  t.strictSame(await findings({ origin: page }, app => {
    app.head('/x', { config: { cors: { maxAge: 5 } } }, handler)
    app.get('/x', { config: { cors: { maxAge: 5 } } }, handler)
    app.get('/y', { config: { cors: { maxAge: 700 } } }, handler)
  }), ['max-age-capped GET /y'])
})

t.test('its fixes come with their place: the registration, or config.cors of the routes', async t => {
  const { app, lines } = loggedApp()
  app.register(corsPlugin, { origin: page, allowedHeaders: '*' })
  app.put('/a', handler)
  app.delete('/b', handler)
  app.patch('/c', { config: { cors: { methods: ['GET'] } } }, handler)
  app.patch('/d', { config: { cors: { methods: ['GET'], maxAge: 5 } } }, handler)
  app.get('/e', { config: { cors: { allowedHeaders: '*', maxAge: 5 } } }, handler)
  app.get('/f', { config: { cors: { origin: page } } }, handler)
  await app.ready()
  t.match(lines('warn'), [
    /Fix: methods: \['GET', 'HEAD', 'POST', 'PUT', 'DELETE'\]; in config\.cors of PATCH \/c, PATCH \/d, methods: \['GET', 'PATCH'\]\.$/,
    /Fix: leave out config\.cors of GET \/f\.$/,
    /Fix: allowedHeaders: \['\*', 'Authorization'\]; in config\.cors of GET \/e, allowedHeaders: \['\*', 'Authorization'\]\.$/
  ])
})

t.test('it is logged once, when the server is ready: a line for each kind, with the routes named', async t => {
  const { app, lines } = loggedApp()
  app.register(corsPlugin, { origin: page, allowedHeaders: '*', maxAge: 700 })
  app.put('/a', handler)
  app.delete('/b', handler)
  app.get('/c', { config: { cors: { maxAge: 7000 } } }, handler)
  t.strictSame(lines('warn'), [])
  await app.ready()
  await app.inject('/c')
  t.match(lines('warn'), [
    /\(PUT \/a, DELETE \/b\)\. Fix: methods: \['GET', 'HEAD', 'POST', 'PUT', 'DELETE'\]\.$/,
    /^allowedHeaders: "\*" does not cover the header Authorization\. Fix: allowedHeaders: \['\*', 'Authorization'\]\.$/
  ])
  t.match(lines('info'), [/^maxAge .*\(GET \/c, all that is registered here\)/])
  t.equal(lines('warn').length + lines('info').length, 3)
})

t.test('audit: false silences it, and audit() returns it still', async t => {
  const { app, lines } = loggedApp()
  app.register(corsPlugin, { origin: page, audit: false })
  app.put('/', handler)
  await app.ready()
  t.strictSame(lines('warn'), [])
  t.match(app.cors.audit(), [{ code: 'method-not-allowed' }])
})

t.test('where nothing is wrong, nothing is logged', async t => {
  const { app, lines } = loggedApp()
  app.register(corsPlugin, { origin: page, methods: ['PUT'], maxAge: 600, allowedHeaders: ['*', 'authorization'] })
  app.put('/', handler)
  app.get('/', handler)
  await app.ready()
  t.strictSame([...lines('warn'), ...lines('info')], [])
  t.strictSame(app.cors.audit(), [])
})

t.test('reconfigure changes what it finds', async t => {
  const app = Fastify()
  app.register(corsPlugin, { origin: page })
  app.put('/', handler)
  await app.ready()
  t.equal(app.cors.audit().length, 1)
  app.cors.reconfigure({ origin: page, methods: ['PUT'] })
  t.strictSame(app.cors.audit(), [])
})
