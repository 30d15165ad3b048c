import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import httpProxy from '@fastify/http-proxy'
import middie from '@fastify/middie'
import Fastify from 'fastify'
import t from 'tap'
import corsPlugin, { type CorsOptions } from '../../lib/index.js'
import { corsHeaders, createApp, page, preflight, stranger } from '../helpers.js'
import { loggedApp } from '../logged.js'

const HOOKS = ['onRequest', 'preHandler', 'onSend'] as const
const EXPOSE = 'access-control-expose-headers'

for (const hook of HOOKS) {
  t.test(`a handler exposes the headers that it sends, beside those of the options (hook ${hook})`, async t => {
    const app = createApp({ origin: page, exposedHeaders: ['ETag'], hook })
    app.get('/reply', async (_request, reply) => reply.header('Access-Control-Expose-Headers', 'Upload-Offset, etag').send('x'))
    app.get('/twice', async (_request, reply) => {
      reply.header(EXPOSE, 'Upload-Offset')
      return reply.header(EXPOSE, ['Upload-Offset', 'Tus-Resumable', 'no token']).send('x')
    })
    app.get('/hook', { onSend: async (_request, reply) => { reply.header(EXPOSE, 'Upload-Offset') } }, async () => 'x')
    app.get('/raw-hook', { onSend: async (_request, reply) => { reply.raw.setHeader(EXPOSE, 'Upload-Offset') } }, async () => 'x')
    app.get('/raw', async (_request, reply) => {
      reply.raw.setHeader(EXPOSE, 'Upload-Offset')
      return 'x'
    })
    const expected: Array<[string, string]> = [
      ['/reply', 'ETag, Upload-Offset'], ['/twice', 'ETag, Upload-Offset, Tus-Resumable'],
      ['/hook', 'ETag, Upload-Offset'], ['/raw-hook', 'ETag, Upload-Offset'], ['/raw', 'ETag, Upload-Offset']
    ]
    for (const [url, names] of expected) {
      const { headers } = await app.inject({ url, headers: { origin: page } })
      t.equal(headers[EXPOSE], names, url)
      t.equal((await app.inject({ url, headers: { origin: stranger } })).headers[EXPOSE], undefined, `${url}: to strangers nothing is exposed`)
    }
  })
}

t.test('names are exposed where the options expose none, before the plugin decides, and after hijack()', async t => {
  const app = Fastify()
  app.addHook('onRequest', async (_request, reply) => { reply.header(EXPOSE, 'X-Early') })
  app.register(corsPlugin, { origin: page })
  app.get('/', async () => 'x')
  app.get('/hijacked', (_request, reply) => {
    reply.hijack().raw.writeHead(200, { [EXPOSE]: 'X-Late', 'Access-Control-Allow-Origin': '*' }).end('x')
  })
  const { headers } = await app.inject({ url: '/', headers: { origin: page } })
  t.equal(headers[EXPOSE], 'X-Early')
  t.match(corsHeaders(await app.inject({ url: '/hijacked', headers: { origin: page } })), {
    'access-control-allow-origin': page, [EXPOSE]: 'X-Early, X-Late'
  })
})

t.test('what a middleware set on the raw response before hijack() is exposed too', async t => {
  const app = Fastify()
  await app.register(middie)
  app.use((_request, response, next) => {
    response.setHeader(EXPOSE, 'X-Middleware')
    next()
  })
  app.register(corsPlugin, { origin: page })
  app.get('/', (_request, reply) => { reply.hijack().raw.writeHead(200).end('x') })
  app.get('/reply', async () => 'x')
  for (const url of ['/', '/reply']) t.equal((await app.inject({ url, headers: { origin: page } })).headers[EXPOSE], 'X-Middleware')
})

t.test('* exposes all without credentials, and is left out with them', async t => {
  for (const [credentials, expected] of [[false, '*'], [true, 'X-A']] as const) {
    const { app, lines } = loggedApp()
    app.register(corsPlugin, { origin: page, credentials })
    app.get('/', async (_request, reply) => reply.header(EXPOSE, 'X-A, *').send('x'))
    t.equal((await app.inject({ url: '/', headers: { origin: page } })).headers[EXPOSE], expected)
    t.equal(lines('warn').length, credentials ? 1 : 0)
    if (credentials) t.match(lines('warn'), [/exposes no other.*list them in exposedHeaders/])
  }
  const app = createApp({ origin: page, credentials: true })
  app.get('/', async (_request, reply) => reply.header(EXPOSE, '*').send('x'))
  t.equal((await app.inject({ url: '/', headers: { origin: page } })).headers[EXPOSE], undefined)
})

t.test('an upstream exposes its headers through a proxy, and no preflight exposes any', async t => {
  const upstream = createServer((_request, response) => {
    response.writeHead(200, { [EXPOSE]: 'Content-Range', 'Content-Range': 'items 0-1/2', 'Access-Control-Allow-Origin': '*' }).end('x')
  })
  await once(upstream.listen(0), 'listening')
  t.teardown(() => upstream.close())
  const { app, lines } = loggedApp()
  t.teardown(() => app.close())
  app.register(corsPlugin, { origin: page, preflightContinue: true, audit: false })
  app.register(httpProxy, { upstream: `http://localhost:${(upstream.address() as AddressInfo).port}` })
  const answers = [await app.inject({ url: '/a', headers: { origin: page } }), await app.inject({ url: '/b', headers: { origin: page } })]
  for (const answer of answers) t.match(corsHeaders(answer), { 'access-control-allow-origin': page, [EXPOSE]: 'Content-Range' })
  t.match(lines('warn'), [/\/\* sets the header access-control-allow-origin to '\*', which the CORS policy replaces with 'https:\/\/page\.example'.*config\.cors/])
  t.equal((await preflight(app, { origin: page, url: '/a' })).headers[EXPOSE], undefined)
})

t.test('the first header of a route that is replaced is said once, and the log names the route and config.cors', async t => {
  const { app, lines } = loggedApp()
  app.register(corsPlugin, { origin: page })
  const handler = async (_request: unknown, reply: { header: (name: string, value: string) => unknown }): Promise<string> => {
    reply.header('access-control-allow-origin', '*')
    reply.header('access-control-allow-methods', 'PUT')
    return 'x'
  }
  app.get('/a', handler)
  app.get('/b', handler)
  app.get('/same', async (_request, reply) => reply.header('Access-Control-Allow-Origin', page).send('x'))
  app.get('/off', { config: { cors: false } }, handler)
  app.setNotFoundHandler((_request, reply) => { reply.header('access-control-max-age', '1').code(404).send() })
  for (const url of ['/a', '/b', '/same', '/off', '/none', '/a', '/b', '/same', '/off', '/other']) {
    for (const headers of [{}, { origin: page }, { origin: stranger }]) {
      if (url !== '/same' || headers.origin !== stranger) await app.inject({ url, headers })
    }
  }
  t.match(lines('warn'), [
    /GET \/a .*access-control-allow-origin/, /GET \/a .*access-control-allow-methods to 'PUT', which the CORS policy leaves out.*config\.cors/,
    /GET \/b .*access-control-allow-origin/, /GET \/b .*access-control-allow-methods/, /^A URL without a route sets the header access-control-max-age .*options of the registration/
  ])
})

t.test('headers for preflights are said to be those of a route that they announce, or of the registration', async t => {
  for (const options of [{ preflightContinue: true }, {}]) {
    const { app, lines } = loggedApp()
    app.addHook('onRequest', async (request, reply) => { if (request.method === 'OPTIONS') reply.header('access-control-max-age', '9') })
    app.register(corsPlugin, { origin: page, methods: ['PUT'], ...options })
    app.put('/', async () => 'x')
    app.options('/', async (_request, reply) => { reply.header('access-control-allow-methods', 'DELETE').send() })
    for (const origin of [page, stranger]) await preflight(app, { origin })
    t.match(lines('warn'), [
      /hook, handler or middleware that sees preflights sets the header access-control-max-age to '9', which the CORS policy leaves out\. .*config\.cors of the route that they announce/,
      ...options.preflightContinue === true ? [/access-control-allow-methods to 'DELETE', which the CORS policy replaces with 'PUT'/] : []
    ])
  }
})

t.test('so is one that a hook before the plugin set, and one that leaves by the raw response', async t => {
  const options: CorsOptions = { origin: page }
  const { app, lines } = loggedApp()
  app.addHook('onRequest', async (request, reply) => { if (request.url === '/early') reply.header('access-control-allow-origin', '*') })
  app.register(corsPlugin, options)
  app.get('/early', async () => 'x')
  app.get('/hijacked', (_request, reply) => { reply.hijack().raw.writeHead(200, { 'Access-Control-Allow-Origin': '*' }).end('x') })
  app.get('/raw', { onSend: async (_request, reply) => { reply.raw.setHeader('access-control-allow-origin', '*') } }, async () => 'x')
  for (const url of ['/early', '/hijacked', '/raw', '/early', '/hijacked', '/raw']) await app.inject({ url, headers: { origin: page } })
  t.match(lines('warn'), [/GET \/early/, /GET \/hijacked/, /GET \/raw/])
})
