import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify'
import t, { type Test } from 'tap'
import type { CorsOptions } from '../../lib/index.js'
import { createApp, page, preflight, stranger } from '../helpers.js'

// What a request costs is measured by `npm run bench`. Here it is counted, so that it can't grow unseen: the calls of
// Fastify's own methods that this plugin makes, or has made, for one request.

type Counted = 'header' | 'removeHeader' | 'getHeader' | 'hasHeader'

const METHODS = ['header', 'removeHeader', 'getHeader', 'hasHeader'] as const

/** Counts the calls of methods of Fastify's replies while an application with some options is asked. */
async function calls (t: Test, options: CorsOptions, ask: (app: FastifyInstance) => Promise<unknown>): Promise<Partial<Record<Counted, number>>> {
  const [prototype] = await replyPrototype()
  const counts: Partial<Record<Counted, number>> = {}
  for (const method of METHODS) {
    const original = prototype[method]
    const descriptor = { configurable: true, enumerable: true, writable: true }
    Object.defineProperty(prototype, method, {
      ...descriptor,
      value: function (this: FastifyReply, ...parameters: unknown[]) {
        counts[method] = (counts[method] ?? 0) + 1
        return Reflect.apply(original, this, parameters)
      }
    })
    t.teardown(() => Object.defineProperty(prototype, method, { ...descriptor, value: original }))
  }
  await ask(appWith(options))
  return counts
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

for (const [name, options, headers, header] of cases) {
  t.test(name, async t => {
    const counts = await calls(t, options, async app => await app.inject({ url: '/', headers }))
    t.equal(counts.header, header)
    t.equal(counts.removeHeader, undefined, 'nothing has to be taken away')
    t.equal(counts.hasHeader, undefined, 'nothing has to be looked for')
    t.equal(counts.getHeader ?? 0, (await baseline(t)).getHeader ?? 0, 'nothing has to be read back')
  })
}

/** What Fastify itself does for such a request. */
async function baseline (t: Test): Promise<Partial<Record<Counted, number>>> {
  return await calls(t, { origin: false }, async app => await app.inject({ url: '/', headers: { origin: page } }))
}

t.test('a preflight costs the headers that it is answered with', async t => {
  const counts = await calls(t, everything, async app => await preflight(app, { origin: page, headers: 'x-b' }))
  t.equal(counts.header, 7, 'origin, credentials, methods, headers, max-age, vary and content-length')
  t.equal(counts.removeHeader, undefined)
  t.equal(counts.hasHeader, undefined)
})

t.test('the decision of a request without an origin is the same object for all', async t => {
  const app = appWith(everything)
  const seen = new Set<unknown>()
  app.addHook('onSend', async ({ cors }) => { seen.add(cors) })
  await app.inject('/')
  await app.inject('/')
  t.equal(seen.size, 1)
})

t.test('waiting for an origin function costs one header more, and nothing is taken away', async t => {
  const options = { ...everything, origin: async (origin: string) => origin === page }
  const counts = await calls(t, options, async app => await app.inject({ url: '/', headers: { origin: page } }))
  t.equal(counts.header, 5)
  t.equal(counts.removeHeader, undefined)
})

t.test('a decision is made out once, however often it is asked for', async t => {
  const app = appWith(everything)
  const seen: unknown[] = []
  app.addHook('onResponse', async request => { seen.push(request.cors, request.cors) })
  await app.inject({ url: '/', headers: { origin: page } })
  await preflight(app, { origin: page })
  t.equal(seen[0], seen[1])
  t.equal(seen[2], seen[3])
  t.match(seen, [{ kind: 'actual' }, {}, { kind: 'preflight' }])
})
