import t from 'tap'
import { createApp, page, preflight } from '../helpers.js'

t.test('204, no body, Content-Length 0', async t => {
  const asked = await preflight(createApp({ origin: page, methods: ['PUT'] }), { origin: page })
  t.equal(asked.statusCode, 204)
  t.equal(asked.body, '')
  t.equal(asked.headers['content-length'], '0')
  t.notOk('content-type' in asked.headers)
})

t.test('optionsSuccessStatus', async t => {
  for (const optionsSuccessStatus of [200, 204, 299]) {
    const asked = await preflight(createApp({ origin: page, methods: ['PUT'], optionsSuccessStatus }), { origin: page })
    t.equal(asked.statusCode, optionsSuccessStatus)
    t.equal(asked.body, '')
    t.equal(asked.headers['content-length'], '0')
  }
})

t.test('a method or a header that is missing: the status and the true lists all the same', async t => {
  const app = createApp({ origin: page, methods: ['PUT'], allowedHeaders: ['x-a', 'x-b'], maxAge: 9 })
  for (const [method, headers] of [['DELETE', 'x-a'], ['PUT', 'x-c'], ['PUT', 'x-a, x-c'], ['DELETE', 'x-c'], ['GET', 'x-c']] as const) {
    const asked = await preflight(app, { origin: page, method, headers })
    t.equal(asked.statusCode, 204)
    t.equal(asked.headers['access-control-allow-origin'], page)
    t.equal(asked.headers['access-control-allow-methods'], 'PUT')
    t.equal(asked.headers['access-control-allow-headers'], 'x-a, x-b')
    t.equal(asked.headers['access-control-max-age'], '9')
  }
})

t.test('the decision says what a browser will make of it', async t => {
  const seen: unknown[] = []
  const app = createApp({ origin: page, methods: ['PUT'], allowedHeaders: ['X-A'] })
  app.addHook('onResponse', async request => { seen.push([request.cors?.kind, request.cors?.allowed, request.cors?.reason]) })
  for (const [method, headers] of [['PUT', 'x-a'], ['PUT', 'X-A'], ['GET', 'x-a'], ['HEAD', ''], ['POST', ''], ['DELETE', 'x-a'], ['PUT', 'x-c'], ['put', 'x-a']] as const) {
    await preflight(app, { origin: page, method, headers })
  }
  t.strictSame(seen, [
    ['preflight', true, 'origin-allowed'],
    ['preflight', true, 'origin-allowed'],
    ['preflight', true, 'origin-allowed'],
    ['preflight', true, 'origin-allowed'],
    ['preflight', true, 'origin-allowed'],
    ['preflight', false, 'method-not-allowed'],
    ['preflight', false, 'header-not-allowed'],
    ['preflight', false, 'method-not-allowed']
  ])
})

t.test('maxAge is sent, 0 too, and not without the option', async t => {
  for (const maxAge of [0, 1, 86400]) {
    t.equal((await preflight(createApp({ origin: page, maxAge }), { origin: page })).headers['access-control-max-age'], String(maxAge))
  }
  t.notOk('access-control-max-age' in (await preflight(createApp({ origin: page }), { origin: page })).headers)
})

t.test('where the routes of a URL do not all have one policy, no browser may remember the answer', async t => {
  const app = createApp({ origin: page, methods: ['PUT', 'DELETE'], maxAge: 60 })
  app.put('/differ', async () => 'x')
  app.delete('/differ', { config: { cors: { methods: ['DELETE'] } } }, async () => 'x')
  app.put('/off', async () => 'x')
  app.delete('/off', { config: { cors: false } }, async () => 'x')
  app.put('/same', async () => 'x')
  app.delete('/same', { config: { cors: { maxAge: 60, methods: ['PUT', 'DELETE'] } } }, async () => 'x')
  app.put('/alone', { config: { cors: { methods: ['PUT'] } } }, async () => 'x')

  for (const url of ['/differ', '/off']) {
    const asked = await preflight(app, { origin: page, url })
    t.equal(asked.headers['access-control-max-age'], '0', url)
    t.match(asked.headers.vary, /Access-Control-Request-Method/, url)
  }
  for (const url of ['/same', '/alone', '/nope']) {
    const asked = await preflight(app, { origin: page, url })
    t.equal(asked.headers['access-control-max-age'], '60', url)
    t.notMatch(asked.headers.vary, /Access-Control-Request-Method/, url)
  }
  t.match((await preflight(app, { origin: 'https://stranger.example', url: '/differ' })).headers.vary, /Access-Control-Request-Method/)
})

t.test('the same holds where the URL\'s routes have different patterns', async t => {
  const app = createApp({ origin: page, methods: ['PUT', 'DELETE'], maxAge: 60 })
  app.put('/users/:id', async () => 'x')
  app.delete('/users/me', { config: { cors: { methods: ['DELETE'] } } }, async () => 'x')
  t.equal((await preflight(app, { origin: page, url: '/users/me' })).headers['access-control-max-age'], '0')
  t.equal((await preflight(app, { origin: page, url: '/users/1' })).headers['access-control-max-age'], '60')
})

t.test('the same holds for a method that the URL has no route for', async t => {
  const app = createApp({ origin: page, methods: ['PUT', 'DELETE', 'PATCH'], maxAge: 60 })
  app.put('/x', async () => 'x')
  app.delete('/x', { config: { cors: { methods: ['GET'] } } }, async () => 'x')
  const asked = await preflight(app, { origin: page, url: '/x', method: 'PATCH' })
  t.match(asked.headers['access-control-allow-methods'], /DELETE/, 'lists a method that its own route refuses')
  t.equal(asked.headers['access-control-max-age'], '0')
})
