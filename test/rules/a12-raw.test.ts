import { createServer, get, type IncomingMessage } from 'node:http'
import { connect } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import Fastify, { type FastifyReply } from 'fastify'
import t from 'tap'
import corsPlugin from '../../lib/index.js'
import { corsHeaders, createApp, page, preflight, stranger } from '../helpers.js'
import { loggedApp } from '../logged.js'

type Raw = FastifyReply['raw']

const granted = {
  vary: 'Origin',
  'access-control-allow-origin': page,
  'access-control-allow-credentials': 'true',
  'access-control-expose-headers': 'x-id'
}
const options = { origin: page, credentials: true, exposedHeaders: ['x-id'] }
const foreign = { 'Access-Control-Allow-Origin': '*', 'access-control-expose-headers': '*', 'ACCESS-CONTROL-MAX-AGE': '5' }

const writers: Record<string, (raw: Raw) => void> = {
  'end alone': raw => { raw.end('x') },
  'writeHead with a status': raw => { raw.writeHead(200).end('x') },
  'writeHead with an object': raw => { raw.writeHead(200, { 'content-type': 'text/event-stream', ...foreign }).end('x') },
  'writeHead with a reason and an object': raw => { raw.writeHead(200, 'Fine', foreign).end('x') },
  'writeHead with a flat list': raw => { raw.writeHead(200, Object.entries(foreign).flat()).end('x') },
  'writeHead with a list of pairs': raw => { Reflect.apply(raw.writeHead, raw, [200, Object.entries(foreign)]).end('x') },
  'writeHead with null for a reason': raw => { Reflect.apply(raw.writeHead, raw, [200, null, foreign]).end('x') },
  'writeHead with undefined for a reason': raw => { Reflect.apply(raw.writeHead, raw, [200, undefined, foreign]).end('x') },
  'writeHead with headers before a null': raw => { Reflect.apply(raw.writeHead, raw, [200, foreign, null]).end('x') },
  setHeader: raw => {
    for (const [name, value] of Object.entries(foreign)) raw.setHeader(name, value)
    raw.end('x')
  },
  setHeaders: raw => { raw.setHeaders(new Map(Object.entries(foreign))).end('x') },
  appendHeader: raw => { raw.appendHeader('access-control-allow-origin', '*').end('x') },
  removeHeader: raw => {
    for (const name of Object.keys(granted)) raw.removeHeader(name)
    raw.end('x')
  },
  flushHeaders: raw => {
    raw.flushHeaders()
    raw.end('x')
  },
  pipe: raw => { Readable.from(['a', 'b']).pipe(raw) }
}

for (const [name, write] of Object.entries(writers)) {
  t.test(`after hijack(), ${name} carries the policy's headers and no others`, async t => {
    const app = createApp(options)
    app.get('/', (_request, reply) => {
      reply.hijack()
      write(reply.raw)
    })
    t.strictSame(corsHeaders(await app.inject({ url: '/', headers: { origin: page } })), granted)
    t.strictSame(corsHeaders(await app.inject({ url: '/', headers: { origin: stranger } })), { vary: 'Origin' })
    t.strictSame(corsHeaders(await app.inject('/')), { vary: 'Origin' })
  })
}

t.test('other headers pass as Node takes them', async t => {
  const app = createApp(options)
  app.get('/object', (_request, reply) => {
    reply.hijack().raw.writeHead(201, 'Made', { 'x-a': 1, 'set-cookie': ['a=1', 'b=2'] }).end()
  })
  app.get('/flat', (_request, reply) => {
    reply.hijack()
    reply.raw.setHeader('x-a', 'before')
    Reflect.apply(reply.raw.writeHead, reply.raw, [201, ['x-a', 1, 'set-cookie', ['a=1', 'b=2']]]).end()
  })
  app.get('/pairs', (_request, reply) => {
    reply.hijack()
    Reflect.apply(reply.raw.writeHead, reply.raw, [201, [['x-a', '1'], ['set-cookie', 'a=1'], ['set-cookie', 'b=2']]]).end()
  })
  app.get('/single', (_request, reply) => {
    reply.hijack()
    reply.raw.setHeader('x-gone', '1')
    reply.raw.removeHeader('X-Gone')
    reply.raw.setHeader('x-a', 1).appendHeader('set-cookie', 'a=1').appendHeader('set-cookie', 'b=2').writeHead(201).end()
  })
  for (const url of ['/object', '/flat', '/pairs', '/single']) {
    const answered = await app.inject({ url, headers: { origin: page } })
    t.match(answered, { statusCode: 201, headers: { 'x-a': /^1$/, 'set-cookie': ['a=1', 'b=2'], ...granted } }, url)
    t.notOk('x-gone' in answered.headers)
  }
  t.equal((await app.inject('/object')).statusMessage, 'Made')
})

t.test('what the application adds to Vary is kept beside Origin, in any form', async t => {
  const app = createApp(options)
  app.get('/set', (_request, reply) => { reply.hijack().raw.setHeader('Vary', 'Accept').writeHead(200, { VARY: 'accept, X-A' }).end() })
  app.get('/before', (_request, reply) => {
    reply.header('vary', 'X-B').raw.setHeader('vary', 'X-C')
    reply.hijack().raw.writeHead(200, ['vary', 'X-D']).end()
  })
  app.get('/all', (_request, reply) => { reply.hijack().raw.setHeader('vary', '*').end() })
  t.equal((await app.inject('/set')).headers.vary, 'Origin, Accept, X-A')
  t.equal((await app.inject('/before')).headers.vary, 'X-C, Origin, X-B, X-D')
  t.equal((await app.inject('/all')).headers.vary, '*')
})

t.test('CORS headers that stood on the raw response before are replaced', async t => {
  const app = createApp({ origin: page })
  app.addHook('onRequest', async (_request, reply) => { reply.raw.setHeader('access-control-allow-credentials', 'true') })
  app.get('/', (_request, reply) => { reply.hijack().raw.end() })
  t.strictSame(corsHeaders(await app.inject({ url: '/', headers: { origin: page } })), { vary: 'Origin', 'access-control-allow-origin': page })
})

t.test('Timing-Allow-Origin goes along', async t => {
  const app = createApp({ origin: page, timingAllowOrigin: true })
  app.get('/', (_request, reply) => { reply.hijack().raw.end() })
  t.equal((await app.inject({ url: '/', headers: { origin: page } })).headers['timing-allow-origin'], page)
})

t.test('an any-origin policy needs no Vary', async t => {
  const app = createApp({ origin: '*' })
  app.get('/', (_request, reply) => { reply.hijack().raw.end() })
  t.strictSame(corsHeaders(await app.inject('/')), { 'access-control-allow-origin': '*' })
})

t.test('hijack() twice, and after the headers were sent, changes nothing', async t => {
  const app = createApp(options)
  app.get('/twice', (_request, reply) => { reply.hijack().hijack().raw.end('x') })
  app.get('/late', (_request, reply) => {
    reply.raw.writeHead(200)
    reply.hijack().raw.end('x')
  })
  t.strictSame(corsHeaders(await app.inject({ url: '/twice', headers: { origin: page } })), granted)
  t.strictSame(corsHeaders(await app.inject({ url: '/late', headers: { origin: page } })), {})
})

t.test('where CORS is off, the raw response is left alone', async t => {
  const { app, lines } = loggedApp()
  app.register(corsPlugin, options)
  app.get('/', { config: { cors: false } }, (_request, reply) => { reply.hijack().raw.writeHead(200, { 'access-control-allow-origin': '*' }).end() })
  t.strictSame(corsHeaders(await app.inject({ url: '/', headers: { origin: page } })), { 'access-control-allow-origin': '*' })
  t.strictSame(lines('warn'), [])
})

t.test('a hijack() before the deciding hook gets no header, and is logged once', async t => {
  const { app, lines } = loggedApp()
  app.addHook('onRequest', (request, reply, done) => {
    if (request.url !== '/') return done()
    reply.hijack().raw.end('early')
  })
  app.register(corsPlugin, options)
  for (let i = 0; i < 3; i++) t.strictSame(corsHeaders(await app.inject({ url: '/', headers: { origin: page } })), {})
  const warned = lines('warn')
  t.equal(warned.length, 1)
  t.match(warned[0], /reply\.hijack\(\).*applyCors\(reply\)/)
})

t.test('a hijack() before the hook onSend decides is logged, since no hook will', async t => {
  const { app, lines } = loggedApp()
  app.register(corsPlugin, { ...options, hook: 'onSend' })
  app.get('/', (_request, reply) => { reply.hijack().raw.end('x') })
  t.strictSame(corsHeaders(await app.inject({ url: '/', headers: { origin: page } })), {})
  t.match(lines('warn'), [/with the hook onRequest/])
})

for (const [name, answer] of [['yes', async () => true], ['with an error', async () => { throw new Error('late') }]] as const) {
  t.test(`a hijack() while the origin function is still being asked, which then answers ${name}, gets no header`, async t => {
    const { app, lines } = loggedApp()
    let takeOver: (() => void) | undefined
    app.addHook('onRequest', async (_request, reply) => { takeOver = () => { reply.hijack().raw.end('taken') } })
    app.register(corsPlugin, {
      origin: async () => {
        takeOver?.()
        return await answer()
      }
    })
    app.get('/', async () => 'never')
    const answered = await app.inject({ url: '/', headers: { origin: page } })
    t.equal(answered.body, 'taken')
    t.strictSame(corsHeaders(answered), {})
    t.match(lines('warn'), [/reply\.hijack\(\)/])
  })
}

t.test('a hijack() on a route that no registration covers is nobody\'s concern', async t => {
  const { app, lines } = loggedApp()
  app.register(async context => {
    context.register(corsPlugin, options)
    context.get('/covered', async () => 'x')
  })
  app.get('/', (_request, reply) => { reply.hijack().raw.writeHead(200, { 'access-control-allow-origin': 'x' }).end() })
  t.equal((await app.inject('/')).headers['access-control-allow-origin'], 'x')
  t.strictSame(lines('warn'), [])
})

t.test('over HTTP/2, raw answers carry the headers too', async t => {
  const app = Fastify({ http2: true })
  t.teardown(() => app.close())
  app.register(corsPlugin, options)
  app.get('/head', (_request, reply) => {
    reply.hijack()
    reply.raw.writeHead(200, { ...foreign, 'content-type': 'text/event-stream' })
    reply.raw.end('data: 1\n\n')
  })
  app.get('/list', (_request, reply) => {
    reply.hijack()
    Reflect.apply(reply.raw.writeHead, reply.raw, [200, ['access-control-allow-origin', '*', 'content-type', 'text/event-stream']])
    reply.raw.end('data: 1\n\n')
  })
  app.get('/set', (_request, reply) => {
    reply.hijack()
    reply.raw.setHeader('content-type', 'text/event-stream')
    reply.raw.setHeader('access-control-allow-origin', '*')
    reply.raw.appendHeader('access-control-allow-origin', '*')
    Readable.from(['data: 1\n\n']).pipe(reply.raw)
  })
  await app.listen()
  const session = connect(`http://localhost:${(app.server.address() as AddressInfo).port}`)
  t.teardown(() => { session.close() })
  for (const path of ['/head', '/list', '/set']) {
    const stream = session.request({ ':path': path, origin: page })
    const headers = await new Promise<Record<string, unknown>>((resolve, reject) => stream.on('response', resolve).on('error', reject))
    let body = ''
    for await (const chunk of stream) body += String(chunk)
    t.equal(body, 'data: 1\n\n', path)
    t.equal(headers['content-type'], 'text/event-stream')
    t.strictSame(corsHeaders({ headers }), granted, path)
  }
})

t.test('an upstream\'s raw answer, piped over HTTP, brings no CORS headers of its own', async t => {
  const upstream = createServer((_request, response) => { response.writeHead(200, foreign).end('from upstream') })
  await new Promise<void>(resolve => { upstream.listen(0, resolve) })
  const app = createApp(options)
  t.teardown(async () => {
    upstream.close()
    await app.close()
  })
  app.get('/', (_request, reply) => {
    reply.hijack()
    get({ port: (upstream.address() as AddressInfo).port }, (answer: IncomingMessage) => {
      answer.pipe(reply.raw.writeHead(200, answer.headers))
    })
  })
  const answered = await fetch(await app.listen(), { headers: { origin: page } })
  t.equal(await answered.text(), 'from upstream')
  t.strictSame(corsHeaders({ headers: Object.fromEntries(answered.headers) }), granted)
})

t.test('an OPTIONS route that hijacks its answer keeps what preflightContinue adds, Cache-Control too', async t => {
  const app = createApp({ origin: page, preflightContinue: true, cacheControl: 600, maxAge: 60 })
  app.put('/x', async () => 'x')
  app.options('/x', (_request, reply) => { reply.hijack().raw.writeHead(204).end() })
  const { headers } = await preflight(app, { origin: page, url: '/x' })
  t.match(headers, { 'access-control-max-age': '60', 'cache-control': 'max-age=600' })
})

t.test('an answer on reply.raw to a handshake needs no headers, and no warning', async t => {
  const { app, lines } = loggedApp()
  app.register(corsPlugin, { origin: page })
  app.get('/', (_request, reply) => { reply.raw.end('raw') })
  await app.inject({ url: '/', headers: { origin: page, connection: 'upgrade', upgrade: 'websocket' } })
  t.strictSame(lines('warn'), [])
  await app.inject({ url: '/', headers: { origin: page } })
  t.match(lines('warn'), [/GET \/ was answered by reply\.raw/])
})
