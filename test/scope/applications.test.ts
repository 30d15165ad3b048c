import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import Fastify, { type FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import corsPlugin, { type CorsOptions } from '../../lib/index.js'
import { corsHeaders, page, preflight, stranger } from '../helpers.js'

/** What a `require` of the package gives once the module registry has been reset: another copy of all its modules. */
function anotherCopy (): typeof corsPlugin {
  const entry = require.resolve('../../lib/index.js')
  const own = Object.keys(require.cache).filter(path => path.startsWith(entry.replace(/index\.[jt]s$/, '')))
  for (const path of own) Reflect.deleteProperty(require.cache, path)
  const { corsPlugin: other } = require(entry) as { corsPlugin: typeof corsPlugin }
  return other
}

const options: CorsOptions = { origin: page, methods: ['PUT'] }

/** Whether a page gets what the options grant, for a route that the plugin has to know, since its override differs. */
async function isGranted (t: Test, app: FastifyInstance, plugin: typeof corsPlugin): Promise<void> {
  app.register(plugin, options)
  app.put('/', async () => 'x')
  app.put('/strange', { config: { cors: { origin: stranger } } }, async () => 'x')
  for (const [url, origin] of [['/', page], ['/strange', stranger]] as const) {
    t.equal((await preflight(app, { origin, url })).headers['access-control-allow-origin'], origin)
    t.equal((await app.inject({ method: 'PUT', url, headers: { origin } })).headers['access-control-allow-origin'], origin)
  }
}

t.test('after each reset of the module registry, the next copy boots', async t => {
  await isGranted(t, Fastify(), corsPlugin)
  for (let i = 0; i < 2; i++) await isGranted(t, Fastify(), anotherCopy())
})

t.test('a dependency may load a copy of its own, before or after, and register it nowhere', async t => {
  const own = anotherCopy()
  anotherCopy()
  await isGranted(t, Fastify(), own)
})

t.test('a copy that is loaded after the application knows the routes declared before', async t => {
  const app = Fastify()
  app.put('/before', { config: { cors: { origin: stranger } } }, async () => 'x')
  await isGranted(t, app, anotherCopy())
  t.equal((await preflight(app, { origin: stranger, url: '/before' })).statusCode, 204)
  t.equal((await preflight(app, { origin: page, url: '/before' })).statusCode, 403)
})

t.test('each of two copies answers for the application that it is registered on', async t => {
  const other = anotherCopy()
  const apps = [Fastify(), Fastify()] as const
  await isGranted(t, apps[0], corsPlugin)
  await isGranted(t, apps[1], other)
})

t.test('two copies registered on one application are refused, in any context', async t => {
  const other = anotherCopy()
  const refusal = { code: 'FST_CORS_SEVERAL_COPIES', message: /npm ls fastify-cors-policy/ }
  await t.rejects(async () => await Fastify().register(corsPlugin, options).register(other, options), refusal)
  const app = Fastify()
  app.register(async context => { context.register(other, options) }, { prefix: '/one' })
  app.register(async context => { context.register(corsPlugin, options) }, { prefix: '/other' })
  await t.rejects(async () => await app.ready(), refusal)
})

t.test('an application on which nothing is registered is left as it was', async t => {
  const app = Fastify()
  app.get('/', async () => 'x')
  app.options('/', async () => 'own')
  await app.ready()
  t.equal(app.hasConstraintStrategy('corsPreflight'), false, 'its router derives no constraint')
  t.equal(app.hasRequestDecorator('cors'), false)
  const asked = await preflight(app, { origin: page })
  t.equal(asked.body, 'own')
  t.strictSame(corsHeaders(asked), {})
})

t.test('one copy of all watches an application, and the others can be collected', async t => {
  const hooks: Array<() => string[]> = []
  const listen = (message: unknown): void => {
    const { fastify } = message as { fastify: FastifyInstance }
    const added = t.capture(fastify, 'addHook', fastify.addHook.bind(fastify))
    hooks.push(() => added().map(({ args: [name] }) => name))
  }
  subscribe('fastify.initialization', listen)
  t.teardown(() => unsubscribe('fastify.initialization', listen))
  anotherCopy()
  anotherCopy()
  Fastify()
  t.strictSame(hooks.map(added => added()), [['onRoute']])
})
