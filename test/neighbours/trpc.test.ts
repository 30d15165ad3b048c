import { initTRPC, TRPCError } from '@trpc/server'
import { type CreateFastifyContextOptions, fastifyTRPCPlugin } from '@trpc/server/adapters/fastify'
import t from 'tap'
import { page, stranger } from '../helpers.js'
import { inBothOrders } from './served.js'

const { procedure, router } = initTRPC.context<{ user: string | undefined }>().create()
const guarded = procedure.use(({ ctx, next }) => {
  if (ctx.user === undefined) throw new TRPCError({ code: 'UNAUTHORIZED' })
  return next()
})
const appRouter = router({
  hello: procedure.query(() => 'hello'),
  save: guarded.mutation(({ ctx }) => `saved by ${ctx.user}`),
  count: procedure.subscription(async function * () { for (let i = 1; i <= 2; i++) yield i })
})

inBothOrders(t, {
  cors: { origin: page, enforce: 'unsafe' },
  neighbour: app => app.register(fastifyTRPCPlugin, {
    prefix: '/trpc',
    trpcOptions: { router: appRouter, createContext: ({ req }: CreateFastifyContextOptions) => ({ user: req.headers.authorization }) }
  }),
  routes: app => app.get('/own', async () => 'own')
}, async (t, { call, warnings }) => {
  const sent = { headers: { 'content-type': 'application/json', authorization: 'Ada' }, body: '{}' }
  t.match(await call('GET /trpc/hello'), { allowed: true, preflight: null, status: 200, body: '{"result":{"data":"hello"}}', headers: { vary: /^Origin, trpc-accept, accept$/ } })
  t.match(await call('GET /trpc/hello,hello?batch=1', { headers: { authorization: 'Ada' } }), { allowed: true, preflight: 204, status: 200, body: /hello.*hello/ })
  t.match(await call('POST /trpc/save', sent), { allowed: true, preflight: 204, status: 200, body: /saved by Ada/ })
  t.match(await call('POST /trpc/save', { ...sent, headers: { 'content-type': 'application/json' } }), { allowed: true, preflight: 204, status: 401, body: /UNAUTHORIZED/ },
    'the page reads that it has to log in')
  t.match(await call('GET /trpc/nothing'), { allowed: true, status: 404, body: /NOT_FOUND/ })
  t.match(await call('GET /trpc/count', { added: { accept: 'text/event-stream' } }), { allowed: true, status: 200, body: /data: 1[^]*data: 2/, headers: { 'content-type': 'text/event-stream' } },
    'a subscription')
  t.match(await call('POST /trpc/save', { ...sent, origin: stranger }), { allowed: false, preflight: 403, status: null })
  t.match(await call('POST /trpc/save', { origin: stranger }), { allowed: false, preflight: null, status: 403 })
  t.match(await call('GET /own'), { allowed: true, body: 'own' })
  t.strictSame(warnings(), [], 'it takes every method, and needs GET and POST alone: a note says so')
})
