import t from 'tap'
import { corsHeaders, createApp, preflight } from '../helpers.js'

t.test('a PUT route that allows another origin can be called from there', async t => {
  const app = createApp({ origin: 'https://a.example' })
  app.put('/x', { config: { cors: { origin: 'https://b.example', methods: ['PUT'] } } }, async () => 'changed')
  app.get('/x', async () => 'read')

  const asked = await preflight(app, { origin: 'https://b.example', url: '/x' })
  t.equal(asked.statusCode, 204)
  t.equal(asked.headers['access-control-allow-origin'], 'https://b.example')
  t.equal(asked.headers['access-control-allow-methods'], 'PUT')

  const answered = await app.inject({ method: 'PUT', url: '/x', headers: { origin: 'https://b.example' } })
  t.equal(answered.body, 'changed')
  t.equal(answered.headers['access-control-allow-origin'], 'https://b.example')
})

t.test('the origin of the other routes is refused there', async t => {
  const app = createApp({ origin: 'https://a.example', methods: ['PUT'] })
  app.put('/x', { config: { cors: { origin: 'https://b.example' } } }, async () => 'changed')

  const asked = await preflight(app, { origin: 'https://a.example', url: '/x' })
  t.equal(asked.statusCode, 403)
  t.strictSame(corsHeaders(asked), { vary: 'Origin, Access-Control-Request-Headers' })
})
