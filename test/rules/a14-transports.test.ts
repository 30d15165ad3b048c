import compress from '@fastify/compress'
import Fastify, { type FastifyInstance } from 'fastify'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { connect } from 'node:http2'
import { request as httpsRequest } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import t, { type Test } from 'tap'
import corsPlugin, { type CorsOptions } from '../../lib/index.js'
import { page, stranger } from '../helpers.js'

interface Answer { status: number, headers: IncomingHttpHeaders, body: string }
type Send = (method: string, path: string, headers: Record<string, string | string[]>) => Promise<Answer>

const options: CorsOptions = { origin: page, exposedHeaders: ['x-a'], methods: ['PUT'] }

function declareRoutes (app: FastifyInstance): void {
  app.register(corsPlugin, options)
  app.get('/text', async () => 'text')
  app.get('/stream', async (_request, reply) => reply.type('text/plain').send(Readable.from(['a', 'b'])))
  app.get('/web', async (_request, reply) => reply.type('text/plain').send(new Blob(['web']).stream()))
  app.get('/response', async () => new Response('response', { status: 201, headers: { vary: 'Accept', 'access-control-allow-origin': '*', 'x-a': '1' } }))
  app.get('/error', async () => { throw new Error('broken') })
  app.get('/broken-stream', async (_request, reply) => reply.send(new Readable({ read () { this.destroy(new Error('broken')) } })))
  app.put('/text', async () => 'changed')
}

/** Node's HTTP/2 client hides the Content-Length of a 204. */
const HIDDEN = 'hidden'

/** @param contentLength - of an answered preflight, as the client shows it */
async function holds (t: Test, send: Send, contentLength: '0' | typeof HIDDEN = '0'): Promise<void> {
  for (const [method, path, status] of [
    ['GET', '/text', 200], ['HEAD', '/text', 200], ['GET', '/stream', 200], ['HEAD', '/stream', 200], ['GET', '/web', 200],
    ['GET', '/response', 201], ['GET', '/error', 500], ['GET', '/broken-stream', 500], ['GET', '/nope', 404], ['PUT', '/text', 200]
  ] as const) {
    for (const origin of [page, stranger]) {
      const { headers, status: answered } = await send(method, path, { origin })
      t.equal(answered, status, `${method} ${path}`)
      t.equal(headers['access-control-allow-origin'], origin === page ? page : undefined, `${method} ${path}`)
      t.equal(headers['access-control-expose-headers'], origin === page ? 'x-a' : undefined)
      t.match(headers.vary, /\bOrigin\b/, `${method} ${path}`)
    }
    t.match((await send(method, path, {})).headers.vary, /\bOrigin\b/)
  }
  const asked = await send('OPTIONS', '/text', { origin: page, 'access-control-request-method': 'PUT', 'access-control-request-headers': 'x-b' })
  t.equal(asked.status, 204)
  t.equal(asked.body, '')
  t.equal(asked.headers['content-length'] ?? HIDDEN, contentLength)
  t.equal(asked.headers['access-control-allow-origin'], page)
  t.equal(asked.headers['access-control-allow-methods'], 'PUT')
  t.equal(asked.headers['access-control-allow-headers'], 'x-b')
  const refused = await send('OPTIONS', '/text', { origin: stranger, 'access-control-request-method': 'PUT' })
  t.equal(refused.status, 403)
  t.match(JSON.parse(refused.body), { code: 'FST_CORS_ORIGIN_NOT_ALLOWED' })
  t.notOk(Object.keys(refused.headers).some(name => name.startsWith('access-control')))
}

function overHttp (request: typeof httpRequest, port: number, more: object = {}): Send {
  return (method, path, headers) => new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method, path, headers, agent: false, ...more }, response => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => { chunks.push(chunk) })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: String(Buffer.concat(chunks)) }))
      response.on('error', reject)
    })
    sent.on('error', reject)
    sent.end()
  })
}

function overHttp2 (t: Test, address: string, more: object = {}): Send {
  const session = connect(address, more)
  t.teardown(() => { session.destroy() })
  return (method, path, headers) => new Promise((resolve, reject) => {
    const stream = session.request({ ':method': method, ':path': path, ...headers }, { endStream: true })
    let answered: IncomingHttpHeaders & { ':status'?: number | undefined } = {}
    let body = ''
    stream.setEncoding('utf8')
    stream.on('response', headers => { answered = headers })
    stream.on('data', (chunk: string) => { body += chunk })
    stream.on('end', () => resolve({ status: answered[':status'] ?? 0, headers: answered, body }))
    stream.on('error', reject)
  })
}

function selfSigned (t: Test): { key: Buffer, cert: Buffer } {
  const folder = mkdtempSync(join(tmpdir(), 'cors-tls-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1', '-subj', '/CN=localhost', '-keyout', key, '-out', cert], { stdio: 'ignore' })
  return { key: readFileSync(key), cert: readFileSync(cert) }
}

async function listen (t: Test, app: FastifyInstance): Promise<number> {
  declareRoutes(app)
  t.teardown(() => app.close())
  return Number(new URL(await app.listen({ host: '127.0.0.1', port: 0 })).port)
}

t.test('over HTTP/1.1', async t => {
  await holds(t, overHttp(httpRequest, await listen(t, Fastify())))
})

t.test('over TLS', async t => {
  const app = Fastify({ https: selfSigned(t) })
  await holds(t, overHttp(httpsRequest, await listen(t, app as unknown as FastifyInstance), { rejectUnauthorized: false }))
})

t.test('over HTTP/2 in clear text', async t => {
  const app = Fastify({ http2: true })
  await holds(t, overHttp2(t, `http://127.0.0.1:${await listen(t, app as unknown as FastifyInstance)}`), HIDDEN)
})

t.test('over HTTP/2 and TLS', async t => {
  const app = Fastify({ http2: true, https: selfSigned(t) })
  await holds(t, overHttp2(t, `https://127.0.0.1:${await listen(t, app as unknown as FastifyInstance)}`, { rejectUnauthorized: false }), HIDDEN)
})

t.test('over HTTP/2 and TLS, request.cors says after the answer what it said before', async t => {
  const app = Fastify({ http2: true, https: selfSigned(t) })
  app.register(corsPlugin, { origin: page })
  app.get('/', async () => 'x')
  const seen = new Promise<unknown>(resolve => { app.addHook('onResponse', async ({ cors }) => { resolve(cors) }) })
  t.teardown(() => app.close())
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  const plain = address.replace('https:', 'http:')
  await overHttp2(t, address, { rejectUnauthorized: false })('GET', '/', { origin: plain })
  t.strictSame(await seen, { kind: 'actual', origin: plain, allowed: false, reason: 'origin-not-allowed' })
})

t.test('over HTTP/2, host constraints are followed, and several Origin fields are no origin', async t => {
  const app = Fastify({ http2: true })
  app.register(corsPlugin, { origin: page, methods: ['PUT'] })
  app.route({ method: 'PUT', url: '/host', constraints: { host: 'a.test' }, config: { cors: { origin: 'https://a.example' } }, handler: async () => 'a' })
  app.get('/', async () => 'x')
  t.teardown(() => app.close())
  const send = overHttp2(t, await app.listen({ host: '127.0.0.1', port: 0 }))
  const asked = await send('OPTIONS', '/host', { ':authority': 'a.test', origin: 'https://a.example', 'access-control-request-method': 'PUT' })
  t.equal(asked.headers['access-control-allow-origin'], 'https://a.example')
  const doubled = await send('GET', '/', { origin: [page, page] })
  t.equal(doubled.status, 200)
  t.notOk('access-control-allow-origin' in doubled.headers)
})

t.test('compressed bodies', async t => {
  for (const order of ['before', 'after']) {
    const app = Fastify()
    if (order === 'before') await app.register(compress, { threshold: 0 })
    await app.register(corsPlugin, options)
    if (order === 'after') await app.register(compress, { threshold: 0 })
    app.get('/json', async () => ({ text: 'x'.repeat(500) }))
    app.get('/stream', async (_request, reply) => reply.type('text/plain').send(Readable.from(['x'.repeat(500)])))
    app.get('/error', async () => { throw new Error('x'.repeat(500)) })
    t.teardown(() => app.close())
    const send = overHttp(httpRequest, Number(new URL(await app.listen({ host: '127.0.0.1', port: 0 })).port))
    for (const path of ['/json', '/stream', '/error']) {
      const { headers } = await send('GET', path, { origin: page, 'accept-encoding': 'gzip' })
      t.equal(headers['content-encoding'], 'gzip', path)
      t.equal(headers['access-control-allow-origin'], page)
      t.match(headers.vary, /\bOrigin\b/)
      t.match(headers.vary, /\baccept-encoding\b/i)
    }
    const asked = await send('OPTIONS', '/json', { origin: page, 'access-control-request-method': 'PUT', 'accept-encoding': 'gzip' })
    t.equal(asked.status, 204)
    t.equal(asked.headers['content-length'], '0')
    t.notOk('content-encoding' in asked.headers)
  }
})

t.test('a connection goes on after a preflight', async t => {
  const app = Fastify()
  const port = await listen(t, app)
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  t.teardown(() => agent.destroy())
  const send = overHttp(httpRequest, port, { agent })
  for (let i = 0; i < 3; i++) {
    t.equal((await send('OPTIONS', '/text', { origin: page, 'access-control-request-method': 'PUT' })).status, 204)
    t.equal((await send('PUT', '/text', { origin: page })).body, 'changed')
  }
})
