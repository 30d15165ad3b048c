import { once } from 'node:events'
import { get, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises'
import middie from '@fastify/middie'
import { createSession } from 'better-sse'
import Fastify, { type FastifyReply } from 'fastify'
import t from 'tap'
import corsPlugin, { applyCors } from '../../lib/index.js'
import { corsHeaders, page, preflight, stranger } from '../helpers.js'
import { loggedApp } from '../logged.js'

const granted = { vary: 'Origin', 'access-control-allow-origin': page }

t.test('a middleware that answers after the plugin carries the headers, and no others', async t => {
  const { app, lines } = loggedApp()
  app.register(corsPlugin, { origin: page })
  await app.register(middie)
  app.use('/answers', (_request: IncomingMessage, response: ServerResponse) => {
    response.setHeader('Access-Control-Allow-Origin', '*')
    response.end('x')
  })
  app.use('/off', (_request: IncomingMessage, response: ServerResponse) => { response.end('x') })
  app.get('/answers', async () => 'never')
  app.get('/off', { config: { cors: false } }, async () => 'never')
  app.get('/passes', async () => 'x')
  for (const url of ['/answers', '/passes', '/none']) {
    t.strictSame(corsHeaders(await app.inject({ url, headers: { origin: page } })), granted, url)
    t.strictSame(corsHeaders(await app.inject({ url, headers: { origin: stranger } })), { vary: 'Origin' }, url)
  }
  t.strictSame(corsHeaders(await app.inject({ url: '/off', headers: { origin: page } })), {})
  t.match(lines('warn'), [/GET \/answers sets the header/], 'nothing else is said')
})

t.test('what a middleware wrote before the plugin does not survive', async t => {
  const app = Fastify()
  app.addHook('onRequest', async (_request, reply) => { reply.raw.setHeader('Access-Control-Allow-Credentials', 'true') })
  app.register(corsPlugin, { origin: page })
  await app.register(middie)
  app.use('/answers', (_request: IncomingMessage, response: ServerResponse) => { response.end('x') })
  app.get('/answers', async () => 'never')
  app.get('/', async () => 'x')
  for (const url of ['/', '/answers']) t.equal((await app.inject({ url, headers: { origin: page } })).headers['access-control-allow-credentials'], undefined, url)
})

t.test('a middleware that answers preflights before the plugin is reported once, with the recipe', async t => {
  const { app, lines } = loggedApp()
  await app.register(middie)
  app.use((request, response, next) => {
    if (request.method === 'OPTIONS') response.writeHead(204).end()
    else next()
  })
  app.register(corsPlugin, { origin: page, methods: ['PUT'] })
  app.put('/', async () => 'x')
  app.put('/off', { config: { cors: false } }, async () => 'x')
  for (const url of ['/off', '/', '/']) await preflight(app, { origin: page, url })
  await app.inject({ method: 'PUT', url: '/', headers: { origin: page } })
  t.match(lines('warn'), [/answered with 204 before .* Register fastify-cors-policy before .*"Middlewares" in docs\/routes\.md/])
})

t.test('a raw answer without hijack() is said once per route, where the application logs', async t => {
  const { app, lines } = loggedApp()
  app.register(corsPlugin, { origin: page })
  app.get('/raw', (_request, reply) => { reply.raw.writeHead(200).end('x') })
  app.get('/other', (_request, reply) => { reply.raw.end('x') })
  app.get('/hijacked', (_request, reply) => { reply.hijack().raw.end('x') })
  app.get('/applied', async (_request, reply) => {
    await applyCors(reply)
    reply.raw.end('x')
    return await reply
  })
  app.get('/off', { config: { cors: false } }, (_request, reply) => { reply.raw.end('x') })
  app.get('/fine', async () => 'x')
  for (let i = 0; i < 2; i++) {
    for (const url of ['/raw', '/other', '/hijacked', '/applied', '/off', '/fine']) await app.inject({ url, headers: { origin: page } })
  }
  t.match(lines('warn'), [/GET \/raw was answered by reply\.raw.*reply\.hijack\(\).*applyCors\(reply\)/, /GET \/other/])
})

t.test('so is an event stream of better-sse', async t => {
  const { app, lines } = loggedApp()
  app.register(corsPlugin, { origin: page })
  app.get('/events', async (request, reply) => {
    const session = await createSession(request.raw, reply.raw)
    session.push('hello')
    reply.raw.end()
  })
  await app.listen({ port: 0 })
  t.teardown(() => app.close())
  const { port } = app.server.address() as AddressInfo
  const answer = await fetch(`http://localhost:${port}/events`, { headers: { origin: page } })
  await answer.text()
  for (let i = 0; i < 100 && lines('warn').length === 0; i++) await turn()
  t.match(lines('warn'), [/GET \/events was answered by reply\.raw/])
})

t.test('so is a stream whose reader leaves before its end, over HTTP/1 and HTTP/2', async t => {
  const stream = (reply: FastifyReply): void => {
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream' })
    reply.raw.write('data: hello\n\n')
  }
  for (const http2 of [false, true]) {
    const { app, lines } = loggedApp(http2 ? { http2: true } as object : {})
    app.register(corsPlugin, { origin: page })
    app.get('/events', (_request, reply) => { stream(reply) })
    app.get('/hijacked', (_request, reply) => { stream(reply.hijack()) })
    app.get('/off', { config: { cors: false } }, (_request, reply) => { stream(reply) })
    app.get('/slow', async (_request, reply) => await reply)
    await app.listen({ port: 0, host: '127.0.0.1' })
    const { port } = app.server.address() as AddressInfo
    for (const path of ['/events', '/hijacked', '/off', '/slow']) await leave(port, path, http2)
    await app.close()
    t.match(lines('warn'), [/GET \/events was answered by reply\.raw/], http2 ? 'HTTP/2' : 'HTTP/1')
    t.equal(lines('warn').length, 1)
  }
})

/** Reads the first bytes of an answer, if there come any, and closes the connection. */
async function leave (port: number, path: string, http2: boolean): Promise<void> {
  const waiting = path === '/slow' ? 50 : 2_000
  if (http2) {
    const client = connect(`http://127.0.0.1:${port}`)
    const stream = client.request({ ':path': path, origin: page })
    await Promise.race([once(stream, 'data'), sleep(waiting, undefined, { ref: false })])
    client.destroy()
  } else {
    const asked = get({ port, path, headers: { origin: page }, agent: false }).on('error', () => {})
    await Promise.race([once(asked, 'response'), sleep(waiting, undefined, { ref: false })])
    asked.destroy()
  }
}
