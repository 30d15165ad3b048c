import t from 'tap'
import { createApp, page, stranger } from '../helpers.js'

t.test('request.cors has the decision and its reason', async t => {
  const app = createApp({ origin: page })
  app.get('/', async request => request.cors)
  const decided = async (headers: Record<string, string>): Promise<unknown> => (await app.inject({ url: '/', headers: { host: 'api.example', ...headers } })).json()

  t.strictSame(await decided({}), { kind: 'none', origin: null, allowed: false, reason: 'no-origin' })
  t.strictSame(await decided({ origin: page }), { kind: 'actual', origin: page, allowed: true, reason: 'origin-allowed' })
  t.strictSame(await decided({ origin: stranger }), { kind: 'actual', origin: stranger, allowed: false, reason: 'origin-not-allowed' })
  t.strictSame(await decided({ origin: 'nonsense' }), { kind: 'actual', origin: 'nonsense', allowed: false, reason: 'origin-malformed' })
  t.match(await decided({ origin: 'http://api.example' }), { kind: 'same-origin', origin: 'http://api.example', allowed: true })
  t.match(await decided({ origin: stranger, 'sec-fetch-site': 'same-origin' }), { kind: 'same-origin', allowed: true })
})

t.test('a page of the server itself gets no CORS header for it', async t => {
  const app = createApp({ origin: page })
  app.get('/', async () => 'x')
  const response = await app.inject({ url: '/', headers: { host: 'api.example', origin: 'http://api.example' } })
  t.notOk('access-control-allow-origin' in response.headers)
})
