import t from 'tap'
import { corsHeaders, createApp, page } from '../helpers.js'

t.test('an OPTIONS request that is no preflight reaches the application\'s own route', async t => {
  const app = createApp({ origin: page })
  app.options('/', async () => 'own')

  for (const headers of [{}, { origin: page }, { 'access-control-request-method': 'PUT' }]) {
    const response = await app.inject({ method: 'OPTIONS', url: '/', headers })
    t.equal(response.statusCode, 200)
    t.equal(response.body, 'own')
  }
})

t.test('without such a route it is the application\'s 404', async t => {
  const app = createApp({ origin: page })
  const response = await app.inject({ method: 'OPTIONS', url: '/', headers: { origin: page } })
  t.equal(response.statusCode, 404)
  t.strictSame(corsHeaders(response), { vary: 'Origin', 'access-control-allow-origin': page })
})

t.test('strictPreflight answers 400 to it', async t => {
  const app = createApp({ origin: page, strictPreflight: true })
  app.options('/', async () => 'own')
  app.options('/off', { config: { cors: false } }, async () => 'own')

  const response = await app.inject({ method: 'OPTIONS', url: '/', headers: { origin: page } })
  t.equal(response.statusCode, 400)
  t.equal(response.json().code, 'FST_CORS_INVALID_PREFLIGHT')
  t.equal(response.headers['access-control-allow-origin'], page)
  t.equal((await app.inject({ method: 'OPTIONS', url: '/' })).statusCode, 400)
  t.equal((await app.inject({ method: 'OPTIONS', url: '/off' })).body, 'own', 'but not where CORS is off')
})
