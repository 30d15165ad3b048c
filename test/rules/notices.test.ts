import Fastify, { type FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import corsInspector from '../../lib/inspector/index.js'
import corsPlugin, { type CorsOptions } from '../../lib/index.js'
import { page } from '../helpers.js'
import { loggedApp } from '../logged.js'

/** The warnings of the process while an application boots and is asked, under a `NODE_ENV`. */
async function warningsOf (t: Test, environment: string | undefined, url: string, make: () => Promise<FastifyInstance>): Promise<string[]> {
  const before = process.env.NODE_ENV
  const warned: string[] = []
  const emitWarning = t.capture(process, 'emitWarning', (text: string | Error) => { warned.push(String(text)) })
  if (environment === undefined) delete process.env.NODE_ENV
  else process.env.NODE_ENV = environment
  try {
    const app = await make()
    for (let i = 0; i < 2; i++) await app.inject({ url, headers: { origin: page } })
  } finally {
    emitWarning.restore()
    if (before === undefined) delete process.env.NODE_ENV
    else process.env.NODE_ENV = before
  }
  return warned
}

async function boot (app: FastifyInstance, url: string, options: Partial<CorsOptions> = {}): Promise<FastifyInstance> {
  app.register(corsPlugin, { origin: page, ...options })
  app.get(url, async (_request, reply) => reply.header('access-control-allow-origin', '*').send('x'))
  app.put(url, async () => 'x')
  await app.ready()
  return app
}

t.test('without a logger, what boot finds and what is said once are warnings of the process', async t => {
  t.match(await warningsOf(t, undefined, '/a', async () => await boot(Fastify(), '/a')), [/PUT \/a/, /GET \/a sets the header/])
  t.match(await warningsOf(t, 'development', '/b', async () => await boot(Fastify(), '/b')), [/PUT \/b/, /GET \/b sets the header/])
  t.strictSame(await warningsOf(t, undefined, '/a', async () => await boot(Fastify(), '/a')), [], 'each once in a process')
})

t.test('not in production, in tests, or with audit: false', async t => {
  for (const environment of ['production', 'test']) {
    t.strictSame(await warningsOf(t, environment, '/c', async () => await boot(Fastify(), '/c')), [], environment)
  }
  t.strictSame(await warningsOf(t, undefined, '/d', async () => await boot(Fastify(), '/d', { audit: false })), [])
})

t.test('a note, after which nothing has to be changed, is no warning of the process', async t => {
  const make = async (): Promise<FastifyInstance> => {
    const app = Fastify()
    app.register(corsPlugin, { origin: page, maxAge: 86_400 })
    app.all('/*', async () => 'x')
    await app.ready()
    t.match(app.cors.audit(), [{ code: 'every-method' }, { code: 'max-age-capped', fix: null }])
    return app
  }
  t.strictSame(await warningsOf(t, undefined, '/e', make), [])
})

t.test('with a logger they go there, and one that is silent keeps them', async t => {
  const { app, lines } = loggedApp()
  t.strictSame(await warningsOf(t, undefined, '/a', async () => await boot(app, '/a')), [])
  t.equal(lines('warn').length, 2)
  t.strictSame(await warningsOf(t, undefined, '/a', async () => await boot(Fastify({ logger: { level: 'silent' } }), '/a')), [])
})

t.test('a registration that covers no route is found, as in a plugin file without fastify-plugin', async t => {
  const { app, lines } = loggedApp()
  app.register(async context => { await context.register(corsPlugin, { origin: page }) })
  app.get('/', async () => 'x')
  await app.ready()
  t.match(lines('warn'), [/covers no route.*fastify-plugin/])
})

t.test('so is one beside which nothing but OPTIONS routes and the inspector stand', async t => {
  const { app, lines } = loggedApp()
  app.register(async context => {
    context.register(corsPlugin, { origin: page })
    context.register(corsInspector)
    context.options('*', async (_request, reply) => { await reply.code(204).send() })
  })
  app.get('/', async () => 'x')
  await app.ready()
  t.match(lines('warn'), [/covers no route.*fastify-plugin/])
  t.equal(lines('warn').length, 1, "'*' is not taken for the URL of another route")
  await app.close()
})

t.test('one of the root covers the answers to unknown URLs, and one with routes below it covers them', async t => {
  const { app, lines } = loggedApp()
  app.register(corsPlugin, { origin: page })
  await app.ready()
  const other = loggedApp()
  other.app.register(async context => {
    await context.register(corsPlugin, { origin: page })
    context.register(async inner => { inner.get('/', async () => 'x') })
  })
  await other.app.ready()
  t.strictSame([...lines('warn'), ...other.lines('warn')], [])
})
