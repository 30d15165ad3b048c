import Fastify from 'fastify'
import t from 'tap'
import corsPlugin from '../../lib/index.js'
import { page } from '../helpers.js'

const expected = { code: 'FST_CORS_ALREADY_REGISTERED', message: /^fastify-cors-policy is registered twice in one context: [^\n]+$/ }

t.test('twice at the root, with the same options or others, does not boot', async t => {
  for (const second of [page, 'https://other.example']) {
    const app = Fastify()
    app.register(corsPlugin, { origin: page })
    app.register(corsPlugin, { origin: second })
    await t.rejects(async () => await app.ready(), expected)
  }
})

t.test('twice in a context below does not boot', async t => {
  const app = Fastify()
  app.register(async context => {
    await context.register(corsPlugin, { origin: page })
    await context.register(corsPlugin, { origin: page })
  })
  await t.rejects(async () => await app.ready(), expected)
})

t.test('two applications in one process each register once', async t => {
  for (let i = 0; i < 2; i++) {
    const app = Fastify()
    app.register(corsPlugin, { origin: page })
    await t.resolves(async () => { await app.ready() })
  }
})
