import Fastify from 'fastify'
import t from 'tap'
import corsPlugin from '../../lib/index.js'
import { page } from '../helpers.js'

t.test('an application that another copy has seen first is left to it, and says so where this one is registered', async t => {
  const name = 'corsPreflight'
  const ofOther = { name, storage: () => ({ get: () => null, set: () => {} }), deriveConstraint: () => undefined, validate: () => {} }
  const app = Fastify({ constraints: { [name]: ofOther } })
  app.get('/', async () => 'x')
  t.equal((await app.inject('/')).statusCode, 200)
  await t.rejects(async () => await Fastify({ constraints: { [name]: ofOther } }).register(corsPlugin, { origin: page }), {
    code: 'FST_CORS_SEVERAL_COPIES', message: /npm ls fastify-cors-policy/
  })
})
