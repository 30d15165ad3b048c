import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply } from 'fastify'
import t, { type Test } from 'tap'
import type { CorsOptions } from '../../lib/index.js'
import { corsHeaders, createApp, page, preflight, stranger } from '../helpers.js'

// What a request costs is measured by `npm run bench`. Here it is counted, so that it can't grow unseen: the calls of
// Fastify's own methods that this plugin makes, or has made, for one request, and the headers that it sets.

const METHODS = ['header', 'removeHeader', 'getHeader', 'hasHeader'] as const

type Counts = Record<typeof METHODS[number], number>

/** Counts the calls of methods of Fastify's replies while an application with some options is asked. */
async function calls (t: Test, options: CorsOptions, ask: (app: FastifyInstance) => Promise<unknown>): Promise<Counts> {
  const [prototype] = await replyPrototype()
  const counts = { header: 0, removeHeader: 0, getHeader: 0, hasHeader: 0 }
  for (const method of METHODS) {
    const original = prototype[method]
    const descriptor = { configurable: true, enumerable: true, writable: true }
    Object.defineProperty(prototype, method, {
      ...descriptor,
      value: function (this: FastifyReply, ...parameters: unknown[]) {
        counts[method]++
        return Reflect.apply(original, this, parameters)
      }
    })
    t.teardown(() => Object.defineProperty(prototype, method, { ...descriptor, value: original }))
  }
  const app = appWith(options)
  // For the first reply, it is found out where headers are kept.
  await ask(app)
  for (const method of METHODS) counts[method] = 0
  await ask(app)
  return { ...counts }
}

/** Where Fastify's own methods are, in every application. In a list, since a reply itself would be awaited. */
async function replyPrototype (): Promise<[FastifyReply]> {
  const app = Fastify()
  let found: object = app
  app.get('/', async (_request, reply) => {
    for (found = reply; !Object.hasOwn(found, 'hasHeader');) found = Object(Object.getPrototypeOf(found))
    return null
  })
  await app.inject('/')
  return [found as FastifyReply]
}

function appWith (options: CorsOptions): FastifyInstance {
  const app = createApp(options)
  // A null payload is sent as it is, without a call for a content type.
  app.get('/', async () => null)
  app.put('/', async () => null)
  return app
}

const everything: CorsOptions = { origin: [page, 'https://*.page.example'], credentials: true, exposedHeaders: ['x-a'], methods: ['PUT'], allowedHeaders: ['x-b'], maxAge: 600 }

const cases: Array<[string, CorsOptions, Record<string, string>, number]> = [
  ['an allowed origin, with credentials and exposed headers, costs four headers', everything, { origin: page }, 4],
  ['an allowed origin costs two headers', { origin: page }, { origin: page }, 2],
  ['any origin costs one header', { origin: '*' }, { origin: page }, 1],
  ['a refused origin costs one header', everything, { origin: stranger }, 1],
  ['a request without an origin costs one header', everything, {}, 1],
  ['without an origin, any origin costs one header', { origin: '*' }, {}, 1]
]

for (const [name, options, headers, count] of cases) {
  t.test(name, async t => {
    const ask = async (app: FastifyInstance) => await app.inject({ url: '/', headers })
    t.equal(Object.keys(corsHeaders(await ask(appWith(options)))).length, count)
    t.strictSame(await calls(t, options, ask), await baseline(t), 'and no call')
  })
}

/** What Fastify itself does for such a request. */
async function baseline (t: Test): Promise<Counts> {
  return await calls(t, { origin: false }, async app => await app.inject({ url: '/', headers: { origin: page } }))
}

t.test('a preflight costs the headers that it is answered with', async t => {
  const ask = async (app: FastifyInstance) => await preflight(app, { origin: page, headers: 'x-b' })
  t.equal(Object.keys(corsHeaders(await ask(appWith(everything)))).length, 6, 'origin, credentials, methods, headers, max-age and vary')
  t.strictSame(await calls(t, everything, ask), { header: 0, removeHeader: 0, getHeader: 0, hasHeader: 0 }, 'and no call')
})

t.test('the decision of a request without an origin is the same object for all', async t => {
  const app = appWith(everything)
  const seen = new Set<unknown>()
  app.addHook('onSend', async ({ cors }) => { seen.add(cors) })
  await app.inject('/')
  await app.inject('/')
  t.equal(seen.size, 1)
})

t.test('an origin function costs no call either', async t => {
  const options = { ...everything, origin: async (origin: string) => origin === page }
  const ask = async (app: FastifyInstance) => await app.inject({ url: '/', headers: { origin: page } })
  t.strictSame(await calls(t, options, ask), await baseline(t))
})

t.test('request.cors is the same object at every read', async t => {
  const app = appWith(everything)
  const seen: unknown[] = []
  app.addHook('onResponse', async request => { seen.push(request.cors, request.cors) })
  await app.inject({ url: '/', headers: { origin: page } })
  await preflight(app, { origin: page })
  t.equal(seen[0], seen[1])
  t.equal(seen[2], seen[3])
  t.match(seen, [{ kind: 'actual' }, {}, { kind: 'preflight' }])
})

t.test('a refusal makes no stack trace', async t => {
  const app = createApp({ ...everything, enforce: 'all', strictPreflight: true })
  app.get('/', async () => null)
  const refused: string[] = []
  app.setErrorHandler(async (error: FastifyError, _request, reply) => {
    refused.push(error.code)
    t.equal(error.stack, String(error), 'but a text, on which handlers may count')
    return await reply.code(error.statusCode ?? 500).send()
  })
  t.equal((await app.inject({ url: '/', headers: { origin: stranger } })).statusCode, 403)
  t.equal((await app.inject({ method: 'OPTIONS', url: '/' })).statusCode, 400)
  t.strictSame(refused, ['FST_CORS_ORIGIN_NOT_ALLOWED', 'FST_CORS_INVALID_PREFLIGHT'])
})
