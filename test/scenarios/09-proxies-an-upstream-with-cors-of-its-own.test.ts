import httpProxy from '@fastify/http-proxy'
import Fastify from 'fastify'
import t from 'tap'
import { corsHeaders, createApp, page, stranger } from '../helpers.js'

t.test('the upstream\'s CORS headers neither replace the policy\'s nor double them, but what it exposes is kept', async t => {
  const upstream = Fastify()
  upstream.all('/*', async (_request, reply) => reply.headers({
    'access-control-allow-origin': '*', 'access-control-allow-credentials': 'true', 'access-control-expose-headers': 'x-inside', vary: 'Accept'
  }).send('from upstream'))
  t.teardown(() => upstream.close())

  const app = createApp({ origin: page, exposedHeaders: ['x-outside'] })
  app.register(httpProxy, { upstream: await upstream.listen({ host: '127.0.0.1', port: 0 }), prefix: '/' })
  t.teardown(() => app.close())

  const answered = await app.inject({ url: '/x', headers: { origin: page } })
  t.equal(answered.body, 'from upstream')
  t.strictSame(corsHeaders(answered), { vary: 'Origin, Accept', 'access-control-allow-origin': page, 'access-control-expose-headers': 'x-outside, x-inside' })
  t.strictSame(corsHeaders(await app.inject({ url: '/x', headers: { origin: stranger } })), { vary: 'Origin, Accept' })
})
