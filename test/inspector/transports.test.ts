import dns from 'node:dns'
import type { IncomingMessage } from 'node:http'
import { connect } from 'node:http2'
import { get } from 'node:https'
import type { Readable } from 'node:stream'
import Fastify, { type FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { page } from './app.js'
import { readFeed } from './feed.js'
import { selfSigned } from '../cli/fixtures/self-signed.js'
import { portOf } from '../browsers/harness/port.js'
import { send } from '../http.js'
import { corsPlugin } from '../../lib/index.js'
import { corsInspector } from '../../lib/inspector/index.js'
import type { Hello } from '../../lib/inspector/wire.js'

/** Sends a GET, and resolves with as much of the answer as is waited for: that of a feed goes on. */
type Get = (path: string, headers?: Record<string, string>, until?: RegExp) => Promise<string>

const FIRST_EVENT = /^data:(.*)\n\n/m

/** The text of a stream, as soon as it has what is waited for. */
async function textOf (stream: Readable, until = /./): Promise<string> {
  let text = ''
  for await (const chunk of stream) {
    text += String(chunk)
    if (until.test(text)) break
  }
  return text
}

function helloIn (text: string): Hello {
  return JSON.parse(FIRST_EVENT.exec(text)?.[1] ?? '') as Hello
}

async function listen (t: Test, app: FastifyInstance, host = '127.0.0.1'): Promise<number> {
  app.register(corsPlugin, { origin: page })
  app.register(corsInspector)
  app.register(async routes => { routes.get('/', () => 'hello') })
  await app.listen({ host, port: 0 })
  t.teardown(() => app.close())
  return portOf(app)
}

/** What a reader who comes now is told. */
async function told (get: Get): Promise<Hello> {
  return helloIn(await get('/_cors/events', {}, FIRST_EVENT))
}

async function holds (t: Test, get: Get, origin: string): Promise<void> {
  t.match(await get('/_cors'), '<!doctype html>')
  t.equal(await get('/', { origin: page }), 'hello')
  t.equal(await get('/', { origin }), 'hello', 'the same origin, which is not shown')
  const { api, calls } = await told(get)
  t.equal(api, origin)
  t.match(calls, [{ url: `${origin}/`, origin: page, state: 'judged', verdict: { allowed: true } }])
  t.equal(calls.length, 1)
}

function overHttp2 (t: Test, origin: string): Get {
  const session = connect(origin, { rejectUnauthorized: false })
  t.teardown(() => session.destroy())
  // Node leaves out the brackets of IPv6.
  const { host } = new URL(origin)
  return (path, headers = {}, until) => textOf(session.request({ ':path': path, ':authority': host, ...headers }), until)
}

t.test('over TLS', async t => {
  const origin = `https://127.0.0.1:${await listen(t, Fastify({ https: selfSigned, forceCloseConnections: true }) as unknown as FastifyInstance)}`
  await holds(t, async (path, headers = {}, until) => {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      get(origin + path, { headers, rejectUnauthorized: false, agent: false }, resolve).on('error', reject)
    })
    return await textOf(response, until)
  }, origin)
})

t.test('over HTTP/2 and TLS', async t => {
  const origin = `https://127.0.0.1:${await listen(t, Fastify({ http2: true, https: selfSigned }) as unknown as FastifyInstance)}`
  await holds(t, overHttp2(t, origin), origin)
})

t.test('over HTTP/2 in clear text', async t => {
  const origin = `http://127.0.0.1:${await listen(t, Fastify({ http2: true }) as unknown as FastifyInstance)}`
  await holds(t, overHttp2(t, origin), origin)
})

/** Lets `localhost` be two addresses for the length of a test. */
function haveTwoAddresses (t: Test): void {
  const { lookup } = dns
  // Not every machine that runs this test has both: here is what those say that do.
  Object.assign(dns, {
    lookup: (...given: unknown[]) => {
      const done = given.at(-1)
      if (given.length === 3 && typeof done === 'function') done(null, [{ address: '127.0.0.1', family: 4 }, { address: '::1', family: 6 }])
      // Where to listen, and where to call, is asked otherwise.
      else Reflect.apply(lookup, dns, given)
    }
  })
  t.teardown(() => { Object.assign(dns, { lookup }) })
}

t.test('where localhost is two addresses, calls of both are seen, and those of no other server', async t => {
  haveTwoAddresses(t)
  const port = await listen(t, Fastify({ forceCloseConnections: true }), 'localhost')
  const other = Fastify()
  other.get('/', () => 'other')
  await other.listen({ host: '127.0.0.1', port: 0 })
  t.teardown(() => other.close())
  const origins = [`http://127.0.0.1:${port}`, `http://[::1]:${port}`]
  await send({ url: `http://127.0.0.1:${portOf(other)}/`, headers: { origin: page } })
  for (const origin of origins) t.equal((await send({ url: `${origin}/`, headers: { origin: page } })).body, 'hello')
  const { hello } = await readFeed(t, `http://127.0.0.1:${port}`)
  t.strictSame(hello.calls.map(({ url }) => url), origins.map(origin => `${origin}/`))
})

t.test('over HTTP/2 too', async t => {
  haveTwoAddresses(t)
  const port = await listen(t, Fastify({ http2: true }) as unknown as FastifyInstance, 'localhost')
  const origins = [`http://127.0.0.1:${port}`, `http://[::1]:${port}`]
  const gets = origins.map(origin => overHttp2(t, origin))
  for (const get of gets) t.equal(await get('/', { origin: page }), 'hello')
  for (const get of gets) t.strictSame((await told(get)).calls.map(({ url }) => url), origins.map(origin => `${origin}/`))
})

t.test('a feed over HTTP/2 makes no noise', async t => {
  const warnings: string[] = []
  const onWarning = (warning: Error): void => { warnings.push(warning.message) }
  process.on('warning', onWarning)
  t.teardown(() => process.off('warning', onWarning))
  const get = overHttp2(t, `http://127.0.0.1:${await listen(t, Fastify({ http2: true }) as unknown as FastifyInstance)}`)
  await told(get)
  await new Promise(resolve => setImmediate(resolve))
  t.strictSame(warnings, [])
})

t.test('a reader over HTTP/2 that does not read is let go, too', async t => {
  const origin = `http://127.0.0.1:${await listen(t, Fastify({ http2: true }) as unknown as FastifyInstance)}`
  const session = connect(origin)
  t.teardown(() => session.destroy())
  const stuck = session.request({ ':path': '/_cors/events' })
  stuck.on('error', () => {})
  await new Promise(resolve => stuck.once('response', resolve))
  let isClosed = false
  stuck.once('close', () => { isClosed = true })
  const get = overHttp2(t, origin)
  const long = 'x'.repeat(7000)
  for (let round = 0; round < 10; round++) {
    await Promise.all(Array.from({ length: 50 }, () => get(`/?${long}`, { origin: page })))
    await new Promise(resolve => setTimeout(resolve, 120))
  }
  stuck.resume()
  await new Promise<void>(resolve => {
    if (isClosed) resolve()
    else stuck.once('close', resolve)
  })
  t.equal((await told(get)).seen, 500, 'nobody else is')
})
