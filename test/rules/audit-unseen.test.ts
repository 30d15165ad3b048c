// The application exists before the plugin is imported, so that no module which imports the plugin may stand above.
import Fastify from 'fastify'
import t from 'tap'

t.test('overrides that could not be seen at boot are found once a request has revealed them', async t => {
  const app = Fastify()
  const { corsPlugin } = require('../../lib/index.js') as typeof import('../../lib/index.js')
  app.register(corsPlugin, { origin: 'https://page.example' })
  app.get('/x', { config: { cors: { origin: 'https://other.example' } } }, async () => 'x')
  await app.ready()
  t.strictSame(app.cors.audit(), [])
  await app.inject({ url: '/x', headers: { origin: 'https://other.example' } })
  t.match(app.cors.audit(), [{ code: 'override-unseen', route: 'GET /x', message: /declared before.*await app\.register/, fix: null }])
})
