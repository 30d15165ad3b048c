import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request as overPlain } from 'node:http'
import { connect } from 'node:http2'
import { createServer, request as overTls } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import websocket from '@fastify/websocket'
import Fastify, { type FastifyServerOptions } from 'fastify'
import t, { type Test } from 'tap'
import corsPlugin from '../../lib/index.js'
import { createApp, page, stranger } from '../helpers.js'
import { send } from '../http.js'

type Case = [headers: Record<string, string>, status: 200 | 403, why: string]

async function holds (t: Test, server: FastifyServerOptions, cases: Case[]): Promise<void> {
  const app = createApp({ origin: page, enforce: 'unsafe' }, server)
  app.post('/', async () => 'x')
  for (const [headers, status, why] of cases) {
    t.equal((await app.inject({ method: 'POST', url: '/', headers })).statusCode, status, `${why}: ${JSON.stringify(headers)}`)
  }
}

t.test('Sec-Fetch-Site comes first', async t => {
  await holds(t, {}, [
    [{ 'sec-fetch-site': 'same-origin' }, 200, 'its own page'],
    [{ 'sec-fetch-site': 'none' }, 200, 'the user'],
    [{ 'sec-fetch-site': 'same-site' }, 403, 'a sibling'],
    [{ 'sec-fetch-site': 'cross-site' }, 403, 'a stranger'],
    [{ 'sec-fetch-site': 'else' }, 403, 'anything else'],
    [{ 'sec-fetch-site': 'same-origin', origin: stranger }, 200, 'an origin behind a proxy that is not trusted'],
    [{ 'sec-fetch-site': 'cross-site', origin: 'http://own.example', host: 'own.example' }, 403, 'what only looks the same'],
    [{ 'sec-fetch-site': 'cross-site', origin: page }, 200, 'an origin that is allowed']
  ])
})

t.test('without it, host and port of Origin are compared with the request\'s, and without either it is no browser', async t => {
  await holds(t, {}, [
    [{}, 200, 'no browser'],
    [{ origin: 'http://own.example', host: 'own.example' }, 200, 'own'],
    [{ origin: 'https://own.example', host: 'own.example' }, 200, 'own, behind a proxy that ends TLS'],
    [{ origin: 'http://own.example', host: 'OWN.example:80' }, 200, 'own, with the default port'],
    [{ origin: 'https://own.example', host: 'own.example:443' }, 200, 'own, with the default port'],
    [{ origin: 'http://own.example:8080', host: 'own.example:8080' }, 200, 'own port'],
    [{ origin: 'http://own.example:8081', host: 'own.example:8080' }, 403, 'another port'],
    [{ origin: 'http://own.example', host: 'own.example:8080' }, 403, 'another port'],
    [{ origin: 'http://own.example:8080', host: 'own.example' }, 403, 'another port'],
    [{ origin: 'http://[::1]:3000', host: '[::1]:3000' }, 200, 'IPv6'],
    [{ origin: 'http://[::1]', host: '[::1]' }, 200, 'IPv6'],
    [{ origin: 'http://[::2]:3000', host: '[::1]:3000' }, 403, 'another address'],
    [{ origin: 'http://evil-own.example', host: 'own.example' }, 403, 'a longer name'],
    [{ origin: 'http://own.example.evil', host: 'own.example' }, 403, 'a longer name'],
    [{ origin: 'http://x@own.example', host: 'own.example' }, 403, 'user information'],
    [{ origin: 'null', host: 'null' }, 403, 'a sandbox'],
    [{ origin: 'capacitor://localhost', host: 'localhost' }, 403, 'an app, whose pages only have the host\'s name'],
    [{ origin: 'ionic://localhost:3000', host: 'localhost:3000' }, 403, 'an app, with the port'],
    [{ origin: 'chrome-extension://own.example', host: 'own.example' }, 403, 'an extension'],
    [{ origin: stranger, 'x-forwarded-host': 'stranger.example' }, 403, 'a forwarded host that nobody trusts']
  ])
})

t.test('behind a trusted proxy, the forwarded host and scheme count', async t => {
  const forwarded = { host: 'internal:3000', 'x-forwarded-host': 'own.example', 'x-forwarded-proto': 'https' }
  const cases: Case[] = [
    [{ ...forwarded, origin: 'https://own.example' }, 200, 'own'],
    [{ ...forwarded, origin: 'http://own.example' }, 403, 'another scheme'],
    [{ ...forwarded, origin: 'https://internal:3000' }, 403, 'the inner name is not the page\'s'],
    [{ ...forwarded, 'x-forwarded-host': 'evil.example, own.example', origin: 'https://own.example' }, 200, 'the last of several hosts'],
    [{ ...forwarded, 'x-forwarded-host': 'own.example, evil.example', origin: 'https://own.example' }, 403, 'not the last host'],
    [{ ...forwarded, 'x-forwarded-host': 'a,b , own.example ', origin: 'https://own.example' }, 200, 'spaces around the last'],
    [{ ...forwarded, 'x-forwarded-proto': 'http, https', origin: 'https://own.example' }, 200, 'the last of several schemes'],
    [{ ...forwarded, 'x-forwarded-proto': 'https, http', origin: 'https://own.example' }, 403, 'not the last scheme'],
    [{ ...forwarded, 'x-forwarded-proto': 'HTTPS', origin: 'https://own.example' }, 200, 'in upper case'],
    [{ ...forwarded, 'x-forwarded-proto': 'wss', origin: 'https://own.example' }, 200, 'a WebSocket\'s scheme, over TLS'],
    [{ ...forwarded, 'x-forwarded-proto': 'ws', origin: 'http://own.example' }, 200, 'a WebSocket\'s scheme'],
    [{ ...forwarded, 'x-forwarded-proto': 'ws', origin: 'https://own.example' }, 403, 'another scheme than the WebSocket\'s'],
    [{ ...forwarded, 'x-forwarded-proto': 'https,', origin: 'https://own.example' }, 403, 'a list that ends in nothing'],
    [{ ...forwarded, 'x-forwarded-host': `${'proxy.example, '.repeat(600)}own.example`, origin: 'https://own.example' }, 200, 'very many hosts'],
    [{ host: 'own.example', 'x-forwarded-host': '', 'x-forwarded-proto': 'https', origin: 'https://own.example' }, 200, 'an empty forwarded host'],
    [{ host: 'own.example', 'x-forwarded-host': 'own.example', 'x-forwarded-proto': '', origin: 'https://own.example' }, 200, 'an empty forwarded scheme'],
    [{ host: 'own.example', 'x-forwarded-proto': 'https', origin: 'https://own.example' }, 200, 'a proxy that keeps the host'],
    [{ host: 'own.example', 'x-forwarded-proto': 'http', origin: 'https://own.example' }, 403, 'a proxy that says the page used http'],
    [{ host: 'own.example', origin: 'http://own.example' }, 200, 'a proxy that tells nothing'],
    [{ host: 'own.example', origin: 'https://own.example' }, 200, 'a proxy that ends TLS and does not say so']
  ]
  for (const trustProxy of [true, '127.0.0.1', 'loopback', '10.0.0.1, 127.0.0.0/8', ['10.0.0.1', '127.0.0.1'], (address: string, hop: number) => address === '127.0.0.1' && hop === 0]) {
    await holds(t, { trustProxy }, cases)
  }
})

t.test('what a peer forwards that is not trusted tells nothing, neither the host nor the scheme', async t => {
  for (const trustProxy of [undefined, false, '10.0.0.1', ['10.0.0.1', '192.168.0.0/16'], () => false]) {
    await holds(t, trustProxy === undefined ? {} : { trustProxy }, [
      [{ host: 'own.example', 'x-forwarded-proto': 'https', origin: 'https://own.example' }, 200, 'own, over TLS'],
      [{ host: 'own.example', 'x-forwarded-proto': 'http', origin: 'https://own.example' }, 200, 'own, where a second proxy speaks http to the first'],
      [{ host: 'own.example', 'x-forwarded-proto': 'https', origin: 'http://own.example' }, 200, 'own, whatever is claimed'],
      [{ host: 'own.example', 'x-forwarded-for': '10.0.0.1', 'x-forwarded-proto': 'http', origin: 'https://own.example' }, 200, 'a peer that names a trusted proxy'],
      [{ host: 'internal', 'x-forwarded-host': 'own.example', origin: 'https://own.example' }, 403, 'a forwarded host that nobody trusts'],
      [{ host: 'own.example', 'x-forwarded-host': 'evil.example', origin: 'https://own.example' }, 200, 'own, whatever host is claimed']
    ])
  }
})

t.test('with a number of trusted hops, the server\'s own page behind a TLS proxy passes', async t => {
  for (const trustProxy of [1, 2]) {
    await holds(t, serverOptions({ trustProxy }), [
      [{ host: 'own.example', 'x-forwarded-for': '203.0.113.7', 'x-forwarded-proto': 'https', origin: 'https://own.example' }, 200, 'own'],
      [{ host: 'own.example', origin: 'https://own.example' }, 200, 'own, and nothing is forwarded'],
      [{ host: 'own.example', 'x-forwarded-proto': 'https', origin: stranger }, 403, 'a stranger']
    ])
  }
})

t.test('over the network, the address that was asked is its own', async t => {
  const app = createApp({ origin: page, enforce: 'all' })
  app.post('/', async () => 'x')
  t.teardown(() => app.close())
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  t.equal((await send({ method: 'POST', url, headers: { origin: url } })).status, 200)
  t.equal((await send({ method: 'POST', url, headers: { origin: 'http://127.0.0.1' } })).status, 403)
  t.equal((await send({ method: 'POST', url, headers: { origin: url.replace('http:', 'capacitor:') } })).status, 403)
  t.equal((await send({ method: 'POST', url, headers: { origin: stranger } })).status, 403)
})

t.test('over TLS, the scheme is known, unless a trusted proxy says otherwise', async t => {
  const tls = selfSigned(t)
  const url = await listening(t, { https: tls })
  const plain = url.replace('https:', 'http:')
  t.equal(await post(url, { origin: url }), 200)
  t.equal(await post(url, { origin: plain }), 403)
  t.equal(await post(url, { origin: plain, 'x-forwarded-proto': 'http' }), 403, 'nobody trusts the peer')
  t.equal(await post(url, { origin: url.replace('https:', 'capacitor:') }), 403)
  const behind = await listening(t, { https: tls, trustProxy: 'loopback' })
  t.equal(await post(behind, { origin: behind }), 200)
  t.equal(await post(behind, { origin: behind, 'x-forwarded-proto': 'http' }), 403)
  t.equal(await post(behind, { origin: behind.replace('https:', 'http:'), 'x-forwarded-proto': 'http' }), 200)
  t.equal(await post(behind, { origin: 'https://own.example', 'x-forwarded-host': 'own.example' }), 200)
})

for (const trustProxy of [false, true, 1, 'loopback', '10.0.0.1']) {
  for (const tells of [true, false]) {
    t.test(`behind a real proxy that ends TLS and ${tells ? 'says so' : 'does not say so'}, with trustProxy ${String(trustProxy)}, its own page may post and strangers may not`, async t => {
      const inner = await listening(t, { trustProxy })
      const proxy = createServer(selfSigned(t), (incoming, outgoing) => {
        const headers = { ...incoming.headers, ...tells ? { 'x-forwarded-proto': 'https', 'x-forwarded-for': '203.0.113.7' } : {} }
        incoming.pipe(overPlain(inner, { method: incoming.method, headers }, answer => {
          answer.pipe(outgoing.writeHead(Number(answer.statusCode), answer.headers))
        }))
      })
      t.teardown(() => { proxy.close() })
      await new Promise<void>(resolve => { proxy.listen(0, '127.0.0.1', resolve) })
      const url = `https://127.0.0.1:${(proxy.address() as AddressInfo).port}`
      t.equal(await post(url, { origin: url }), 200)
      t.equal(await post(url, { origin: stranger }), 403)
      t.equal(await post(url, { origin: inner }), 403)
    })
  }
}

t.test('over a Unix socket, which has no address, Host is compared', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'cors-'))
  t.teardown(() => { rmSync(folder, { recursive: true }) })
  const socketPath = join(folder, 'socket')
  const app = createApp({ origin: page, enforce: 'unsafe' }, { trustProxy: 'loopback' })
  app.post('/', async () => 'x')
  t.teardown(() => app.close())
  await app.listen({ path: socketPath })
  const status = (headers: Record<string, string>): Promise<unknown> => new Promise((resolve, reject) => {
    overPlain({ socketPath, method: 'POST', headers, agent: false }, answer => { resolve(answer.resume().statusCode) }).on('error', reject).end()
  })
  t.equal(await status({ host: 'own.example', origin: 'https://own.example', 'x-forwarded-proto': 'https' }), 200)
  t.equal(await status({ host: 'own.example', origin: 'https://own.example', 'x-forwarded-proto': 'http' }), 200)
  t.equal(await status({ host: 'own.example', origin: stranger, 'x-forwarded-host': 'stranger.example' }), 403)
})

t.test('a WebSocket that a test injects has no socket, and its Host is compared', async t => {
  for (const trustProxy of [false, '10.0.0.1']) {
    const app = createApp({ origin: page, enforce: 'unsafe' }, { trustProxy })
    await app.register(websocket)
    app.get('/', { websocket: true }, socket => { socket.send('hello') })
    t.teardown(() => app.close())
    await app.ready()
    const inject = (origin: string): Promise<unknown> => app.injectWS('/', { headers: { host: 'own.example', 'x-forwarded-proto': 'http', origin } })
      .then(socket => { socket.terminate() }, ({ message }: Error) => message)
    t.equal(await inject('https://own.example'), undefined)
    t.match(await inject(stranger), /403/)
  }
})

/** A key and a certificate that nobody vouches for. */
function selfSigned (t: Test): { key: Buffer, cert: Buffer } {
  const folder = mkdtempSync(join(tmpdir(), 'cors-'))
  t.teardown(() => { rmSync(folder, { recursive: true }) })
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const subject = ['-subj', '/CN=localhost', '-days', '1']
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  execFileSync('openssl', ['req', '-x509', ...kind, '-keyout', key, '-out', cert, ...subject], { stdio: 'ignore' })
  return { key: readFileSync(key), cert: readFileSync(cert) }
}

/** Fastify takes numbers for `trustProxy`, and `https`, whatever this type says. */
function serverOptions (options: object): FastifyServerOptions {
  return Object.assign<FastifyServerOptions, object>({}, options)
}

/** The address of an application that refuses what strangers post. */
async function listening (t: Test, server: object): Promise<string> {
  const app = Fastify(serverOptions(server))
  app.register(corsPlugin, { origin: page, enforce: 'unsafe' })
  app.post('/', async () => 'x')
  t.teardown(() => app.close())
  return await app.listen({ host: '127.0.0.1', port: 0 })
}

function post (url: string, headers: Record<string, string>): Promise<unknown> {
  return new Promise((resolve, reject) => {
    overTls(url, { method: 'POST', headers, agent: false, rejectUnauthorized: false }, answer => { resolve(answer.resume().statusCode) }).on('error', reject).end()
  })
}

t.test('over HTTP/2, :authority is the host', async t => {
  const app = Fastify({ http2: true })
  app.register(corsPlugin, { origin: page, enforce: 'unsafe' })
  app.post('/', async () => 'x')
  t.teardown(() => app.close())
  await app.listen({ host: '127.0.0.1', port: 0 })
  const authority = `127.0.0.1:${(app.server.address() as AddressInfo).port}`
  const session = connect(`http://${authority}`)
  t.teardown(() => { session.close() })
  const post = async (origin: string): Promise<unknown> => await new Promise((resolve, reject) => {
    const stream = session.request({ ':method': 'POST', ':path': '/', origin })
    stream.on('response', headers => {
      resolve(headers[':status'])
      stream.resume()
    }).on('error', reject).end()
  })
  t.equal(await post(`http://${authority}`), 200)
  t.equal(await post('http://127.0.0.1'), 403)
  t.equal(await post(stranger), 403)
  t.equal(await post(page), 200)
})

t.test('same-origin requests need no listing, and are told in request.cors (E3)', async t => {
  const app = createApp({ origin: page, enforce: 'all' })
  app.post('/', async request => request.cors)
  for (const headers of [{ origin: stranger, 'sec-fetch-site': 'same-origin' }, { origin: 'http://own.example', host: 'own.example' }]) {
    const answered = await app.inject({ method: 'POST', url: '/', headers })
    t.strictSame(answered.json(), { kind: 'same-origin', origin: headers.origin, allowed: true, reason: 'same-origin' })
    t.equal(answered.headers['access-control-allow-origin'], undefined)
  }
})
