import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'
import type { ConstraintStrategy, HTTPVersion } from 'find-my-way'
import type { IncomingMessage } from 'node:http'
import t, { type Test } from 'tap'
import corsPlugin, { type RouteCorsOptions } from '../../lib/index.js'
import { corsHeaders, createApp, page, preflight } from '../helpers.js'

const a = 'https://a.example'
const b = 'https://b.example'

interface Constrained { constraints?: Record<string, unknown>, cors: RouteCorsOptions | boolean, name?: string }

function appWith (routes: readonly Constrained[], server: FastifyServerOptions = {}): FastifyInstance {
  const app = createApp({ origin: page, methods: ['PUT'] }, server)
  declare(app, routes)
  return app
}

function declare (app: FastifyInstance, routes: readonly Constrained[]): void {
  for (const { constraints, cors, name = 'x' } of routes) {
    app.route({ method: 'PUT', url: '/x', ...constraints === undefined ? {} : { constraints }, config: { cors }, handler: async () => name })
  }
}

async function isGranted (t: Test, app: FastifyInstance, origin: string, more: Record<string, string> = {}): Promise<void> {
  const asked = await preflight(app, { origin, url: '/x', more })
  t.equal(asked.statusCode, 204, `${origin} ${JSON.stringify(more)}`)
  t.equal(asked.headers['access-control-allow-origin'], origin)
}

async function isRefused (t: Test, app: FastifyInstance, origin: string, more: Record<string, string> = {}): Promise<void> {
  const asked = await preflight(app, { origin, url: '/x', more })
  t.equal(asked.statusCode, 403, `${origin} ${JSON.stringify(more)}`)
  t.notOk('access-control-allow-origin' in asked.headers)
}

/** The preflight and the request itself are decided alike. */
async function agree (t: Test, app: FastifyInstance, host: string): Promise<void> {
  for (const origin of [a, b, page]) {
    const answered = await app.inject({ method: 'PUT', url: '/x', headers: { origin, host } })
    if (answered.headers['access-control-allow-origin'] === origin) await isGranted(t, app, origin, { host })
    else await isRefused(t, app, origin, { host })
  }
}

t.test('the host of the preflight decides among host constraints', async t => {
  const app = appWith([
    { constraints: { host: 'a.test' }, cors: { origin: a } },
    { constraints: { host: /^b\d\.test$/ }, cors: { origin: b } },
    { cors: true }
  ])
  for (const host of ['a.test', 'b1.test', 'b2.test', 'a.test:8080', 'c.test', 'A.test']) await agree(t, app, host)
  await isGranted(t, app, a, { host: 'a.test' })
  await isGranted(t, app, b, { host: 'b7.test' })
  await isGranted(t, app, page, { host: 'other.test' })
})

for (const [name, hosts] of [
  ['the exact one first', ['a.test', /test$/]],
  ['the expression first', [/test$/, 'a.test']],
  ['two expressions', [/^a/, /test$/]],
  ['two expressions the other way', [/test$/, /^a/]]
] as const) {
  t.test(`of two host constraints that match, the router's own choice counts: ${name}`, async t => {
    const app = appWith(hosts.map((host, i) => ({ constraints: { host }, cors: { origin: i === 0 ? a : b }, name: String(i) })))
    await agree(t, app, 'a.test')
  })
}

t.test('a host that no route is for is the 404\'s', async t => {
  const app = appWith([{ constraints: { host: 'a.test' }, cors: { origin: a } }])
  await isGranted(t, app, page, { host: 'b.test' })
  await isRefused(t, app, a, { host: 'b.test' })
})

t.test('versions whose policies differ grant only what each of them would', async t => {
  const app = appWith([
    { constraints: { version: '1.0.0' }, cors: { origin: [a, page] } },
    { constraints: { version: '2.0.0' }, cors: { origin: [b, page] } }
  ])
  await isGranted(t, app, page)
  await isRefused(t, app, a)
  await isRefused(t, app, b)
  const asked = await preflight(app, { origin: page, url: '/x' })
  t.equal(asked.headers['access-control-max-age'], '0', 'and a browser may not remember it')
})

t.test('versions that agree answer as one', async t => {
  const app = appWith([
    { constraints: { version: '1.0.0' }, cors: { origin: a, maxAge: 60 } },
    { constraints: { version: '2.0.0' }, cors: { origin: a, maxAge: 60 } }
  ])
  const asked = await preflight(app, { origin: a, url: '/x' })
  t.equal(asked.headers['access-control-max-age'], '60')
  await isRefused(t, app, page)
})

t.test('a method, a header or credentials that one version lacks is not granted', async t => {
  for (const reversed of [false, true]) {
    const versions: Constrained[] = [
      { constraints: { version: '1.0.0' }, cors: { origin: a, methods: ['PUT'], allowedHeaders: ['x-a', 'x-b'], credentials: true } },
      { constraints: { version: '2.0.0' }, cors: { origin: a, methods: ['PUT'], allowedHeaders: ['x-b'] } }
    ]
    const app = appWith(reversed ? versions.reverse() : versions)
    const asked = await preflight(app, { origin: a, url: '/x', headers: 'x-a' })
    t.equal(asked.headers['access-control-allow-headers'], 'x-b')
    t.notOk('access-control-allow-credentials' in asked.headers)
    const granted = await preflight(app, { origin: a, url: '/x', headers: 'x-b' })
    t.match(granted.headers['access-control-allow-headers'], 'x-b')
    t.notOk('access-control-allow-credentials' in granted.headers)

    const methods = appWith((reversed ? [['PUT'], ['DELETE']] : [['DELETE'], ['PUT']])
      .map((methods, i) => ({ constraints: { version: `${i + 1}.0.0` }, cors: { origin: a, methods } })))
    t.notMatch((await preflight(methods, { origin: a, url: '/x' })).headers['access-control-allow-methods'], /PUT/)
  }
})

t.test('Vary says that the answer depends on the origin if any version\'s does', async t => {
  for (const reversed of [false, true]) {
    const versions: Constrained[] = [
      { constraints: { version: '1.0.0' }, cors: { origin: '*', methods: ['PUT'], allowedHeaders: ['x-a'] } },
      { constraints: { version: '2.0.0' }, cors: { origin: a, methods: ['PUT'], allowedHeaders: ['x-a'] } }
    ]
    const app = appWith(reversed ? versions.reverse() : versions)
    for (const origin of [a, b]) {
      t.match((await preflight(app, { origin, url: '/x', headers: 'x-a' })).headers.vary, /Origin/, `${origin}, reversed: ${reversed}`)
    }
  }
})

t.test('a version with CORS off leaves the preflight to the application', async t => {
  const app = appWith([
    { constraints: { version: '1.0.0' }, cors: false },
    { constraints: { version: '2.0.0' }, cors: { origin: a } }
  ])
  const asked = await preflight(app, { origin: a, url: '/x' })
  t.equal(asked.statusCode, 404)
  t.strictSame(corsHeaders(asked), {})
})

t.test('a route without the version is a candidate too', async t => {
  const app = appWith([
    { constraints: { version: '1.0.0' }, cors: { origin: [a, page] } },
    { cors: { origin: page } }
  ])
  await isGranted(t, app, page)
  await isRefused(t, app, a)
})

t.test('a host that does not match takes its versions out of the candidates', async t => {
  const app = appWith([
    { constraints: { version: '1.0.0', host: 'a.test' }, cors: { origin: a } },
    { constraints: { version: '1.0.0', host: 'b.test' }, cors: { origin: b } }
  ])
  await isGranted(t, app, a, { host: 'a.test' })
  await isRefused(t, app, b, { host: 'a.test' })
  await isGranted(t, app, b, { host: 'b.test' })
})

type Strategy = ConstraintStrategy<HTTPVersion.V1, string>

/** @param parameters - with three, a router takes a strategy for asynchronous */
function strategy (name: string, derive: (request: IncomingMessage) => string | undefined, parameters = 1): Strategy {
  const deriveConstraint: Strategy['deriveConstraint'] = function (request) {
    const done: unknown = arguments[2]
    const derived = derive(request) ?? ''
    return typeof done === 'function' ? done(null, derived) : derived
  }
  Object.defineProperty(deriveConstraint, 'length', { value: parameters })
  return {
    name,
    storage () {
      const handlers = new Map<unknown, ReturnType<ReturnType<Strategy['storage']>['get']>>()
      return {
        get: value => handlers.get(value) ?? null,
        set: (value, handler) => { handlers.set(value, handler) }
      }
    },
    validate () {},
    deriveConstraint
  }
}

const tenants: Constrained[] = [
  { constraints: { tenant: 'a' }, cors: { origin: [a, page] } },
  { constraints: { tenant: 'b' }, cors: { origin: [b, page] } }
]

for (const where of ['routerOptions', 'the top level'] as const) {
  t.test(`a strategy given at creation (${where}) that reads the host is followed`, async t => {
    const constraints = { tenant: strategy('tenant', ({ headers }) => headers.host?.split('.')[0]) }
    const app = appWith(tenants, where === 'routerOptions' ? { routerOptions: { constraints } } : { constraints })
    await isGranted(t, app, a, { host: 'a.test' })
    await isRefused(t, app, b, { host: 'a.test' })
    await isGranted(t, app, b, { host: 'b.test' })
    await isGranted(t, app, page, { host: 'c.test' })
    await isRefused(t, app, a, { host: 'c.test' })
  })
}

t.test('a strategy that reads the URL, or the method, sees those of the announced request', async t => {
  const byQuery = appWith(tenants, { routerOptions: { constraints: { tenant: strategy('tenant', ({ url = '' }) => url.split('?tenant=')[1]) } } })
  t.equal((await preflight(byQuery, { origin: a, url: '/x?tenant=a' })).statusCode, 204)
  t.equal((await preflight(byQuery, { origin: a, url: '/x?tenant=b' })).statusCode, 403)

  const byMethod = appWith([
    { constraints: { tenant: 'PUT' }, cors: { origin: a } },
    { constraints: { tenant: 'OPTIONS' }, cors: { origin: b } }
  ], { routerOptions: { constraints: { tenant: strategy('tenant', ({ method }) => method) } } })
  await isGranted(t, byMethod, a)
  await isRefused(t, byMethod, b)
})

for (const [name, derive] of [
  ['reads a header that preflights don\'t carry', ({ headers }: IncomingMessage) => String(headers['x-tenant'])],
  ['asks whether there is one', ({ headers }: IncomingMessage) => 'x-tenant' in headers ? 'a' : 'b'],
  ['looks for one of its own', ({ headers }: IncomingMessage) => Object.hasOwn(headers, 'x-tenant') ? 'a' : 'b'],
  ['walks over all of them', ({ headers }: IncomingMessage) => Object.keys(headers).includes('x-tenant') ? 'a' : 'b'],
  ['reads them raw', ({ rawHeaders }: IncomingMessage) => rawHeaders.includes('x-tenant') ? 'a' : 'b'],
  ['reads a header that differs in the preflight', ({ headers }: IncomingMessage) => headers.accept?.includes('json') === true ? 'a' : 'b'],
  ['throws', () => { throw new Error('no tenant') }]
] as const) {
  t.test(`under a strategy that ${name}, every route is a candidate`, async t => {
    const app = createApp({ origin: page, methods: ['PUT'] }, { routerOptions: { constraints: { tenant: strategy('tenant', request => isPut(request) ? derive(request) : undefined) } } })
    declare(app, tenants)
    await isGranted(t, app, page, { accept: '*/*' })
    await isRefused(t, app, a, { accept: '*/*' })
    await isRefused(t, app, b, { accept: '*/*' })
  })
}

/** Routing the preflight itself must not fail, where a strategy throws. */
function isPut ({ method }: IncomingMessage): boolean {
  return method === 'PUT'
}

t.test('a strategy that was added later can\'t be read: every route is a candidate', async t => {
  const app = Fastify()
  app.addConstraintStrategy(strategy('tenant', ({ headers }) => headers.host?.split('.')[0]))
  app.register(corsPlugin, { origin: page, methods: ['PUT'] })
  declare(app, tenants)
  await isGranted(t, app, page, { host: 'a.test' })
  await isRefused(t, app, a, { host: 'a.test' })
})

t.test('an asynchronous strategy can\'t be waited for: every route is a candidate', async t => {
  const app = appWith(tenants, { routerOptions: { constraints: { tenant: strategy('tenant', ({ headers }) => headers.host?.split('.')[0], 3) } } })
  await isGranted(t, app, page, { host: 'a.test' })
  await isRefused(t, app, a, { host: 'a.test' })
})

t.test('the application may override a strategy of the router', async t => {
  const app = appWith([
    { constraints: { host: 'a' }, cors: { origin: a } },
    { constraints: { host: 'b' }, cors: { origin: b } }
  ], { routerOptions: { constraints: { host: strategy('host', ({ headers }) => headers.host?.split('.')[0]) } } })
  await isGranted(t, app, a, { host: 'a.test' })
  await isRefused(t, app, a, { host: 'b.test' })
})

/** `/users/me` for the shop, and below it a route that the router comes to where it passes over the first. */
function usersApp (constraints: Record<string, string>, server: FastifyServerOptions = {}): FastifyInstance {
  const app = createApp({ origin: page, methods: ['DELETE'], allowedHeaders: ['accept-version', 'x-tenant'] }, server)
  app.delete('/users/me', { config: { cors: { origin: shop } } }, async () => 'me')
  app.delete('/users/:id', { constraints, config: { cors: { origin: admin } } }, async () => 'other')
  return app
}

const shop = 'https://shop.example'
const admin = 'https://admin.example'

/** Who is granted a DELETE of `/users/me` that has a header. */
async function grantedFor (app: FastifyInstance, headers?: string): Promise<string[]> {
  const granted: string[] = []
  for (const origin of [shop, admin, page]) {
    const asked = await preflight(app, { origin, url: '/users/me', method: 'DELETE', ...headers === undefined ? {} : { headers } })
    if (asked.headers['access-control-allow-origin'] === origin) granted.push(origin)
  }
  return granted
}

t.test('a version that is announced leads past the route without one, as it will lead the request', async t => {
  const app = usersApp({ version: '2.0.0' })
  t.equal((await app.inject({ method: 'DELETE', url: '/users/me', headers: { 'accept-version': '2.0.0' } })).body, 'other')
  t.strictSame(await grantedFor(app, 'accept-version'), [admin])
  t.strictSame(await grantedFor(app, 'Accept-Version, x-other'), [admin])
  t.strictSame(await grantedFor(app), [shop], 'what is not announced is not sent')
  t.strictSame(await grantedFor(app, 'x-other'), [shop])
  t.strictSame(await grantedFor(app, Array.from({ length: 65 }, (_, i) => `x-${i}`).join()), [shop], 'however many others are')
})

t.test('a version that is announced where only routes without one are gets the policy of the 404', async t => {
  const app = createApp({ origin: page, methods: ['DELETE'] })
  app.delete('/users/me', { config: { cors: { origin: shop } } }, async () => 'me')
  app.delete('/other', { constraints: { version: '1.0.0' } }, async () => 'other')
  t.equal((await app.inject({ method: 'DELETE', url: '/users/me', headers: { 'accept-version': '1.0.0' } })).statusCode, 404)
  t.strictSame(await grantedFor(app, 'accept-version'), [page])
  t.strictSame(await grantedFor(app), [shop])
})

t.test('a version that a proxy has put in the preflight is as good as announced', async t => {
  const asked = await preflight(usersApp({ version: '2.0.0' }), { origin: shop, url: '/users/me', method: 'DELETE', more: { 'accept-version': '2.0.0' } })
  t.equal(asked.statusCode, 403)
})

for (const mustMatchWhenDerived of [true, false]) {
  t.test(`a strategy of the application's own ${mustMatchWhenDerived ? 'that must match' : 'that need not match'} is followed past a more specific route`, async t => {
    const tenant = { ...strategy('tenant', () => ''), mustMatchWhenDerived, deriveConstraint: tenantOf }
    const app = usersApp({ tenant: 'a' }, { routerOptions: { constraints: { tenant } } })
    const answered = await app.inject({ method: 'DELETE', url: '/users/me', headers: { 'x-tenant': 'a' } })
    t.equal(answered.body, mustMatchWhenDerived ? 'other' : 'me')
    t.strictSame(await grantedFor(app, 'x-tenant'), mustMatchWhenDerived ? [] : [shop], 'it may derive nothing from what is announced')
    t.strictSame(await grantedFor(app), [shop])
  })
}

/** The types of routers forget that there may be no value. */
function tenantOf (request: IncomingMessage): string
function tenantOf ({ headers }: IncomingMessage): string | undefined {
  return headers['x-tenant']?.toString()
}

t.test('a strategy that must match leads past a route where no other has its constraint', async t => {
  const tenant = { ...strategy('tenant', ({ headers }) => headers.host), mustMatchWhenDerived: true }
  const app = createApp({ origin: page, methods: ['PUT'] }, { routerOptions: { constraints: { tenant } } })
  app.put('/x', { config: { cors: { origin: a } } }, async () => 'x')
  t.equal((await app.inject({ method: 'PUT', url: '/x' })).statusCode, 404)
  await isRefused(t, app, a)
})

t.test('a strategy for versions that was added later can\'t be read: every route is a candidate', async t => {
  const app = Fastify()
  app.addConstraintStrategy({ ...strategy('version', ({ headers }) => headers['x-api']?.toString()), mustMatchWhenDerived: true })
  app.register(corsPlugin, { origin: page, methods: ['DELETE'] })
  app.delete('/users/me', { config: { cors: { origin: [shop, page] } } }, async () => 'me')
  app.delete('/users/:id', { constraints: { version: '2' }, config: { cors: { origin: [admin, page] } } }, async () => 'other')
  t.strictSame(await grantedFor(app), [page])
})

t.test('of the values of a strategy\'s own storage, the one that it finds counts', async t => {
  const area = strategy('area', ({ headers }) => headers.host)
  const byStart = {
    ...area,
    storage () {
      const handlers = new Map<unknown, ReturnType<ReturnType<Strategy['storage']>['get']>>()
      return {
        get: (value: unknown) => [...handlers].find(([start]) => String(value).startsWith(String(start)))?.[1] ?? null,
        set: (value: unknown, handler: ReturnType<ReturnType<Strategy['storage']>['get']>) => { handlers.set(value, handler) }
      }
    }
  }
  const app = appWith([
    { constraints: { area: 'ab' }, cors: { origin: a }, name: 'ab' },
    { constraints: { area: 'a' }, cors: { origin: b }, name: 'a' }
  ], { routerOptions: { constraints: { area: byStart } } })
  for (const host of ['abc', 'ac', 'b']) await agree(t, app, host)
})

for (const method of ['get', 'set'] as const) {
  t.test(`a strategy whose storage fails to ${method} leaves every route a candidate`, async t => {
    let fails = false
    const tenant = strategy('tenant', ({ headers }) => headers.host?.split('.')[0])
    const failing = {
      ...tenant,
      storage () {
        const storage = tenant.storage()
        const own = storage[method]
        const attempt = (...parameters: Parameters<typeof own>): unknown => {
          if (fails) throw new Error('no storage')
          return Reflect.apply(own, storage, parameters)
        }
        return Object.assign(storage, { [method]: attempt })
      }
    }
    const app = createApp({ origin: page, methods: ['PUT'], audit: method === 'get' }, { routerOptions: { constraints: { tenant: failing } } })
    declare(app, tenants)
    // Fastify's own storages are filled at boot; so are the plugin's, where it looks through the routes for the audit.
    await app.ready()
    fails = true
    await isGranted(t, app, page, { host: 'a.test' })
    await isRefused(t, app, a, { host: 'a.test' })
  })
}

t.test('the audit names versions that differ, not a route without one, which decides alone', async t => {
  const codes = async (versions: readonly Constrained[]): Promise<string[]> => {
    const app = appWith(versions)
    await app.ready()
    return app.cors.audit().map(({ code }) => code)
  }
  const one: Constrained = { constraints: { version: '1.0.0' }, cors: { origin: a } }
  t.ok((await codes([one, { constraints: { version: '2.0.0' }, cors: { origin: b } }])).includes('constraints-leave-open'))
  t.notOk((await codes([one, { cors: { origin: b } }])).includes('constraints-leave-open'))
})

t.test('the audit names a more specific route that requests pass over', async t => {
  const tenant = { ...strategy('tenant', () => ''), mustMatchWhenDerived: true, deriveConstraint: tenantOf }
  const app = usersApp({ tenant: 'a' }, { routerOptions: { constraints: { tenant } } })
  await app.ready()
  t.match(app.cors.audit().filter(({ code }) => code === 'constraints-leave-open').map(({ route }) => route), ['DELETE /users/me'])
})

t.test('a 404 below a registration of its own is the root\'s, though there is an OPTIONS route', async t => {
  const app = createApp({ origin: page, methods: ['PUT'] })
  app.register(async context => {
    context.register(corsPlugin, { origin: a, methods: ['PUT'] })
    context.options('/x', async () => 'own')
  })
  t.equal((await app.inject({ method: 'PUT', url: '/x', headers: { origin: page } })).headers['access-control-allow-origin'], page)
  await isGranted(t, app, page)
  await isRefused(t, app, a)
  t.equal((await app.inject({ method: 'OPTIONS', url: '/x' })).body, 'own')
})

t.test('an index route keeps its slash beside a route with that slash and a constraint', async t => {
  const app = createApp({ origin: page, methods: ['PUT'] })
  app.register(async context => { context.put('/', { config: { cors: { origin: a } } }, async () => 'index') }, { prefix: '/x' })
  app.put('/x/', { constraints: { host: 'b.test' }, config: { cors: { origin: b } } }, async () => 'slash')
  const granted = async (host: string, origin: string): Promise<boolean> => (await preflight(app, { origin, url: '/x/', more: { host } })).statusCode === 204
  t.equal((await app.inject({ method: 'PUT', url: '/x/', headers: { host: 'a.test' } })).body, 'index')
  t.strictSame([await granted('a.test', a), await granted('a.test', b), await granted('b.test', a), await granted('b.test', b)], [true, false, false, true])
})
