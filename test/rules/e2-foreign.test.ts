import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:http2'
import { request as overTls } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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
    [{ origin: stranger, 'x-forwarded-host': 'stranger.example' }, 403, 'a forwarded host that nobody trusts']
  ])
})

t.test('behind a trusted proxy, the forwarded host and scheme count', async t => {
  const forwarded = { host: 'internal:3000', 'x-forwarded-host': 'own.example', 'x-forwarded-proto': 'https' }
  await holds(t, { trustProxy: true }, [
    [{ ...forwarded, origin: 'https://own.example' }, 200, 'own'],
    [{ ...forwarded, origin: 'http://own.example' }, 403, 'another scheme'],
    [{ ...forwarded, origin: 'https://internal:3000' }, 403, 'the inner name is not the page\'s'],
    [{ ...forwarded, 'x-forwarded-host': `${'proxy.example, '.repeat(60)}own.example`, origin: 'https://own.example' }, 200, 'the last of several'],
    [{ ...forwarded, 'x-forwarded-host': `${'proxy.example, '.repeat(600)}own.example`, origin: 'https://own.example' }, 403, 'more than proxies write'],
    [{ ...forwarded, 'x-forwarded-proto': `${'http, '.repeat(600)}https`, origin: 'https://own.example' }, 403, 'more schemes than proxies write'],
    [{ host: 'own.example', origin: 'http://own.example' }, 200, 'a proxy that keeps the host'],
    [{ host: 'own.example', origin: 'https://own.example' }, 403, 'another scheme']
  ])
  await holds(t, { trustProxy: '10.0.0.1' }, [
    [{ ...forwarded, origin: 'https://own.example' }, 403, 'a proxy that is not the trusted one']
  ])
})

t.test('over the network, the address that was asked is its own', async t => {
  const app = createApp({ origin: page, enforce: 'all' })
  app.post('/', async () => 'x')
  t.teardown(() => app.close())
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  t.equal((await send({ method: 'POST', url, headers: { origin: url } })).status, 200)
  t.equal((await send({ method: 'POST', url, headers: { origin: 'http://127.0.0.1' } })).status, 403)
  t.equal((await send({ method: 'POST', url, headers: { origin: stranger } })).status, 403)
})

t.test('over TLS, the scheme is known', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'cors-'))
  t.teardown(() => { rmSync(folder, { recursive: true }) })
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const subject = ['-subj', '/CN=localhost', '-days', '1']
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, ...subject], { stdio: 'ignore' })
  const app = Fastify({ https: { key: readFileSync(key), cert: readFileSync(cert) } })
  app.register(corsPlugin, { origin: page, enforce: 'unsafe' })
  app.post('/', async () => 'x')
  t.teardown(() => app.close())
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const post = (origin: string): Promise<unknown> => new Promise((resolve, reject) => {
    overTls(url, { method: 'POST', headers: { origin }, agent: false, rejectUnauthorized: false }, response => {
      resolve(response.statusCode)
      response.resume()
    }).on('error', reject).end()
  })
  t.equal(await post(url), 200)
  t.equal(await post(url.replace('https:', 'http:')), 403)
})

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
