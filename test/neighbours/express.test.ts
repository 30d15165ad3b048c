import fastifyExpress from '@fastify/express'
import express from 'express'
import Fastify from 'fastify'
import t from 'tap'
import { page, stranger } from '../helpers.js'
import corsPlugin from '../../lib/index.js'
import { inBothOrders } from './served.js'

inBothOrders(t, {
  cors: { origin: page, methods: ['PUT'] },
  neighbour: async app => {
    await app.register(fastifyExpress)
    const router = express.Router()
    router.use(express.json())
    router.put('/users/:id', (request, response) => { response.vary('Accept').json({ id: request.params.id, ...request.body }) })
    router.put('/broken', () => { throw new Error('on purpose') })
    app.use('/legacy', router)
  },
  routes: app => app.put('/new', async () => 'new')
}, async (t, { call, warnings }, order) => {
  t.match(await call('PUT /new'), { allowed: true, preflight: 204, status: 200, body: 'new' })
  t.match(await call('PUT /new', { origin: stranger }), { allowed: false, preflight: 403, status: null })
  t.strictSame(warnings(), [])

  const sent = { headers: { 'content-type': 'application/json' }, body: '{"name":"Ada"}' }
  const answer = await call('PUT /legacy/users/1', sent)
  if (order === 'the plugin first') {
    t.match(answer, { allowed: true, preflight: 204, status: 200, body: '{"id":"1","name":"Ada"}', headers: { vary: /^Origin, Accept$/ } })
    t.match(await call('PUT /legacy/broken', sent), { allowed: true, preflight: 204, status: 500 }, 'the page reads the error')
    t.match(await call('PUT /legacy/nowhere'), { allowed: true, preflight: 204, status: 404 })
    t.strictSame(warnings(), [])
  } else {
    t.match(answer, { allowed: false, preflight: 200, status: null }, 'Express answers OPTIONS by itself')
    t.match(warnings(), [/answered with 200 before .* Register fastify-cors-policy before .*"Middlewares" in docs\/routes\.md/])
  }
})

t.test('urls are about the path that the router has read, though Express decodes it once more', async t => {
  const app = Fastify()
  t.teardown(() => app.close())
  await app.register(fastifyExpress)
  await app.register(corsPlugin, { origin: page, urls: /^\/open/ })
  app.get('/*', async ({ params }) => params)
  const granted = async (url: string): Promise<boolean> => (await app.inject({ url, headers: { origin: page } })).headers['access-control-allow-origin'] === page
  t.strictSame(await Promise.all(['/open', '/%6Fpen', '/%256Fpen'].map(granted)), [true, true, false])
})
