import { createServer, request as startRequest, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { lookup } from 'node:dns/promises'
import t, { type Test } from 'tap'
import { WebSocket, WebSocketServer } from 'ws'
import { ask, call, page } from './app.js'
import { readFeed } from './feed.js'
import { listen } from '../cli/terminal.js'
import { headerOf, send } from '../http.js'
import { inspect } from '../../lib/inspector/proxy.js'
import { sender } from '../../lib/cli/send.js'

/** A server, and a proxy in front of it, for the length of a test. */
async function between (t: Test, listener: RequestListener): Promise<{ target: string, origin: string, server: ReturnType<typeof createServer> }> {
  const server = createServer(listener)
  const target = await listen(t, server)
  const { origin, close } = await inspect(new URL(target), 0, sender(1000))
  t.teardown(close)
  return { target, origin, server }
}

t.test('calls of pages are passed on as they are, and judged as calls of the server itself', async t => {
  const hosts: unknown[] = []
  const { target, origin } = await between(t, (request, response) => {
    hosts.push(request.headers.host)
    response.writeHead(200, 'Fine', ['X-Twice', '1', 'X-Twice', '2', 'Content-Type', 'text/plain'])
    request.pipe(response)
  })
  const feed = await readFeed(t, origin)
  t.match(feed.hello, { mode: 'in front of', api: target })
  const answer = await send({ method: 'POST', url: `${origin}/echo?q=1`, headers: { origin: page, 'content-type': 'text/plain' }, body: 'hello' })
  t.equal(answer.status, 200)
  t.equal(answer.body, 'hello')
  t.strictSame(answer.headers.filter(([name]) => name === 'x-twice').map(([, value]) => value), ['1', '2'])
  t.strictSame(hosts, [new URL(target).host])
  const [seen] = await feed.until(([first]) => first?.state === 'judged')
  t.match(seen, { url: `${target}/echo?q=1`, method: 'POST', decider: null, verdict: { allowed: false, reason: 'MissingAllowOriginHeader', framework: 'headers', remedy: { options: { origin: [page] } } } })
})

t.test('preflights are the server\'s to answer', async t => {
  const { origin } = await between(t, (request, response) => {
    response.writeHead(request.method === 'OPTIONS' ? 204 : 200, { 'access-control-allow-origin': page, 'access-control-allow-methods': 'PUT', 'X-Powered-By': 'Express' }).end()
  })
  const feed = await readFeed(t, origin)
  await ask(`${origin}/x`, 'DELETE')
  await ask(`${origin}/x`, 'PUT')
  await call(`${origin}/x`, 'PUT', { 'content-length': '0' })
  const [refused, granted] = await feed.until(calls => calls.filter(({ state }) => state === 'judged').length === 2)
  t.match(refused, { method: 'DELETE', verdict: { allowed: false, reason: 'MethodDisallowedByPreflightResponse', framework: 'express' } })
  t.match(granted, { method: 'PUT', verdict: { allowed: true } })
})

t.test('headers that lead past the proxy are rewritten, and marked', async t => {
  const { target, origin } = await between(t, (request, response) => {
    const host = String(request.headers.host)
    response.writeHead(302, {
      location: request.url === '/away' ? 'https://elsewhere.example/' : request.url === '/relative' ? '/next' : `http://${host}/next?a#b`,
      'set-cookie': ['one=1; Domain=.127.0.0.1; Path=/', 'two=2; domain=elsewhere.example', 'three=3'],
      'access-control-allow-origin': '*'
    }).end()
  })
  const feed = await readFeed(t, origin)
  const answer = await call(`${origin}/here`)
  t.equal(headerOf(answer, 'location'), `${origin}/next?a#b`)
  t.strictSame(answer.headers.filter(([name]) => name === 'set-cookie').map(([, value]) => value), ['one=1; Path=/', 'two=2; domain=elsewhere.example', 'three=3'])
  t.equal(headerOf(await call(`${origin}/away`), 'location'), 'https://elsewhere.example/')
  t.equal(headerOf(await call(`${origin}/relative`), 'location'), '/next')
  const [here] = await feed.until(calls => calls.filter(({ state }) => state === 'judged').length === 3)
  t.strictSame(here?.actual?.response?.rewritten, [['location', `${origin}/next?a#b`], ['set-cookie', 'one=(not shown); Path=/']])
  t.match(here?.actual?.response?.headers, [['location', `${target}/next?a#b`]])
})

t.test('streams pass as they come, in both directions', async t => {
  let say = (_text: string): void => {}
  const { origin } = await between(t, (request, response) => {
    if (request.method === 'POST') {
      request.once('data', (chunk: Buffer) => response.end(`first: ${chunk.toString()}`))
      return
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
    say = text => { response.write(text) }
  })
  const events = await new Promise<IncomingMessage>((resolve, reject) => { startRequest(`${origin}/events`).on('response', resolve).on('error', reject).end() })
  for (const text of ['data: 1\n\n', 'data: 2\n\n']) {
    say(text)
    t.equal(String(await new Promise(resolve => events.once('data', resolve))), text)
  }
  events.destroy()
  const upload = startRequest(`${origin}/upload`, { method: 'POST' })
  const answered = new Promise<IncomingMessage>((resolve, reject) => { upload.on('response', resolve).on('error', reject) })
  upload.write('begun')
  const answer = await answered
  t.equal(String(await new Promise(resolve => answer.once('data', resolve))), 'first: begun', 'before the upload has ended')
  upload.end()
})

t.test('WebSockets pass', async t => {
  const { origin, server } = await between(t, (_request, response) => { response.end() })
  const sockets = new WebSocketServer({ server })
  t.teardown(() => { for (const client of sockets.clients) client.terminate() })
  sockets.on('connection', socket => socket.on('message', message => socket.send(`echo ${String(message)}`)))
  const socket = new WebSocket(origin.replace('http', 'ws'), { origin: page })
  t.teardown(() => socket.terminate())
  await new Promise(resolve => socket.once('open', resolve))
  socket.send('hello')
  t.equal(String(await new Promise(resolve => socket.once('message', resolve))), 'echo hello')
})

t.test('a server that is gone is a failure of the server, not of CORS', async t => {
  const { origin, server } = await between(t, (_request, response) => { response.end() })
  await new Promise(resolve => server.close(resolve))
  const feed = await readFeed(t, origin)
  const answer = await call(`${origin}/x`)
  t.equal(answer.status, 502)
  t.match(answer.body, /does not answer: Error: .*ECONNREFUSED/)
  t.equal((await send({ url: `${origin}/x` })).status, 502, 'to those whom nobody watches too')
  t.match((await feed.until(([first]) => first?.state === 'judged'))[0], { actual: { response: { status: 502 } }, verdict: { allowed: false, remedy: null } })
  const socket = new WebSocket(origin.replace('http', 'ws'))
  await new Promise(resolve => socket.once('error', resolve))
})

t.test('an answer that breaks off breaks off for the page too', async t => {
  const { origin } = await between(t, (_request, response: ServerResponse) => {
    response.writeHead(200, { 'content-length': '100' })
    response.write('begun', () => { response.destroy() })
  })
  const answer = await new Promise<IncomingMessage>((resolve, reject) => { startRequest(`${origin}/x`, { agent: false }).on('response', resolve).on('error', reject).end() })
  answer.resume()
  const error = await new Promise<NodeJS.ErrnoException>(resolve => answer.once('error', resolve))
  t.equal(error.code, 'ECONNRESET')
})

t.test('the proxy serves the page and its routes to this machine', async t => {
  const { target, origin } = await between(t, (request, response) => {
    response.writeHead(200, { 'access-control-allow-origin': page }).end(request.url)
  })
  t.match(await send({ url: `${origin}/_cors` }), { status: 200, body: /inspector\.js/ })
  t.equal((await send({ url: `${origin}/_cors`, headers: { host: 'evil.example' } })).status, 403)
  t.match(JSON.parse((await send({ url: `${origin}/_cors/routes` })).body), { contexts: [], routes: [] })
  t.equal((await send({ url: `${origin}/_corsair` })).body, '/_corsair')
  const tried = await send({ method: 'POST', url: `${origin}/_cors/explain`, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ origin: page, url: '/users' }) })
  t.match(JSON.parse(tried.body), { allowed: true, exchanges: [{ request: { url: `${target}/users` } }], call: { url: `${target}/users`, verdict: { allowed: true } } })
})

t.test('a target on IPv6 is called there, and the proxy as well', async t => {
  const server = createServer((_request, response) => { response.end('six') })
  await new Promise<void>(resolve => server.listen(0, '::1', resolve))
  t.teardown(() => { server.close() })
  const address = server.address()
  const { origin, close } = await inspect(new URL(`http://[::1]:${typeof address === 'object' ? address?.port : ''}`), 0, sender(1000))
  t.teardown(close)
  t.match(origin, /^http:\/\/\[::1\]:\d+$/)
  t.equal((await send({ url: origin })).body, 'six')
})

t.test('for a server elsewhere, the proxy is on localhost, under both of its addresses', async t => {
  const { origin, close } = await inspect(new URL('https://api.example'), 0, sender(1000))
  t.teardown(close)
  t.match(origin, /^http:\/\/localhost:\d+$/)
  for (const { address, family } of await lookup('localhost', { all: true })) {
    const host = family === 6 ? `[${address}]` : address
    t.equal((await send({ url: `http://${host}:${new URL(origin).port}/_cors` })).status, 200, host)
  }
})
