import t from 'tap'
import { corsHeaders, createApp, page, preflight, stranger } from '../helpers.js'

const options = {
  origin: page, credentials: true, exposedHeaders: ['X-A', 'x-b'], allowedHeaders: ['X-C'], methods: ['PUT'], maxAge: 5, privateNetwork: true
}

t.test('an actual request gets Allow-Origin, Allow-Credentials and Expose-Headers, and nothing of a preflight', async t => {
  const app = createApp(options)
  app.put('/', async () => 'x')
  const response = await app.inject({ method: 'PUT', url: '/', headers: { origin: page, 'access-control-request-private-network': 'true' } })
  t.strictSame(corsHeaders(response), {
    vary: 'Origin',
    'access-control-allow-origin': page,
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': 'X-A, x-b'
  })
})

t.test('a preflight gets the lists, and no Expose-Headers', async t => {
  t.strictSame(corsHeaders(await preflight(createApp(options), { origin: page })), {
    vary: 'Origin',
    'access-control-allow-origin': page,
    'access-control-allow-credentials': 'true',
    'access-control-allow-methods': 'PUT',
    'access-control-allow-headers': 'X-C',
    'access-control-max-age': '5'
  })
})

t.test('Allow-Credentials is never sent without an allowed, explicit origin', async t => {
  const app = createApp(options)
  app.get('/', async () => 'x')
  for (const headers of [{}, { origin: stranger }, { origin: 'null' }]) {
    t.strictSame(corsHeaders(await app.inject({ url: '/', headers })), { vary: 'Origin' })
  }
  t.strictSame(corsHeaders(await preflight(app, { origin: stranger })), { vary: 'Origin' })
})

t.test('without credentials there is no Allow-Credentials, not even false', async t => {
  for (const credentials of [false, undefined]) {
    const app = createApp({ origin: page, credentials })
    app.get('/', async () => 'x')
    t.strictSame(corsHeaders(await app.inject({ url: '/', headers: { origin: page } })), { vary: 'Origin', 'access-control-allow-origin': page })
    t.notOk('access-control-allow-credentials' in (await preflight(app, { origin: page })).headers)
  }
})

t.test('preflight headers are not sent on an OPTIONS request that is none', async t => {
  const app = createApp(options)
  app.options('/', async () => 'own')
  const response = await app.inject({ method: 'OPTIONS', url: '/', headers: { origin: page } })
  t.strictSame(Object.keys(corsHeaders(response)).sort(), [
    'access-control-allow-credentials', 'access-control-allow-origin', 'access-control-expose-headers', 'vary'
  ])
})
