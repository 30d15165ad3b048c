// The applications exist, and have routes, before the plugin is imported: nothing above may import it.
import Fastify, { type FastifyInstance } from 'fastify'
import t from 'tap'

const apps = [Fastify(), Fastify(), Fastify()] as const

function plugin () {
  const { corsPlugin } = require('../../lib/index.js') as typeof import('../../lib/index.js')
  return corsPlugin
}

async function askedFrom (app: FastifyInstance, url: string, origin: string): Promise<number> {
  const { statusCode } = await app.inject({ method: 'OPTIONS', url, headers: { origin, 'access-control-request-method': 'PUT' } })
  return statusCode
}

t.test('of several registrations, that of the nearest prefix answers for a route that was not seen', async t => {
  const [app] = apps
  for (const prefix of ['/v1', '/v1/deep', '/v2/']) {
    app.register(async context => {
      context.put('/x', async () => 'x')
      context.register(plugin(), { origin: `https://${prefix.replaceAll('/', '')}.example`, methods: ['PUT'] })
    }, { prefix })
  }
  await app.ready()
  t.equal(await askedFrom(app, '/v1/x', 'https://v1.example'), 204)
  t.equal(await askedFrom(app, '/v1/x', 'https://v1deep.example'), 403)
  t.equal(await askedFrom(app, '/v1/deep/x', 'https://v1deep.example'), 204)
  t.equal(await askedFrom(app, '/v1/deep/x', 'https://v1.example'), 403)
  t.equal(await askedFrom(app, '/v2/x', 'https://v2.example'), 204)
  t.equal(await askedFrom(app, '/v1x/x', 'https://v1.example'), 404)
})

t.test('a route that was not seen, outside of every registration, is left alone', async t => {
  const [, app] = apps
  app.put('/outside', async () => 'x')
  app.register(async context => {
    context.register(plugin(), { origin: 'https://v1.example', methods: ['PUT'] })
  }, { prefix: '/v1' })
  await app.ready()
  t.equal(await askedFrom(app, '/outside', 'https://v1.example'), 404)
  t.equal(await askedFrom(app, '/v1/none', 'https://v1.example'), 404)
})

t.test('the index route of a prefix is found by its own path', async t => {
  const [, , app] = apps
  app.register(async context => {
    context.put('/', async () => 'x')
    context.register(plugin(), { origin: 'https://v1.example', methods: ['PUT'] })
  }, { prefix: '/v1' })
  await app.ready()
  t.equal(await askedFrom(app, '/v1', 'https://v1.example'), 204)
  t.equal(await askedFrom(app, '/v1/', 'https://v1.example'), 204)
})
