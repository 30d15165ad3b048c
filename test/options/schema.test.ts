import t from 'tap'
import { Value } from '@sinclair/typebox/value'
import Fastify from 'fastify'
import { parseCorsOptions } from '../../lib/options/parse.js'
import { CorsOptionsSchema, CorsPolicySchema, type CorsOptions, type CorsPolicyJson, type RouteCorsOptions } from '../../lib/options/schema.js'

const DEFAULTS = {
  methods: ['GET', 'HEAD', 'POST'],
  credentials: false,
  optionsSuccessStatus: 204,
  preflight: true,
  preflightContinue: false,
  strictPreflight: false,
  hideOptionsRoute: true,
  hook: 'onRequest',
  privateNetwork: false,
  timingAllowOrigin: false,
  enforce: false,
  audit: true,
  dangerouslyAllow: []
}

t.test('every option is described, and has its default', async t => {
  for (const [schema, others] of [[CorsOptionsSchema, ['delegator', 'urls']], [CorsPolicySchema, []]] as const) {
    const properties = Object.entries(schema.properties)
    t.same(properties.map(([option]) => option).sort(), [
      ...Object.keys(DEFAULTS), ...others, 'origin', 'allowedHeaders', 'exposedHeaders', 'maxAge', 'cacheControl', 'logLevel'
    ].sort())
    for (const [option, { description }] of properties) t.ok(description, option)
    t.same(Object.fromEntries(properties.filter(([, property]) => 'default' in property).map(([option, property]) => [option, property.default])), DEFAULTS)
    t.equal(schema.additionalProperties, false)
  }
})

t.test('the policy schema is plain JSON', async t => {
  const isPlain = (value: unknown): boolean => {
    if (typeof value !== 'object') return value !== undefined && typeof value !== 'function'
    return Object.values(value ?? {}).every(isPlain)
  }
  t.ok(isPlain(CorsPolicySchema))
  t.notOk(isPlain({ a: [undefined] }))
})

t.test('the schemas can be used with TypeBox', async t => {
  const options = { origin: [/^https:\/\/a\.example$/, 'https://b.example'], delegator: () => ({}), urls: /a/, enforce: 'all' }
  t.equal(Value.Check(CorsOptionsSchema, options), true)
  t.equal(Value.Check(CorsOptionsSchema, { origin: () => true }), true)
  t.equal(Value.Check(CorsOptionsSchema, { origin: [true] }), false)
  t.equal(Value.Check(CorsOptionsSchema, { urls: 'a' }), false)
  t.equal(Value.Check(CorsOptionsSchema, { orgin: '*' }), false)
  t.equal(Value.Check(CorsPolicySchema, { origin: true, methods: 'PUT', cacheControl: 'no-store' }), true)
  t.equal(Value.Check(CorsPolicySchema, options), false)
})

t.test('a body that Fastify has validated can be used as options', async t => {
  const app = Fastify({ ajv: { customOptions: { strict: true, strictTypes: true, strictRequired: true, removeAdditional: false } } })
  app.post('/', { schema: { body: CorsPolicySchema } }, async ({ body }) => parseCorsOptions(body))
  const send = async (body: unknown) => {
    const { statusCode, payload } = await app.inject({ method: 'POST', url: '/', headers: { 'content-type': 'application/json' }, payload: JSON.stringify(body) })
    return statusCode === 200 ? JSON.parse(payload) : statusCode
  }
  t.same(await send({ origin: 'https://a.example' }), { origin: 'https://a.example', ...DEFAULTS })
  t.same(await send({ origin: ['https://a.example', 'https://b.example'] }), { origin: ['https://a.example', 'https://b.example'], ...DEFAULTS })
  t.same((await send({ origin: ['https://a.example'] })).origin, 'https://a.example', 'one entry stands alone')
  t.equal((await send({ origin: true })).origin, true, 'true is not turned into text')
  t.equal((await send({ origin: false })).origin, false)
  t.same(await send({ origin: 'https://a.example', enforce: 'all', hook: 'onSend', cacheControl: 'no-store', dangerouslyAllow: ['null-origin'], maxAge: 5 }), {
    ...DEFAULTS, origin: 'https://a.example', enforce: 'all', hook: 'onSend', cacheControl: 'no-store', dangerouslyAllow: ['null-origin'], maxAge: 5
  })
  t.equal(await send({ orgin: '*' }), 400)
  t.equal(await send({ origin: [] }), 400)
  t.equal(await send({ origin: '*', enforce: true }), 400)
  t.equal(await send({ origin: '*', maxAge: 86401 }), 400)
  t.equal(await send({ origin: null }), 500, 'null is not turned into a policy')
  t.equal(await send({ origin: 'true' }), 500, 'nor is a text turned into true')
})

t.test('the types take what the options take', async t => {
  const fixed = { origin: ['https://a.example'], methods: ['PUT'], enforce: 'all', dangerouslyAllow: ['null-origin'] } as const
  const options: CorsOptions = { ...fixed, maxAge: undefined, delegator: async ({ headers }) => ({ origin: headers.origin === 'https://a.example' }) }
  const route: RouteCorsOptions = { origin (origin, { id }) { return this.prefix === id && origin === 'https://a.example' }, cacheControl: 5 }
  const json: CorsPolicyJson = { origin: true, methods: 'PUT', logLevel: 'warn' }
  const fromJson: CorsOptions = json
  // @ts-expect-error: a route has no hook of its own
  const wrong: RouteCorsOptions = { hook: 'onSend' }
  t.equal([options, route, fromJson, wrong].length, 4)
})
