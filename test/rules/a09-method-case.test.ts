import t from 'tap'
import { createApp, page, preflight } from '../helpers.js'

t.test('the six methods that browsers normalise may be written in any case', async t => {
  const app = createApp({ origin: page, methods: ['put', 'Delete', 'get', 'hEAD', 'options', 'post'] })
  const asked = await preflight(app, { origin: page })
  t.equal(asked.headers['access-control-allow-methods'], 'PUT, DELETE, GET, HEAD, OPTIONS, POST')
})

t.test('every other name is case-sensitive', async t => {
  const app = createApp({ origin: page, methods: ['PATCH', 'X-Custom'] })
  const reasons: unknown[] = []
  app.addHook('onResponse', async request => { reasons.push(request.cors?.reason) })
  for (const method of ['PATCH', 'patch', 'X-Custom', 'x-custom', 'X-CUSTOM']) {
    t.equal((await preflight(app, { origin: page, method })).headers['access-control-allow-methods'], 'PATCH, X-Custom')
  }
  t.strictSame(reasons, ['origin-allowed', 'method-not-allowed', 'origin-allowed', 'method-not-allowed', 'method-not-allowed'])
})

t.test('patch in lower case does not boot', async t => {
  const app = createApp({ origin: page, methods: ['patch'] })
  await t.rejects(async () => await app.ready(), { code: 'FST_CORS_INVALID_OPTIONS', issues: [{ code: 'method-invalid', fix: /PATCH/ }] })
})
