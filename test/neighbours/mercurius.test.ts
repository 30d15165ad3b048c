import mercurius from 'mercurius'
import t from 'tap'
import { page, stranger } from '../helpers.js'
import { inBothOrders } from './served.js'

inBothOrders(t, {
  cors: { origin: page, enforce: 'unsafe' },
  neighbour: app => app.register(mercurius, {
    schema: 'type Query { add(x: Int, y: Int): Int, broken: Int } type Mutation { save(x: Int): Int }',
    resolvers: {
      Query: {
        add: async (_root: unknown, { x, y }: { x: number, y: number }) => x + y,
        broken: async () => { throw new Error('on purpose') }
      },
      Mutation: { save: async (_root: unknown, { x }: { x: number }) => x }
    }
  }),
  routes: () => {}
}, async (t, { call, warnings }) => {
  const asking = (query: string) => ({ headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query }) })
  t.match(await call('POST /graphql', asking('{ add(x: 2, y: 3) }')), { allowed: true, preflight: 204, status: 200, body: '{"data":{"add":5}}', headers: { vary: /^Origin$/ } })
  t.match(await call('GET /graphql?query={add(x:2,y:3)}'), { allowed: true, preflight: null, status: 200, body: '{"data":{"add":5}}' })
  t.match(await call('POST /graphql', asking('{ broken }')), { allowed: true, preflight: 204, status: 200, body: /on purpose/ })
  t.match(await call('POST /graphql', asking('{ nothing }')), { allowed: true, preflight: 204, status: 400, body: /Cannot query field/ }, 'the page reads what is wrong with its query')
  t.match(await call('POST /graphql', { ...asking('mutation { save(x: 1) }'), origin: stranger }), { allowed: false, preflight: 403, status: null })
  t.strictSame(warnings(), [])
})
