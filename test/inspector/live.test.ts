import { request } from 'node:http'
import t from 'tap'
import { ask, call, listen, page } from './app.js'
import { readFeed } from './feed.js'

t.test('a simple call is judged as it is answered, with who decided', async t => {
  const { origin } = await listen(t, app => {
    app.get('/users/:id', () => [])
    app.get('/private', { config: { cors: false } }, () => [])
  })
  const feed = await readFeed(t, origin)
  t.match(feed.hello, { mode: 'beside', api: origin, capacity: 200, seen: 0, calls: [] })
  await call(`${origin}/users/1?all`)
  await call(`${origin}/private`)
  await call(`${origin}/nowhere`)
  const [users, hidden, nowhere] = await feed.until(calls => calls.filter(({ state }) => state === 'judged').length === 3)
  t.match(users, {
    origin: page,
    method: 'GET',
    url: `${origin}/users/1?all`,
    state: 'judged',
    decider: { source: 'context', route: '/users/:id', context: '/', isOff: false },
    preflight: null,
    actual: { method: 'GET', response: { status: 200 } },
    credentials: 'unknown',
    verdict: { allowed: true, preflight: 'not-needed', isPresumed: false, prints: null },
    withCredentials: { allowed: false, reason: 'InvalidAllowCredentials' }
  })
  t.match(hidden, {
    decider: { source: 'route', isOff: true },
    verdict: { allowed: false, reason: 'MissingAllowOriginHeader', prints: { chromium: /No 'Access-Control-Allow-Origin'/ }, framework: 'fastify-cors-policy' },
    withCredentials: null
  })
  t.equal(nowhere?.decider, null)
})

t.test('a preflight and the request that it announced are one call', async t => {
  const { origin } = await listen(t, app => app.put('/users/:id', () => ({})), { origin: page, methods: ['PUT'] })
  const feed = await readFeed(t, origin)
  await ask(`${origin}/users/1`, 'PUT', 'content-type, x-trace')
  await call(`${origin}/users/1`, 'PUT', { 'content-type': 'text/plain', 'x-trace': '1', 'content-length': '0' })
  const calls = await feed.until(([first]) => first?.actual?.response != null)
  t.equal(calls.length, 1)
  t.match(calls[0], {
    method: 'PUT', state: 'judged', preflight: { method: 'OPTIONS', response: { status: 204 } }, verdict: { allowed: true, preflight: 'passed' }
  })
  t.equal(feed.seen(), 1)
})

t.test('a preflight that fails is judged by itself, with the remedy, which keeps what is listed', async t => {
  const { origin } = await listen(t, app => app.delete('/users/:id', () => ({})), { origin: page, methods: ['PUT'], allowedHeaders: ['x-known'] })
  const feed = await readFeed(t, origin)
  await ask(`${origin}/users/1`, 'DELETE')
  await ask(`${origin}/users/1`, 'PUT', 'x-unknown,content-type')
  const [method, header] = await feed.until(calls => calls.length === 2 && calls.every(({ state }) => state === 'judged'))
  t.match(method, { method: 'DELETE', state: 'judged', actual: null, verdict: { allowed: false, reason: 'MethodDisallowedByPreflightResponse', remedy: { options: { origin: [page], methods: ['PUT', 'DELETE'] } } } })
  t.match(header, { verdict: { reason: 'HeaderDisallowedByPreflightResponse', remedy: { options: { allowedHeaders: ['x-known', 'content-type', 'x-unknown'] } } } })
})

t.test('a request is not taken for the one that another preflight announced', async t => {
  const { origin } = await listen(t, app => app.put('/x', () => ({})), { origin: [page, 'http://localhost:3000'], methods: ['PUT'] })
  const feed = await readFeed(t, origin)
  await ask(`${origin}/x`, 'PUT', 'x-trace')
  await call(`${origin}/x`, 'PUT', { 'content-length': '0' })
  await call(`${origin}/x`, 'PUT', { 'content-length': '0', 'x-trace': '1' }, 'http://localhost:3000')
  const [asked, other, third] = await feed.until(calls => calls.length === 3 && calls.filter(({ verdict }) => verdict !== null).length === 2)
  t.match(asked, { state: 'waiting', actual: null, verdict: null })
  t.match(other, { preflight: null, verdict: { allowed: true, isPresumed: true } }, 'its own may be remembered')
  t.match(third, { origin: 'http://localhost:3000', preflight: null })
})

t.test('an announced request that does not come in time is shown with the likeliest cause', async t => {
  const { origin } = await listen(t, app => app.put('/x', () => ({})), { origin: page, methods: ['PUT'] })
  const feed = await readFeed(t, origin)
  await ask(`${origin}/x`, 'PUT')
  const [lost] = await feed.until(([first]) => first?.state === 'never-came')
  t.match(lost, { verdict: { allowed: false, reason: 'PreflightInvalidAllowCredentials' }, withCredentials: null })
})

t.test('a request without an answer waits, and is gone when its connection is', async t => {
  const { origin } = await listen(t, app => app.get('/slow', async () => await new Promise(() => {})))
  const feed = await readFeed(t, origin)
  const slow = request(`${origin}/slow`, { headers: { origin: page } }).on('error', () => {})
  slow.end()
  t.match((await feed.until(([first]) => first !== undefined))[0], { state: 'waiting', verdict: null, actual: { response: null } })
  slow.destroy()
  t.match((await feed.until(([first]) => first?.state === 'gone'))[0], { verdict: null })
})

t.test('a cookie says that credentials are included, and is not shown, nor are other secrets', async t => {
  const { origin } = await listen(t, app => app.get('/', (_request, reply) =>
    reply.header('set-cookie', ['session=secret; HttpOnly', 'secret']).header('x-long', 'l'.repeat(3000)).send('secret body')))
  const feed = await readFeed(t, origin)
  await call(`${origin}/`, 'GET', { cookie: 'session=secret', authorization: 'Bearer secret' })
  const [shown] = await feed.until(([first]) => first?.state === 'judged')
  t.match(shown, { credentials: 'include', verdict: { allowed: false, reason: 'InvalidAllowCredentials' }, withCredentials: null })
  const headers = shown?.actual?.response?.headers ?? []
  t.strictSame(headers.filter(([name]) => name === 'set-cookie').map(([, value]) => value), ['session=(not shown); HttpOnly', '(not shown)'])
  t.equal(headers.find(([name]) => name === 'x-long')?.[1], `${'l'.repeat(2000)} (cut)`)
  t.notMatch(JSON.stringify(shown), 'secret')
})

t.test('a call whose page sends a long header, or odd bytes, is judged like any other', async t => {
  const { origin } = await listen(t, app => app.get('/', () => []), { origin: page, allowedHeaders: ['x-token'] })
  const feed = await readFeed(t, origin)
  for (const value of ['t'.repeat(5000), 'a\t\u0080\u009f\u00ff<b>']) {
    await ask(`${origin}/`, 'GET', 'x-token')
    await call(`${origin}/`, 'GET', { 'x-token': value })
  }
  const calls = await feed.until(calls => calls.filter(({ state }) => state === 'judged').length === 2)
  t.strictSame(calls.map(({ verdict }) => verdict?.allowed), [true, true])
})

t.test('a path that begins with two slashes is no other host', async t => {
  const { origin } = await listen(t, app => app.get('/*', () => []))
  const feed = await readFeed(t, origin)
  const { port } = new URL(origin)
  await new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path: '//elsewhere.example/x', headers: { origin: page } }, resolve).on('error', reject).end()
  })
  t.match(await feed.until(calls => calls.length === 1), [{ url: `${origin}//elsewhere.example/x` }])
})

t.test('answers past Fastify are seen as they are sent', async t => {
  const { origin } = await listen(t, app => {
    const config = { cors: false } as const
    for (const [path, headers] of [['/object', { 'X-Own': '1' }], ['/list', ['X-Own', '1']], ['/none', undefined]] as const) {
      app.get(path, { config }, (_request, reply) => {
        reply.hijack()
        if (headers === undefined) reply.raw.end()
        else reply.raw.writeHead(418, headers as Record<string, string>).end()
      })
    }
    app.get('/set', { config }, (_request, reply) => {
      reply.hijack()
      reply.raw.setHeader('X-Own', '1').end()
    })
  })
  const feed = await readFeed(t, origin)
  for (const path of ['/object', '/list', '/none', '/set']) await call(origin + path)
  const calls = await feed.until(calls => calls.filter(({ state }) => state === 'judged').length === 4)
  t.strictSame(calls.map(({ actual }) => [actual?.response?.status, actual?.response?.headers.find(([name]) => name === 'x-own')?.[1]]), [[418, '1'], [418, '1'], [200, undefined], [200, '1']])
})

t.test('a redirect that the page may follow is allowed so far', async t => {
  const { origin } = await listen(t, app => app.get('/old', (_request, reply) => reply.redirect('/new')))
  const feed = await readFeed(t, origin)
  await call(`${origin}/old`)
  t.match((await feed.until(([first]) => first?.state === 'judged'))[0], { verdict: { allowed: true }, actual: { response: { status: 302 } } })
})

t.test('an upload that is listened to asks first, without saying why', async t => {
  const { origin } = await listen(t, app => app.post('/x', () => ({})))
  const feed = await readFeed(t, origin)
  await ask(`${origin}/x`, 'POST')
  await call(`${origin}/x`, 'POST', { 'content-length': '0' })
  t.match((await feed.until(([first]) => first?.state === 'judged'))[0], { preflight: { response: { status: 204 } }, actual: { response: { status: 200 } }, verdict: { allowed: true } })
})

t.test('the server failed: no remedy, since CORS is not what is missing', async t => {
  const { origin } = await listen(t, app => app.get('/x', { config: { cors: false } }, (_request, reply) => reply.code(502).send()))
  const feed = await readFeed(t, origin)
  await call(`${origin}/x`)
  t.match((await feed.until(([first]) => first?.state === 'judged'))[0], { verdict: { allowed: false, remedy: null } })
})

t.test('only calls of pages of other origins are shown', async t => {
  const { origin } = await listen(t, app => app.get('/', () => []))
  const feed = await readFeed(t, origin)
  await call(`${origin}/`, 'GET', {}, origin)
  await call(`${origin}/_cors/routes`)
  await call(`${origin}/`, 'GET', {}, 'not an origin')
  await call(`${origin}/`, 'TRACE')
  for (const [target, host] of [['*', '127.0.0.1'], ['http://elsewhere.example/', '127.0.0.1'], ['/', '<b>']]) {
    await new Promise<void>((resolve, reject) => {
      request(origin, { method: 'OPTIONS', path: target, headers: { host, origin: page }, agent: false }, response => { response.resume().on('end', resolve) }).on('error', reject).end()
    })
  }
  await call(`${origin}/_corsair`)
  await feed.until(calls => calls.length === 1)
  t.match(feed.calls(), [{ url: `${origin}/_corsair` }])
})

t.test('a page that opens later gets what is remembered, and no more than that', async t => {
  const { origin } = await listen(t, app => app.get('/:id', () => []), { origin: page }, { capacity: 3 })
  for (const id of ['1', '2', '3', '4', '5']) await call(`${origin}/${id}`)
  const { hello } = await readFeed(t, origin)
  t.equal(hello.seen, 5)
  t.strictSame(hello.calls.map(({ url }) => url.slice(-1)), ['3', '4', '5'])
})

t.test('an answer to a call that is forgotten changes nothing', async t => {
  let finish = (): void => {}
  const { origin } = await listen(t, app => {
    app.get('/slow', async () => await new Promise(resolve => { finish = () => resolve('done') }))
    app.get('/', () => [])
    app.put('/', () => [])
  }, { origin: page, methods: ['PUT'] }, { capacity: 1 })
  const feed = await readFeed(t, origin)
  const slow = call(`${origin}/slow`)
  await feed.until(calls => calls.length === 1)
  await ask(`${origin}/`, 'PUT')
  await call(`${origin}/`)
  finish()
  await slow
  await feed.until(calls => calls.some(({ url, state }) => url === `${origin}/` && state === 'judged'))
  t.match((await readFeed(t, origin)).hello, { calls: [{ url: `${origin}/` }] })
})
