import type { IncomingMessage, ServerResponse } from 'node:http'
import middie from '@fastify/middie'
import cors from 'cors'
import t from 'tap'
import { page } from '../helpers.js'
import { inBothOrders } from './served.js'

type Next = () => void

t.test('an authentication that is a middleware', async t => {
  inBothOrders(t, {
    cors: { origin: page, methods: ['PUT'] },
    neighbour: async app => {
      await app.register(middie)
      app.use('/users', (request: IncomingMessage, response: ServerResponse, next: Next) => {
        if (request.headers.authorization !== undefined) next()
        else response.writeHead(401, { 'content-type': 'text/plain', vary: 'Accept' }).end('who are you?')
      })
    },
    routes: app => {
      app.put('/users/:id', async () => 'changed')
      app.put('/open', async () => 'changed')
    }
  }, async (t, { call, warnings }, order) => {
    t.match(await call('PUT /open'), { allowed: true, preflight: 204, status: 200 })
    t.strictSame(warnings(), [])
    const headers = { authorization: 'Bearer abc' }
    if (order === 'the plugin first') {
      t.match(await call('PUT /users/1', { headers }), { allowed: true, preflight: 204, status: 200, body: 'changed' })
      t.match(await call('PUT /users/1'), { allowed: true, preflight: 204, status: 401, body: 'who are you?', headers: { vary: /^Origin, Accept$/ } })
      t.strictSame(warnings(), [])
    } else {
      t.match(await call('PUT /users/1', { headers }), { allowed: false, preflight: 401, status: null })
      t.match(warnings(), [/answered with 401 before .* Register fastify-cors-policy before .*"Middlewares" in docs\/routes\.md/])
    }
  })
})

t.test('the cors package of Express, left over', async t => {
  inBothOrders(t, {
    cors: { origin: page, methods: ['PUT'], credentials: true },
    neighbour: async app => {
      await app.register(middie)
      app.use(cors())
    },
    routes: app => app.put('/', async () => 'changed')
  }, async (t, { call, warnings }, order) => {
    if (order === 'the plugin first') {
      t.match(await call('PUT /', { credentials: 'include' }), { allowed: true, preflight: 204, status: 200, body: 'changed', headers: { 'access-control-allow-origin': page } })
      t.match(warnings(), [/PUT \/ sets the header access-control-allow-origin to '\*', which the CORS policy replaces/])
    } else {
      t.match(await call('PUT /', { credentials: 'include' }), { allowed: false, preflight: 204, status: null }, 'it grants "*", without credentials')
      t.match(warnings(), [/answered with 204 before .* Register fastify-cors-policy before/])
    }
  })
})
