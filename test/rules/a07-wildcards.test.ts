import t from 'tap'
import type { CorsOptions } from '../../lib/index.js'
import { createApp, page, preflight } from '../helpers.js'

async function lists (options: Partial<CorsOptions>, method = 'PATCH', headers = 'X-A, authorization') {
  const asked = await preflight(createApp({ origin: page, ...options }), { origin: page, method, headers })
  return { methods: asked.headers['access-control-allow-methods'], headers: asked.headers['access-control-allow-headers'], vary: asked.headers.vary }
}

t.test('without credentials * is sent as *', async t => {
  for (const any of ['*', ['*']]) {
    t.strictSame(await lists({ methods: any, allowedHeaders: any }), { methods: '*', headers: '*', vary: 'Origin' })
  }
})

t.test('with Authorization beside it where it was listed, which * does not cover', async t => {
  for (const allowedHeaders of ['*, Authorization', ['*', 'authorization'], ['X-B', '*', 'AUTHORIZATION']]) {
    const { headers = '' } = await lists({ allowedHeaders })
    t.strictSame(headers.toLowerCase().split(', '), ['*', 'authorization'])
  }
})

t.test('with credentials the requested names are echoed', async t => {
  for (const any of ['*', ['*'], ['*', 'PUT']]) {
    const { methods, vary } = await lists({ methods: any, credentials: true })
    t.equal(methods, 'PATCH')
    t.match(vary, /Access-Control-Request-Method/)
  }
  for (const allowedHeaders of ['*', ['*'], ['*', 'Authorization']]) {
    const { headers, vary } = await lists({ allowedHeaders, credentials: true })
    t.equal(headers, 'x-a, authorization')
    t.match(vary, /Access-Control-Request-Headers/)
  }
})

t.test('with credentials * is never sent', async t => {
  for (const method of ['PATCH', '*', 'not a token', '', 'PUT, PATCH']) {
    for (const headers of ['*', '', 'x y', 'x-a']) {
      const sent = await lists({ methods: '*', allowedHeaders: '*', credentials: true }, method, headers)
      t.not(sent.methods, 'not a token')
      t.not(sent.methods, 'PUT, PATCH')
      t.not(sent.methods, '')
      t.not(sent.headers, '')
    }
  }
})

t.test('exposedHeaders', async t => {
  for (const exposedHeaders of ['*', ['*'], ['x-a', '*']]) {
    const app = createApp({ origin: page, exposedHeaders })
    app.get('/', async () => 'x')
    t.equal((await app.inject({ url: '/', headers: { origin: page } })).headers['access-control-expose-headers'], '*')
  }
  const app = createApp({ origin: page, exposedHeaders: '*', credentials: true })
  await t.rejects(async () => await app.ready(), { code: 'FST_CORS_INVALID_OPTIONS', issues: [{ code: 'exposed-any-with-credentials' }] })
})

t.test('the decision knows what * does not cover', async t => {
  const decisions: unknown[] = []
  for (const [options, headers] of [
    [{ allowedHeaders: '*' }, 'authorization'],
    [{ allowedHeaders: '*' }, 'x-a'],
    [{ allowedHeaders: ['*', 'authorization'] }, 'Authorization'],
    [{ allowedHeaders: '*', credentials: true }, 'authorization'],
    [{}, 'authorization']
  ] as const) {
    const app = createApp({ origin: page, methods: '*', ...options })
    app.addHook('onResponse', async request => { decisions.push(request.cors?.reason) })
    await preflight(app, { origin: page, headers })
  }
  t.strictSame(decisions, ['header-not-allowed', 'origin-allowed', 'origin-allowed', 'origin-allowed', 'origin-allowed'])
})
