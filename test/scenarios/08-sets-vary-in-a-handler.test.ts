import compress from '@fastify/compress'
import t from 'tap'
import { createApp, page, stranger } from '../helpers.js'

t.test('a shared cache never serves one origin\'s answer to another, though the handler sets Vary', async t => {
  const app = createApp({ origin: page })
  app.get('/', async (_request, reply) => reply.header('Vary', 'Accept-Language').send('hello'))

  for (const headers of [{}, { origin: page }, { origin: stranger }]) {
    t.equal((await app.inject({ url: '/', headers })).headers.vary, 'Origin, Accept-Language')
  }
})

t.test('nor where bodies are compressed', async t => {
  const app = createApp({ origin: page })
  await app.register(compress, { threshold: 0 })
  app.get('/', async () => ({ text: 'x'.repeat(2000) }))

  const response = await app.inject({ url: '/', headers: { origin: page, 'accept-encoding': 'gzip' } })
  t.equal(response.headers['content-encoding'], 'gzip')
  t.equal(response.headers.vary, 'Origin, accept-encoding')
})
