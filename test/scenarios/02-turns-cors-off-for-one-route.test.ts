import t from 'tap'
import { corsHeaders, createApp, page, preflight } from '../helpers.js'

t.test('neither the route nor its preflight is granted to anyone', async t => {
  const app = createApp({ origin: page, methods: ['PUT'] })
  app.put('/x', { config: { cors: false } }, async () => 'changed')

  const asked = await preflight(app, { origin: page, url: '/x' })
  t.equal(asked.statusCode, 404, 'as if there were no plugin')
  t.strictSame(corsHeaders(asked), {})

  const answered = await app.inject({ method: 'PUT', url: '/x', headers: { origin: page } })
  t.equal(answered.body, 'changed')
  t.strictSame(corsHeaders(answered), {})
})

t.test('an OPTIONS route of the application still answers its preflight', async t => {
  const app = createApp({ origin: page, methods: ['PUT'] })
  app.put('/x', { config: { cors: false } }, async () => 'changed')
  app.options('/x', async (_request, reply) => reply.header('access-control-allow-origin', 'https://own.example').send('own'))

  const asked = await preflight(app, { origin: page, url: '/x' })
  t.equal(asked.body, 'own')
  t.strictSame(corsHeaders(asked), { 'access-control-allow-origin': 'https://own.example' })
})
