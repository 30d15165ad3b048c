import httpProxy from '@fastify/http-proxy'
import Fastify, { type FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import corsPlugin from '../../lib/index.js'
import { createApp, page, preflight } from '../helpers.js'

async function startUpstream (t: Test): Promise<string> {
  const server = Fastify()
  server.all('/*', async request => `upstream saw ${request.method} ${request.url}`)
  t.teardown(() => server.close())
  return await server.listen({ host: '127.0.0.1', port: 0 })
}

async function isAnswered (t: Test, app: FastifyInstance): Promise<void> {
  const asked = await preflight(app, { origin: page, url: '/anything' })
  t.equal(asked.statusCode, 204)
  t.equal(asked.headers['access-control-allow-origin'], page)
}

t.test('a proxy at / boots beside the plugin, and gets every OPTIONS request but preflights', async t => {
  const app = createApp({ origin: page, methods: ['PUT'] })
  app.register(httpProxy, { upstream: await startUpstream(t), prefix: '/' })
  t.teardown(() => app.close())

  await isAnswered(t, app)
  t.equal((await app.inject({ method: 'OPTIONS', url: '/anything' })).body, 'upstream saw OPTIONS /anything')
  const answered = await app.inject({ method: 'PUT', url: '/anything', headers: { origin: page } })
  t.equal(answered.body, 'upstream saw PUT /anything')
  t.equal(answered.headers['access-control-allow-origin'], page)
})

t.test('it makes no difference which of them comes first', async t => {
  const app = Fastify()
  app.register(httpProxy, { upstream: await startUpstream(t), prefix: '/' })
  app.register(corsPlugin, { origin: page, methods: ['PUT'] })
  t.teardown(() => app.close())

  await isAnswered(t, app)
  t.equal((await app.inject({ method: 'OPTIONS', url: '/anything' })).body, 'upstream saw OPTIONS /anything')
})

for (const path of ['*', '/*', '/:name']) {
  t.test(`all('${path}') boots, before the plugin and after it`, async t => {
    const before = Fastify()
    before.all(path, async request => request.method)
    before.register(corsPlugin, { origin: page, methods: ['PUT'] })
    await isAnswered(t, before)
    t.equal((await before.inject({ method: 'OPTIONS', url: '/anything' })).body, 'OPTIONS')

    const after = createApp({ origin: page, methods: ['PUT'] })
    after.all(path, async request => request.method)
    await isAnswered(t, after)
    t.equal((await after.inject({ method: 'OPTIONS', url: '/anything' })).body, 'OPTIONS')
  })
}

t.test('a proxy that no registration covers keeps no preflight from a context that is covered', async t => {
  const app = Fastify()
  app.register(httpProxy, { upstream: await startUpstream(t), prefix: '/' })
  app.register(async context => {
    context.register(corsPlugin, { origin: page, methods: ['PUT'] })
    context.put('/api/x', async () => 'changed')
  })
  app.options('/api/x', async () => 'own')
  t.teardown(() => app.close())

  const asked = await preflight(app, { origin: page, url: '/api/x' })
  t.equal(asked.statusCode, 204)
  t.equal(asked.headers['access-control-allow-origin'], page)
  t.equal((await app.inject({ method: 'OPTIONS', url: '/api/x' })).body, 'own')
  t.equal((await preflight(app, { origin: page, url: '/elsewhere' })).body, 'upstream saw OPTIONS /elsewhere')
})
