import t from 'tap'
import { createApp } from '../helpers.js'

t.test('an expression that is not anchored does not boot', async t => {
  const app = createApp({ origin: /example\.com$/ })
  await t.rejects(async () => await app.ready(), { code: 'FST_CORS_INVALID_OPTIONS', issues: [{ code: 'origin-regexp-unanchored', path: '/origin' }] })
})

t.test('the one that was meant allows its sites, and not evilexample.com', async t => {
  const app = createApp({ origin: ['https://example.com', 'https://*.example.com'] })
  app.get('/', async () => 'x')
  const allows = async (origin: string): Promise<boolean> => (await app.inject({ url: '/', headers: { origin } })).headers['access-control-allow-origin'] === origin
  t.ok(await allows('https://example.com'))
  t.ok(await allows('https://shop.example.com'))
  t.notOk(await allows('https://evilexample.com'))
  t.notOk(await allows('https://example.com.evil.test'))
})
