import fastifyStatic from '@fastify/static'
import swagger from '@fastify/swagger'
import Fastify, { type FastifyReply } from 'fastify'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import corsPlugin from '../../lib/index.js'
import { corsHeaders, createApp, page, preflight, stranger } from '../helpers.js'

function folderOfFiles (t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'cors-static-'))
  writeFileSync(join(folder, 'page.txt'), 'a file')
  t.teardown(() => rmSync(folder, { recursive: true }))
  return folder
}

t.test('static files, before and after the plugin', async t => {
  const root = folderOfFiles(t)
  for (const order of ['before', 'after']) {
    const app = Fastify()
    if (order === 'before') app.register(fastifyStatic, { root })
    app.register(corsPlugin, { origin: page, methods: ['PUT'] })
    if (order === 'after') app.register(fastifyStatic, { root })

    const file = await app.inject({ url: '/page.txt', headers: { origin: page } })
    t.equal(file.body, 'a file')
    t.equal(file.headers['access-control-allow-origin'], page)
    t.match(file.headers.vary, /Origin/)
    t.equal((await app.inject({ url: '/page.txt', headers: { origin: stranger } })).headers['access-control-allow-origin'], undefined)
    t.equal((await preflight(app, { origin: page, url: '/page.txt', method: 'GET' })).statusCode, 204)
    const missing = await app.inject({ url: '/none.txt', headers: { origin: page } })
    t.equal(missing.statusCode, 404)
    t.equal(missing.headers['access-control-allow-origin'], page)
  }
})

for (const url of ['*', '/*', '/:any', '/x']) {
  t.test(`an OPTIONS route at ${url} gets every OPTIONS request but preflights, before and after the plugin`, async t => {
    for (const order of ['before', 'after']) {
      const app = Fastify()
      if (order === 'before') app.options(url, async () => 'own')
      app.register(corsPlugin, { origin: page, methods: ['PUT'] })
      if (order === 'after') app.options(url, async () => 'own')
      app.put('/x', async () => 'x')

      for (const headers of [{}, { origin: page }, { 'access-control-request-method': 'PUT' }, { 'access-control-request-headers': 'x-a' }]) {
        t.equal((await app.inject({ method: 'OPTIONS', url: '/x', headers })).body, 'own', JSON.stringify(headers))
      }
      const asked = await preflight(app, { origin: page, url: '/x' })
      t.equal(asked.statusCode, 204)
      t.equal(asked.body, '')
      t.equal((await preflight(app, { origin: stranger, url: '/x' })).statusCode, 403)
    }
  })
}

t.test('an OPTIONS route with a constraint of its own is kept', async t => {
  const app = createApp({ origin: page, methods: ['PUT'] })
  app.route({ method: 'OPTIONS', url: '/x', constraints: { host: 'a.test' }, handler: async () => 'a' })
  app.route({ method: 'OPTIONS', url: '/x', handler: async () => 'any' })
  app.put('/x', async () => 'x')
  t.equal((await app.inject({ method: 'OPTIONS', url: '/x', headers: { host: 'a.test' } })).body, 'a')
  t.equal((await app.inject({ method: 'OPTIONS', url: '/x', headers: { host: 'b.test' } })).body, 'any')
  t.equal((await preflight(app, { origin: page, url: '/x', more: { host: 'a.test' } })).statusCode, 204)
})

t.test('an OPTIONS route that is more specific than the plugin\'s does not keep preflights from it', async t => {
  const app = createApp({ origin: page, methods: ['PUT'] })
  app.register(async context => {
    context.register(corsPlugin, { origin: 'https://inner.example', methods: ['PUT'] })
    context.put('/a/b/:c', async () => 'x')
    context.options('/a/b/:c', async () => 'own')
    context.options('/a/*', async () => 'own')
  }, { prefix: '/v1' })
  t.equal((await preflight(app, { origin: 'https://inner.example', url: '/v1/a/b/c' })).statusCode, 204)
  t.equal((await app.inject({ method: 'OPTIONS', url: '/v1/a/b/c' })).body, 'own')
})

t.test('API documentation shows the OPTIONS routes of the plugin only where it is told to', async t => {
  for (const hideOptionsRoute of [undefined, true, false]) {
    const app = Fastify()
    await app.register(swagger, { openapi: {} })
    app.register(corsPlugin, { origin: page, hideOptionsRoute })
    app.get('/x', async () => 'x')
    app.options('/own', async () => 'own')
    await app.ready()
    const paths = Object.entries(app.swagger().paths ?? {})
    const withOptions = paths.filter(([, item]) => item !== undefined && 'options' in item).map(([path]) => path)
    t.ok(withOptions.includes('/own'))
    t.equal(withOptions.length > 1, hideOptionsRoute === false, String(hideOptionsRoute))
  }
})

t.test('hasRoute, findRoute and printRoutes know what the application declared', async t => {
  const app = createApp({ origin: page })
  app.get('/x', async () => 'x')
  await app.ready()
  t.notOk(app.hasRoute({ method: 'OPTIONS', url: '/x' }))
  t.notOk(app.hasRoute({ method: 'OPTIONS', url: '/*' }))
  t.ok(app.hasRoute({ method: 'GET', url: '/x' }))
  t.match(app.printRoutes(), /x \(GET, HEAD\)/)
})

for (const prefix of ['', '/', '/v1', '/v1/', '/:tenant']) {
  t.test(`forty contexts beside each other with the prefix '${prefix}' each register`, async t => {
    const app = Fastify()
    for (let i = 0; i < 40; i++) {
      app.register(async context => {
        context.register(corsPlugin, { origin: `https://${i}.example`, methods: ['PUT'] })
        context.put(`/route${i}`, async () => i)
      }, prefix === '' ? {} : { prefix })
    }
    await app.ready()
    for (const i of [0, 1, 19, 20, 21, 30, 31, 39]) {
      const url = `${prefix.replace(':tenant', 'acme').replace(/\/$/, '')}/route${i}`
      const asked = await preflight(app, { origin: `https://${i}.example`, url })
      t.equal(asked.statusCode, 204, url)
      t.equal(asked.headers['access-control-allow-origin'], `https://${i}.example`)
      t.equal((await preflight(app, { origin: `https://${(i + 1) % 40}.example`, url })).statusCode, 403)
    }
  })
}

t.test('beside forty contexts, the application\'s own OPTIONS routes are kept', async t => {
  const app = Fastify()
  app.options('/*', async () => 'own')
  for (let i = 0; i < 40; i++) {
    app.register(async context => {
      context.register(corsPlugin, { origin: page, methods: ['PUT'] })
      context.put(`/route${i}`, async () => i)
    })
  }
  t.equal((await app.inject({ method: 'OPTIONS', url: '/route39' })).body, 'own')
  t.equal((await preflight(app, { origin: page, url: '/route39' })).statusCode, 204)
})

t.test('onRoute hooks of the application may refuse nothing of the plugin\'s making', async t => {
  const app = Fastify()
  const seen: string[] = []
  app.addHook('onRoute', ({ method, url }) => { seen.push(`${String(method)} ${url}`) })
  app.register(corsPlugin, { origin: page })
  await app.ready()
  t.ok(seen.every(route => route.startsWith('OPTIONS')), 'only OPTIONS routes are added')
})

t.test('an application\'s own reply decorators and hooks still work', async t => {
  const app = Fastify()
  app.decorateReply('greet', function (this: FastifyReply) { return this.header('x-greeting', 'hello').send('hi') })
  app.register(corsPlugin, { origin: page })
  app.get('/', (_request, reply) => { (reply as unknown as { greet: () => void }).greet() })
  const response = await app.inject({ url: '/', headers: { origin: page } })
  t.equal(response.headers['x-greeting'], 'hello')
  t.strictSame(corsHeaders(response), { vary: 'Origin', 'access-control-allow-origin': page })
})
