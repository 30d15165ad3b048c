import rateLimit from '@fastify/rate-limit'
import t from 'tap'
import { createApp, page } from '../helpers.js'

t.test('the page sees the status, and not "CORS error"', async t => {
  const app = createApp({ origin: page, exposedHeaders: ['retry-after'] }, { bodyLimit: 10 })
  await app.register(rateLimit, { global: false })
  app.get('/unauthorised', { onRequest: async (_request, reply) => reply.code(401).send({ error: 'who are you?' }) }, async () => 'x')
  app.post('/too-large', async () => 'x')
  app.get('/too-many', { config: { rateLimit: { max: 0 } } }, async () => 'x')
  app.get('/broken', async () => { throw new Error('broken') })

  for (const [url, status] of [['/unauthorised', 401], ['/too-large', 413], ['/too-many', 429], ['/broken', 500], ['/nowhere', 404]] as const) {
    const asked = status === 413 ? { method: 'POST', payload: { text: 'more than ten bytes' } } as const : {}
    const answered = await app.inject({ url, headers: { origin: page }, ...asked })
    t.equal(answered.statusCode, status)
    t.equal(answered.headers['access-control-allow-origin'], page, String(status))
    t.equal(answered.headers['access-control-expose-headers'], 'retry-after')
  }
})
