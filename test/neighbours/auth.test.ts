import auth, { type FastifyAuthFunction } from '@fastify/auth'
import t from 'tap'
import { page, stranger } from '../helpers.js'
import { inBothOrders } from './served.js'

const requires = (field: string): FastifyAuthFunction => (request, _reply, done) => {
  done(request.headers[field] === 'yes' ? undefined : Object.assign(new Error(`${field}, please`), { statusCode: 401 }))
}

for (const hook of ['onRequest', 'preHandler'] as const) {
  t.test(`in ${hook}`, async t => {
    inBothOrders(t, {
      cors: { origin: page, methods: ['PUT'] },
      neighbour: app => app.register(auth),
      routes: app => {
        const either = app.auth([requires('x-user'), requires('x-admin')])
        const both = app.auth([requires('x-user'), requires('x-admin')], { relation: 'and' })
        app.register(async context => {
          context.addHook(hook, either)
          context.put('/either', async () => 'changed')
        })
        app.put('/both', { [hook]: both }, async () => 'changed')
      }
    }, async (t, { call, warnings }) => {
      t.match(await call('PUT /either', { headers: { 'x-admin': 'yes' } }), { allowed: true, preflight: 204, status: 200, body: 'changed' })
      t.match(await call('PUT /either'), { allowed: true, preflight: 204, status: 401, headers: { vary: /^Origin$/ } })
      t.match(await call('PUT /both', { headers: { 'x-user': 'yes' } }), { allowed: true, preflight: 204, status: 401, body: /x-admin, please/ })
      t.match(await call('PUT /both', { headers: { 'x-user': 'yes', 'x-admin': 'yes' } }), { allowed: true, preflight: 204, status: 200 })
      t.match(await call('PUT /both', { origin: stranger, headers: { 'x-user': 'yes' } }), { allowed: false, preflight: 403, status: null })
      t.strictSame(warnings(), [])
    })
  })
}
