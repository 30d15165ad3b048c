import t from 'tap'
import { createApp, stranger } from '../helpers.js'

t.test('it does not boot, and the error says why', async t => {
  for (const origin of [true, '*'] as const) {
    const app = createApp({ origin, credentials: true })
    await t.rejects(async () => await app.ready(), { code: 'FST_CORS_INVALID_OPTIONS', issues: [{ code: 'origin-any-with-credentials', path: '/origin' }] })
  }
})

t.test('a route can\'t do it either', async t => {
  const app = createApp({ origin: true })
  app.get('/', { config: { cors: { credentials: true } } }, async () => 'x')
  await t.rejects(async () => await app.ready(), { issues: [{ code: 'origin-any-with-credentials' }], code: 'FST_CORS_INVALID_OPTIONS' })
})

t.test('who means it has to say so', async t => {
  const app = createApp({ origin: true, credentials: true, dangerouslyAllow: ['any-origin-with-credentials'] })
  app.get('/', async () => 'x')
  const { headers } = await app.inject({ url: '/', headers: { origin: stranger } })
  t.equal(headers['access-control-allow-origin'], stranger)
  t.equal(headers['access-control-allow-credentials'], 'true')
})
