import compress from '@fastify/compress'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import t, { type Test } from 'tap'
import corsPlugin, { type CorsOptions } from '../../lib/index.js'
import { createApp, page, preflight, stranger } from '../helpers.js'

function names (vary: unknown): string[] {
  return String(vary ?? '').split(',').map(name => name.trim().toLowerCase()).filter(name => name !== '').sort()
}

/** Vary holds these names, once each, whoever asks. */
async function varies (t: Test, app: FastifyInstance, expected: string[], url = '/'): Promise<void> {
  for (const headers of [{}, { origin: page }, { origin: stranger }, { origin: 'nonsense' }]) {
    const response = await app.inject({ url, headers })
    t.strictSame(names(response.headers.vary), expected.map(name => name.toLowerCase()).sort(), `${url} ${JSON.stringify(headers)}`)
  }
}

const dependent: Record<string, CorsOptions> = {
  'one origin': { origin: page },
  'a list': { origin: [page, 'https://other.example'] },
  'a pattern': { origin: 'https://*.page.example' },
  'an expression': { origin: /^https:\/\/page\.example$/ },
  'a function': { origin: () => false },
  'a promise': { origin: async () => true },
  reflection: { origin: true }
}

for (const [name, options] of Object.entries(dependent)) {
  t.test(`under ${name} every answer of the route depends on the origin`, async t => {
    const app = createApp(options)
    app.get('/', async () => 'x')
    app.get('/error', async () => { throw new Error('broken') })
    app.get('/empty', async (_request, reply) => { await reply.code(304).send() })
    for (const url of ['/', '/error', '/nope', '/empty']) await varies(t, app, ['Origin'], url)
    for (const origin of [page, stranger]) t.match((await preflight(app, { origin })).headers.vary, /Origin/)
  })
}

t.test('where it does not depend on the origin, nothing is added', async t => {
  for (const options of [{ origin: '*' }, { origin: false }] as const) {
    const app = createApp({ ...options, allowedHeaders: ['x-a'] })
    app.get('/', async () => 'x')
    await varies(t, app, [])
    t.notOk('vary' in (await preflight(app, { origin: page, method: 'GET' })).headers)
  }
})

t.test('a preflight whose header names are echoed depends on them', async t => {
  t.equal((await preflight(createApp({ origin: '*' }), { origin: page })).headers.vary, 'Access-Control-Request-Headers')
  t.equal((await preflight(createApp({ origin: page }), { origin: page })).headers.vary, 'Origin, Access-Control-Request-Headers')
})

t.test('what a handler puts there survives', async t => {
  for (const [value, expected] of [
    ['Accept', ['accept', 'origin']],
    ['Accept, Accept-Language', ['accept', 'accept-language', 'origin']],
    ['origin', ['origin']],
    ['ORIGIN,  accept ,', ['accept', 'origin']],
    ['accept, Accept, ACCEPT', ['accept', 'origin']],
    ['', ['origin']]
  ] as const) {
    const app = createApp({ origin: page })
    app.get('/', async (_request, reply) => reply.header('Vary', value).send('x'))
    app.get('/headers', async (_request, reply) => reply.headers({ vary: value }).send('x'))
    app.get('/error', async () => { throw Object.assign(new Error('broken'), { headers: { vary: value } }) })
    for (const url of ['/', '/headers', '/error']) await varies(t, app, [...expected], url)
  }
})

t.test('a list of values survives', async t => {
  const app = createApp({ origin: page })
  app.get('/', async (_request, reply) => reply.header('vary', ['Accept', 'Accept-Language, origin']).send('x'))
  await varies(t, app, ['Accept', 'Accept-Language', 'Origin'])
})

t.test('several calls add up', async t => {
  const app = createApp({ origin: page })
  app.get('/', async (_request, reply) => reply.header('vary', 'A').header('vary', 'B').header('vary', 'a').send('x'))
  await varies(t, app, ['A', 'B', 'Origin'])
})

t.test('* stays *', async t => {
  const app = createApp({ origin: page })
  app.get('/', async (_request, reply) => reply.header('vary', '*').send('x'))
  app.get('/among', async (_request, reply) => reply.header('vary', 'accept, *').send('x'))
  app.get('/then', async (_request, reply) => reply.header('vary', '*').header('vary', 'accept').send('x'))
  for (const url of ['/', '/among', '/then']) await varies(t, app, ['*'], url)

  const before = Fastify()
  before.addHook('onRequest', async (_request, reply) => { reply.header('vary', '*') })
  before.register(corsPlugin, { origin: page })
  before.get('/', async () => 'x')
  await varies(t, before, ['*'])
})

t.test('removing it keeps what the policy needs', async t => {
  const app = createApp({ origin: page })
  app.get('/', async (_request, reply) => reply.removeHeader('Vary').send('x'))
  await varies(t, app, ['Origin'])
})

const setVary = async (_request: FastifyRequest, reply: FastifyReply): Promise<void> => { reply.header('vary', 'x-hook') }

for (const hook of ['onRequest', 'preParsing', 'preValidation', 'preHandler', 'preSerialization', 'onSend'] as const) {
  for (const order of ['before', 'after']) {
    t.test(`what a ${hook} hook registered ${order} the plugin puts there survives, whichever hook decides`, async t => {
      for (const deciding of ['onRequest', 'preHandler', 'preSerialization', 'onSend'] as const) {
        const app = Fastify()
        const addHook = (): void => {
          if (hook === 'onRequest' || hook === 'preValidation' || hook === 'preHandler') app.addHook(hook, setVary)
          else if (hook === 'onSend') app.addHook(hook, setVary)
          else if (hook === 'preSerialization') app.addHook(hook, async (request, reply, payload) => { await setVary(request, reply); return payload })
          else app.addHook(hook, async (request, reply) => { await setVary(request, reply) })
        }
        if (order === 'before') addHook()
        await app.register(corsPlugin, { origin: page, hook: deciding })
        if (order === 'after') addHook()
        app.get('/', async () => ({ json: true }))
        await varies(t, app, ['Origin', 'x-hook'])
      }
    })
  }
}

t.test('a hook of the route, registered last of all, cannot lose it', async t => {
  const app = createApp({ origin: page })
  app.get('/', { onSend: async (_request, reply) => { reply.header('vary', 'Accept') } }, async () => 'x')
  await varies(t, app, ['Accept', 'Origin'])
})

for (const order of ['before', 'after']) {
  t.test(`what a middleware registered ${order} the plugin sets on the raw response survives`, async t => {
    const app = Fastify()
    const middleware = (): void => {
      app.addHook('onRequest', (_request, reply, next) => {
        reply.raw.setHeader('Vary', 'X-Middleware')
        next()
      })
    }
    if (order === 'before') middleware()
    await app.register(corsPlugin, { origin: page })
    if (order === 'after') middleware()
    app.get('/', async () => 'x')
    await varies(t, app, ['Origin', 'X-Middleware'])
  })
}

t.test('beside compression, before and after', async t => {
  for (const order of ['before', 'after']) {
    const app = Fastify()
    if (order === 'before') await app.register(compress, { threshold: 0 })
    await app.register(corsPlugin, { origin: page })
    if (order === 'after') await app.register(compress, { threshold: 0 })
    app.get('/', async () => ({ text: 'x'.repeat(2000) }))
    for (const headers of [{}, { origin: page }, { origin: stranger }]) {
      const response = await app.inject({ url: '/', headers: { 'accept-encoding': 'gzip', ...headers } })
      t.equal(response.headers['content-encoding'], 'gzip')
      t.strictSame(names(response.headers.vary), ['accept-encoding', 'origin'])
    }
  }
})
