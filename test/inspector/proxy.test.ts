import { createServer, request as startRequest, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { lookup } from 'node:dns/promises'
import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
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

/** Writes to a proxy what no client would, and resolves with what comes back. */
function sendRaw (origin: string, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(origin).port), new URL(origin).hostname)
    let answer = ''
    socket.setEncoding('latin1').on('data', (chunk: string) => { answer += chunk }).on('error', reject).on('close', () => resolve(answer))
    socket.write(text, 'latin1')
  })
}

function lines (...text: string[]): string {
  return `${text.join('\r\n')}\r\n\r\n`
}

t.test('an answer that is none fails for the page, and leaves the proxy standing', async t => {
  const answers = new Map([
    ['/status', 'HTTP/1.1 200 O\u0001K\r\ncontent-length: 0\r\n\r\n'],
    ['/garbage', 'garbage\r\n\r\n'],
    ['/lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nabc'],
    ['/nothing', '']
  ])
  const { origin } = await between(t, (request, response) => { response.socket?.end(answers.get(String(request.url)) ?? '', 'latin1') })
  const feed = await readFeed(t, origin)
  for (const path of answers.keys()) t.equal((await call(origin + path)).status, 502, path)
  const calls = await feed.until(calls => calls.filter(({ state }) => state === 'judged').length === answers.size)
  for (const { actual, verdict } of calls) t.match({ actual, verdict }, { actual: { response: { status: 502 } }, verdict: { allowed: false, remedy: null } })
})

t.test('heads of any size that browsers take pass, in both directions, as do trailers', async t => {
  const long = 'x'.repeat(60_000)
  const server = createServer({ maxHeaderSize: 100_000 }, (request, response) => {
    response.writeHead(200, { 'x-long': String(request.headers['x-long']), 'access-control-allow-origin': page, trailer: 'x-sum' })
    response.write('body')
    response.addTrailers({ 'x-sum': '1' })
    response.end()
  })
  const { origin, close } = await inspect(new URL(await listen(t, server)), 0, sender(1000))
  t.teardown(close)
  const feed = await readFeed(t, origin)
  const { headers, trailers } = await new Promise<IncomingMessage>((resolve, reject) => {
    startRequest(origin, { headers: { origin: page, 'x-long': long }, maxHeaderSize: 100_000, agent: false }, response => {
      response.resume().once('end', () => resolve(response))
    }).on('error', reject).end()
  })
  t.equal(headers['x-long'], long)
  t.match(trailers, { 'x-sum': '1' })
  const [seen] = await feed.until(([first]) => first?.state === 'judged')
  t.ok(JSON.stringify(seen).length < 10_000, 'what nobody would read is not kept')
})

t.test('compressed answers and answers without a body pass', async t => {
  const zipped = gzipSync('hello')
  const { origin } = await between(t, (request, response) => {
    if (request.method === 'HEAD') response.writeHead(200, { 'content-length': '1234' }).end()
    else if (request.url === '/known') response.writeHead(304, { etag: '"1"' }).end()
    else response.writeHead(200, { 'content-encoding': 'gzip' }).end(zipped)
  })
  const body = await new Promise<Buffer>((resolve, reject) => {
    startRequest(`${origin}/zipped`, { agent: false }, response => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => resolve(Buffer.concat(chunks)))
    }).on('error', reject).end()
  })
  t.ok(body.equals(zipped))
  t.equal(headerOf(await send({ method: 'HEAD', url: origin }), 'content-length'), '1234')
  t.match(await send({ url: `${origin}/known` }), { status: 304, body: '' })
})

t.test('who leaves is left by the server too: an upload that breaks off, an answer that nobody waits for', async t => {
  const left: string[] = []
  let told = (): void => {}
  const { origin } = await between(t, (request, response) => {
    request.resume()
    response.once('close', () => {
      left.push(String(request.url))
      told()
    })
  })
  const feed = await readFeed(t, origin)
  for (const [path, length] of [['/upload', '100'], ['/answer', '3']] as const) {
    const upload = startRequest(origin + path, { method: 'POST', headers: { origin: page, 'content-length': length }, agent: false }).on('error', () => {})
    upload.write('abc')
    await feed.until(calls => calls.some(({ url }) => url.endsWith(path)))
    const isTold = new Promise<void>(resolve => { told = resolve })
    // The proxy is to have called the server.
    setTimeout(() => upload.destroy(), 100)
    await isTold
  }
  t.strictSame(left, ['/upload', '/answer'])
  await feed.until(calls => calls.length === 2 && calls.every(({ state }) => state === 'gone'))
})

t.test('lengths that contradict each other get no further', async t => {
  const arrived: string[] = []
  const { origin } = await between(t, (request, response) => {
    arrived.push(String(request.url))
    request.resume().on('end', () => response.end()).on('error', () => {})
  })
  const { host } = new URL(origin)
  const smuggled = lines('POST /both HTTP/1.1', `Host: ${host}`, 'Content-Length: 3', 'Transfer-Encoding: chunked') + '0\r\n\r\n'
  t.match(await sendRaw(origin, smuggled), /^HTTP\/1\.1 400 /)
  t.strictSame(arrived, [])
})

t.test('a DNS name that points here gets nothing through the proxy, which would hide it from the server', async t => {
  const arrived: string[] = []
  const { origin, server } = await between(t, (request, response) => {
    arrived.push(String(request.url))
    response.end()
  })
  server.on('upgrade', (request, socket) => {
    arrived.push(String(request.url))
    socket.destroy()
  })
  const host = `rebound.example:${new URL(origin).port}`
  const answer = await send({ url: `${origin}/users`, headers: { host } })
  t.match(answer, { status: 421, body: /localhost, 127\.0\.0\.1 and \[::1\] only/ })
  t.equal((await send({ url: `${origin}/_cors/events`, headers: { host } })).status, 403)
  const upgrade = lines('GET /chat HTTP/1.1', `Host: ${host}`, 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Key: x', 'Sec-WebSocket-Version: 13')
  t.equal(await sendRaw(origin, upgrade), '')
  t.strictSame(arrived, [])
})

t.test('an upgrade to anything but a WebSocket is left out, as servers may', async t => {
  const { origin } = await between(t, (request, response) => { response.end(`${request.method} ${request.headers.upgrade ?? 'plain'}`) })
  const ask = (method: string, path: string, ...more: string[]): Promise<string> => sendRaw(origin, lines(
    `${method} ${path} HTTP/1.1`, `Host: ${new URL(origin).host}`, 'Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA', ...more
  ))
  t.match(await ask('GET', '/'), /^HTTP\/1\.1 200 [^]*GET plain/, 'curl --http2')
  t.match(await ask('DELETE', '/', 'Content-Length: 0'), /DELETE plain/)
  t.match(await ask('GET', '/_cors/routes'), /^HTTP\/1\.1 200 /, 'the inspector itself')
  t.match(await ask('POST', '/', 'Content-Length: 5'), /^HTTP\/1\.1 501 [^]*Leave Upgrade out/)
  t.match(await ask('POST', '/', 'Transfer-Encoding: chunked'), /^HTTP\/1\.1 501 /)
  t.match(await sendRaw(origin, lines('GET / HTTP/1.1', 'Host: rebound.example', 'Connection: Upgrade', 'Upgrade: h2c')), /^HTTP\/1\.1 421 /)
})

t.test('an upgrade that the server refuses is refused, and one that breaks off harms nobody', async t => {
  const { origin, server } = await between(t, (_request, response) => { response.end('still there') })
  server.on('upgrade', (request, socket) => {
    if (request.url === '/refused') socket.end('HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n')
    else if (request.url === '/broken') request.socket.resetAndDestroy()
    else socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n', () => request.socket.resetAndDestroy())
  })
  const ask = (path: string): Promise<string> => sendRaw(origin, lines(
    `GET ${path} HTTP/1.1`, `Host: ${new URL(origin).host}`, 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Key: x', 'Sec-WebSocket-Version: 13'
  )).catch(String)
  t.match(await ask('/refused'), /^HTTP\/1\.1 401 /)
  t.equal(await ask('/broken'), '')
  await ask('/reset')
  t.equal((await send({ url: origin })).body, 'still there')
})

t.test('a call that is tried shows no secrets, finds its lines in any letter case, and goes to no other server', async t => {
  const { target, origin } = await between(t, (_request, response) => {
    response.writeHead(200, ['Access-Control-Allow-Origin', page, 'Set-Cookie', 'session=secret; HttpOnly']).end()
  })
  const ask = (url: string) => send({ method: 'POST', url: `${origin}/_cors/explain`, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ origin: page, url, headers: { Authorization: 'secret' } }) })
  for (const url of ['/users', `${target}/users`, `${origin}/users`]) {
    const { status, body } = await ask(url)
    t.equal(status, 200, url)
    t.notMatch(body, /=secret|"secret/)
    t.match(JSON.parse(body), { call: { url: `${target}/users` } })
  }
  const simple = await send({ method: 'POST', url: `${origin}/_cors/explain`, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ origin: page, url: '/' }) })
  t.match(JSON.parse(simple.body), { allowed: true, call: { actual: { response: { headers: [['access-control-allow-origin', page], ['set-cookie', 'session=(not shown); HttpOnly']] } } } })
  t.match(await ask('http://elsewhere.example/'), { status: 400, body: /calls no other server/ })
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
