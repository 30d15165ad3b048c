import Fastify, { type FastifyInstance, type FastifyPluginAsync, type FastifyServerOptions } from 'fastify'
import t, { type Test } from 'tap'
import corsPlugin, { type CorsOptions } from '../../lib/index.js'
import { corsHeaders, createApp, page, preflight, stranger } from '../helpers.js'

/** The origin that the override of the route under test allows; the registration's own is `page`. */
const own = 'https://own.example'
const cors = { origin: own, methods: ['PUT'] }

/** The preflight is answered with the route's override, and the request itself agrees. */
async function isOfRoute (t: Test, app: FastifyInstance, url: string, method: 'PUT' | 'GET' | 'HEAD' = 'PUT'): Promise<void> {
  const asked = await preflight(app, { origin: own, url, method })
  t.equal(asked.statusCode, 204, `${method} ${url}`)
  t.equal(asked.headers['access-control-allow-origin'], own, `${method} ${url}`)
  t.equal((await preflight(app, { origin: page, url, method })).statusCode, 403, `${method} ${url} from the registration's origin`)
  const answered = await app.inject({ method, url, headers: { origin: own } })
  t.equal(answered.statusCode, 200, `${method} ${url} itself`)
  t.equal(answered.headers['access-control-allow-origin'], own, `${method} ${url} itself`)
}

/** The preflight is answered with the registration's policy, as its 404 is. */
async function isOfNotFound (t: Test, app: FastifyInstance, url: string, method: 'PUT' | 'GET' = 'PUT'): Promise<void> {
  const asked = await preflight(app, { origin: page, url, method })
  t.equal(asked.statusCode, 204, `${method} ${url}`)
  t.equal(asked.headers['access-control-allow-origin'], page, `${method} ${url}`)
  t.equal((await preflight(app, { origin: own, url, method })).statusCode, 403, `${method} ${url} from the route's origin`)
  const answered = await app.inject({ method, url, headers: { origin: page } })
  t.equal(answered.statusCode, 404, `${method} ${url} itself`)
  t.equal(answered.headers['access-control-allow-origin'], page, `${method} ${url} itself`)
}

function appWithRoute (url: string, server: FastifyServerOptions = {}): FastifyInstance {
  const app = createApp({ origin: page, methods: ['PUT'] }, server)
  app.put(url, { config: { cors } }, async () => 'x')
  return app
}

for (const [route, found, notFound] of [
  ['/x', ['/x', '/x?q=/y'], ['/x/', '/X', '//x', '/x;q', '/y', '/x/y']],
  ['/users/:id', ['/users/1', '/users/%2F', '/users/a%20b?x', '/users/%25%23%3f', `/users/${'%2F'.repeat(100)}`, '/users/1?%zz'], ['/users', '/users/1/2', '/USERS/1']],
  ['/users/:id/posts/:post', ['/users/1/posts/2'], ['/users/1/posts', '/users/1']],
  ['/opt/:id?', ['/opt', '/opt/', '/opt/1'], ['/opt/1/2']],
  ['/re/:id(^\\d+$)', ['/re/1', '/re/123'], ['/re/a', '/re/1a']],
  ['/at/:id(^[^@]+$)', ['/at/%2F', '/at/%25'], ['/at/%40', '/at/a%40b']],
  ['/near/:lat-:lng', ['/near/1-2'], ['/near/12']],
  ['/file/:name.:ext(^png|jpg$)', ['/file/a.png'], ['/file/a.gif']],
  ['/w/*', ['/w/', '/w/a', '/w/a/b/c', '/w/%2F%25%3f/%C3%A9'], ['/w', '/w%2F', '/w%2Fa']],
  ['/a+b', ['/a+b'], ['/a%2Bb']],
  ['*', ['/', '/a', '/a/b'], []],
  ['/a::b', ['/a:b'], ['/a', '/ab']],
  ['/a b/é/:id', ['/a%20b/%C3%A9/1', '/a%20b/%c3%a9/%2F', '/a%20b/%C3%A9/%2541'], ['/a%2520b/%C3%A9/1', '/a+b/%C3%A9/1', '/a%20b%2F%C3%A9/1']],
  ['/100%/:id', ['/100%25/1', '/100%25/%25'], ['/100%2525/1']]
] as const) {
  t.test(`${route} is found as the application's router finds it`, async t => {
    const app = appWithRoute(route)
    for (const url of found) await isOfRoute(t, app, url)
    for (const url of notFound) await isOfNotFound(t, app, url)
  })
}

t.test('what can\'t be decoded reaches no route', async t => {
  const app = appWithRoute('/users/:id')
  for (const url of ['/users/%zz', '/users/%C3']) t.equal((await preflight(app, { origin: own, url })).statusCode, 400, url)
  await app.ready()
  t.equal(app.cors.policyFor({ method: 'PUT', url: '/users/%zz' }), null)
})

t.test('the route of a URL in absolute form is found as well, whatever stands before its path', async t => {
  const app = appWithRoute('/users/:id')
  await app.listen({ port: 0 })
  t.teardown(() => app.close())
  for (const url of ['http://h/users/1', 'http://h/users/%2F', 'http://a:b%5C@h/users/1']) {
    t.match(app.cors.policyFor({ method: 'PUT', url }), { origin: own }, url)
    t.equal((await preflight(app, { origin: own, url })).headers['access-control-allow-origin'], own, url)
  }
  for (const url of ['http://h%5Cx/users/1', 'http://h%09/users/1', '%2Fusers/1']) t.equal(app.cors.policyFor({ method: 'PUT', url }), null, url)
})

t.test('a URL with many encoded delimiters is looked up like any other, whatever the application\'s parameters', async t => {
  for (const other of ['/e/:id(^\\d+$)', '/e/:id']) {
    for (const count of [1, 13, 3000]) {
      const app = createApp({ origin: page, methods: ['PUT'] })
      app.put('/w/*', { config: { cors: { ...cors, maxAge: 60 } } }, async () => 'x')
      app.get(other, async () => 'x')
      const { headers } = await preflight(app, { origin: own, url: `/w/${'%2F'.repeat(count)}?${'%2F'.repeat(50)}` })
      t.equal(headers['access-control-allow-origin'], own)
      t.equal(headers['access-control-max-age'], '60')
    }
  }
})

t.test('a static route stands before a parameter, and both before a wildcard', async t => {
  const app = createApp({ origin: page, methods: ['PUT'] })
  app.put('/users/me', { config: { cors } }, async () => 'me')
  app.put('/users/:id', async () => 'one')
  app.put('/users/*', { config: { cors: false } }, async () => 'any')
  await isOfRoute(t, app, '/users/me')
  t.equal((await preflight(app, { origin: page, url: '/users/1' })).statusCode, 204)
  t.equal((await preflight(app, { origin: own, url: '/users/1' })).statusCode, 403)
  t.equal((await preflight(app, { origin: page, url: '/users/1/2' })).statusCode, 404)
})

t.test('a route of another method that is more specific does not hide the one announced', async t => {
  const app = createApp({ origin: page, methods: ['PUT'] })
  app.put('/:any', { config: { cors } }, async () => 'any')
  app.get('/x', async () => 'x')
  await isOfRoute(t, app, '/x')
})

t.test('the method that is announced decides among the routes of a URL', async t => {
  const app = createApp({ origin: page, methods: ['PUT', 'DELETE'] })
  app.put('/x', { config: { cors } }, async () => 'x')
  app.delete('/x', async () => 'x')
  app.patch('/x', { config: { cors: false } }, async () => 'x')
  t.equal((await preflight(app, { origin: own, url: '/x', method: 'PUT' })).statusCode, 204)
  t.equal((await preflight(app, { origin: own, url: '/x', method: 'DELETE' })).statusCode, 403)
  t.equal((await preflight(app, { origin: page, url: '/x', method: 'DELETE' })).statusCode, 204)
  t.equal((await preflight(app, { origin: page, url: '/x', method: 'PATCH' })).statusCode, 404)
})

t.test('a method that has no route is the 404\'s, whatever its name', async t => {
  const app = appWithRoute('/x')
  for (const method of ['DELETE', 'put', 'PROPFIND', 'NONSENSE', '__proto__', 'constructor', 'toString', 'PUT, DELETE', '*', '']) {
    const asked = await preflight(app, { origin: page, url: '/x', method })
    t.equal(asked.statusCode, 204, JSON.stringify(method))
    t.equal(asked.headers['access-control-allow-origin'], page)
    t.equal((await preflight(app, { origin: own, url: '/x', method })).statusCode, 403)
  }
})

t.test('a method added to Fastify is known', async t => {
  const app = createApp({ origin: page, methods: ['PROPFIND'] })
  app.addHttpMethod('PROPFIND')
  app.route({ method: 'PROPFIND', url: '/x', config: { cors: { origin: own } }, handler: async () => 'x' })
  t.equal((await preflight(app, { origin: own, url: '/x', method: 'PROPFIND' })).statusCode, 204)
})

t.test('routes of several methods, and all()', async t => {
  const app = createApp({ origin: page, methods: ['PUT', 'DELETE'] })
  app.route({ method: ['PUT', 'DELETE'], url: '/both', config: { cors: { origin: own } }, handler: async () => 'x' })
  app.all('/all', { config: { cors: { origin: own } } }, async () => 'x')
  for (const url of ['/both', '/all']) {
    for (const method of ['PUT', 'DELETE']) t.equal((await preflight(app, { origin: own, url, method })).statusCode, 204, `${method} ${url}`)
  }
  t.equal((await preflight(app, { origin: own, url: '/both', method: 'PATCH' })).statusCode, 403)
  t.equal((await preflight(app, { origin: own, url: '/all', method: 'PATCH' })).statusCode, 204)
})

for (const where of ['routerOptions', 'the top level'] as const) {
  const settings = (options: object): FastifyServerOptions => where === 'routerOptions' ? { routerOptions: options } : options

  t.test(`caseSensitive: false at ${where} holds for preflights`, async t => {
    const app = appWithRoute('/Users/:id', settings({ caseSensitive: false }))
    for (const url of ['/users/a', '/USERS/a', '/Users/A']) await isOfRoute(t, app, url)
  })

  t.test(`ignoreTrailingSlash at ${where} holds for preflights`, async t => {
    const app = appWithRoute('/users/:id', settings({ ignoreTrailingSlash: true }))
    for (const url of ['/users/a', '/users/a/', '/users/a/?q=1']) await isOfRoute(t, app, url)
  })

  t.test(`ignoreDuplicateSlashes at ${where} holds for preflights`, async t => {
    const app = appWithRoute('/users/:id', settings({ ignoreDuplicateSlashes: true }))
    for (const url of ['/users/a', '//users///a', '/users//a']) await isOfRoute(t, app, url)
  })

  t.test(`useSemicolonDelimiter at ${where} holds for preflights`, async t => {
    const app = appWithRoute('/users', settings({ useSemicolonDelimiter: true }))
    for (const url of ['/users', '/users;q=1']) await isOfRoute(t, app, url)
  })

  t.test(`maxParamLength at ${where} holds for preflights`, async t => {
    const app = appWithRoute('/users/:id', settings({ maxParamLength: 5 }))
    await isOfRoute(t, app, '/users/12345')
    const asked = await preflight(app, { origin: page, url: '/users/123456' })
    t.equal(asked.statusCode, 204, 'a request that Fastify refuses before any hook reaches no route')
    t.equal(asked.headers['access-control-allow-origin'], page)
  })
}

t.test('rewriteUrl holds for preflights', async t => {
  const app = appWithRoute('/new', { rewriteUrl: ({ url = '/' }) => url.replace('/old', '/new') })
  await isOfRoute(t, app, '/old')
})

t.test('HEAD routes that Fastify adds have the policy of their GET', async t => {
  const app = createApp({ origin: page })
  app.get('/x', { config: { cors: { origin: own } } }, async () => 'x')
  await isOfRoute(t, app, '/x', 'HEAD')
  await isOfRoute(t, app, '/x', 'GET')

  const own404 = createApp({ origin: page }, { exposeHeadRoutes: false })
  own404.get('/x', { config: { cors: { origin: own } } }, async () => 'x')
  await isOfRoute(t, own404, '/x', 'GET')
  t.equal((await preflight(own404, { origin: own, url: '/x', method: 'HEAD' })).statusCode, 403)
})

t.test('a HEAD route of the application\'s own has its own', async t => {
  const app = createApp({ origin: page })
  app.head('/x', { config: { cors: { origin: own } } }, async () => '')
  app.get('/x', async () => 'x')
  await isOfRoute(t, app, '/x', 'HEAD')
  t.equal((await preflight(app, { origin: own, url: '/x', method: 'GET' })).statusCode, 403)
})

for (const [prefixTrailingSlash, found, missing] of [
  ['both', ['/v1', '/v1/'], []],
  ['slash', ['/v1/'], ['/v1']],
  ['no-slash', ['/v1'], ['/v1/']]
] as const) {
  t.test(`an index route with prefixTrailingSlash: ${prefixTrailingSlash}`, async t => {
    const app = createApp({ origin: page, methods: ['PUT'] })
    app.register(async context => {
      context.route({ method: 'PUT', url: '/', prefixTrailingSlash, config: { cors }, handler: async () => 'x' })
    }, { prefix: '/v1' })
    for (const url of found) await isOfRoute(t, app, url)
    for (const url of missing) await isOfNotFound(t, app, url)
  })
}

t.test('an index route and one with the slash spelled out are two', async t => {
  const app = createApp({ origin: page, methods: ['PUT'] })
  app.register(async context => {
    context.route({ method: 'PUT', url: '/', prefixTrailingSlash: 'no-slash', config: { cors }, handler: async () => 'x' })
  }, { prefix: '/v1' })
  app.put('/v1/', async () => 'slash')
  await isOfRoute(t, app, '/v1')
  t.equal((await preflight(app, { origin: page, url: '/v1/' })).statusCode, 204)
  t.equal((await preflight(app, { origin: own, url: '/v1/' })).statusCode, 403)
})

t.test('no route: the policy of the context that gives the 404', async t => {
  const app = createApp({ origin: page })
  app.register(async context => {
    context.register(corsPlugin, { origin: own })
    context.setNotFoundHandler(async (_request, reply) => reply.code(404).send('inner'))
    context.get('/there', async () => 'there')
  }, { prefix: '/own' })
  app.register(async context => {
    context.register(corsPlugin, { origin: own })
    context.get('/there', async () => 'there')
  }, { prefix: '/none' })

  for (const [url, origin, other] of [['/own/nope', own, page], ['/own', own, page], ['/none/nope', page, own], ['/nope', page, own]] as const) {
    const asked = await preflight(app, { origin, url })
    t.equal(asked.statusCode, 204, url)
    t.equal(asked.headers['access-control-allow-origin'], origin, url)
    t.equal((await preflight(app, { origin: other, url })).statusCode, 403, url)
    const answered = await app.inject({ method: 'PUT', url, headers: { origin } })
    t.equal(answered.statusCode, 404)
    t.equal(answered.headers['access-control-allow-origin'], origin, url)
  }
})

t.test('no route by the method, but an OPTIONS route of the application: the policy of the 404 answers', async t => {
  const stub = async (): Promise<string> => 'own'
  const nested = (prefix: string, options: CorsOptions, has404: boolean): FastifyPluginAsync => async app => {
    await app.register(async context => {
      await context.register(corsPlugin, options)
      if (has404) context.setNotFoundHandler(async (_request, reply) => reply.code(404).send('inner'))
      context.get('/there', stub)
      context.options('/there', stub)
    }, { prefix })
  }
  const withNested = (app: FastifyInstance): FastifyInstance => {
    app.register(nested('/own', { origin: own }, true))
    app.register(nested('/none', { origin: own }, false))
    app.register(nested('/silent', { origin: own, preflight: false }, false))
    app.register(nested('/silent-own', { origin: own, preflight: false }, true))
    app.register(nested('/chosen', { delegator: () => ({ origin: own }) }, false))
    app.register(nested('/:tenant/x', { origin: own }, true))
    return app
  }
  const covered = withNested(createApp({ origin: page }))
  for (const [url, origin] of [['/own/there', own], ['/none/there', page], ['/silent/there', page], ['/chosen/there', page], ['/acme/x/there', own]] as const) {
    const asked = await preflight(covered, { origin, url })
    t.equal(asked.statusCode, 204, url)
    t.equal(asked.headers['access-control-allow-origin'], origin, url)
    const answered = await covered.inject({ method: 'PUT', url, headers: { origin } })
    t.equal(answered.statusCode, 404)
    t.equal(answered.headers['access-control-allow-origin'], origin, url)
  }
  t.equal((await preflight(covered, { origin: own, url: '/silent-own/there' })).body, 'own', 'left to the application')

  const uncovered = withNested(Fastify())
  for (const url of ['/none/there', '/silent/there', '/chosen/there']) t.equal((await preflight(uncovered, { origin: own, url })).body, 'own', `${url}: its 404 has no policy`)
  t.equal((await preflight(uncovered, { origin: own, url: '/own/there' })).statusCode, 204)
})

t.test('no route and no policy: the request is left to the application', async t => {
  const app = Fastify()
  app.register(async context => {
    context.register(corsPlugin, { origin: page })
    context.get('/there', async () => 'there')
  }, { prefix: '/v1' })
  app.options('/elsewhere', async () => 'own')
  const missing = await preflight(app, { origin: page, url: '/v1/nope' })
  t.equal(missing.statusCode, 404)
  t.strictSame(corsHeaders(missing), {})
  t.equal((await preflight(app, { origin: page, url: '/elsewhere' })).body, 'own')
})

t.test('a stranger learns nothing from the preflight of a missing route', async t => {
  const asked = await preflight(appWithRoute('/x'), { origin: stranger, url: '/nope' })
  t.equal(asked.statusCode, 403)
  t.notOk(Object.keys(asked.headers).some(name => name.startsWith('access-control')))
})

for (const prefix of ['/files', '/files/', '/a/files', '/:tenant/files']) {
  t.test(`'*' below the prefix ${prefix} has preflights for all that it reaches`, async t => {
    const app = Fastify()
    app.register(async context => {
      context.register(corsPlugin, { origin: page, methods: ['PUT'] })
      context.put('*', async () => 'x')
      context.put('/named/:id', async () => 'x')
    }, { prefix })
    app.options('*', async (_request, reply) => reply.code(207).send())
    const base = prefix.replace(':tenant', 't').replace(/\/$/, '')
    for (const rest of ['', '/', '/new', '/a/b', '-old', '-old/a', '.json', '/named/1']) {
      const url = base + rest
      const reached = (await app.inject({ method: 'PUT', url })).statusCode === 200
      t.equal((await preflight(app, { origin: page, url })).statusCode, reached ? 204 : 207, url)
    }
    t.equal((await preflight(app, { origin: page, url: '/other' })).statusCode, 207)
  })
}

t.test('below a prefix that ends in a parameter, preflights arrive too', async t => {
  const app = Fastify()
  app.register(async context => {
    context.register(corsPlugin, { origin: page, methods: ['PUT'] })
    context.put('/', async () => 'x')
    context.put('/*', async () => 'x')
  }, { prefix: '/:tenant' })
  for (const url of ['/t', '/t/', '/t/a/b']) t.equal((await preflight(app, { origin: page, url })).statusCode, 204, url)
})
