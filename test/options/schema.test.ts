import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runInNewContext } from 'node:vm'
import t from 'tap'
import { Kind, type TSchema, TypeRegistry } from '@sinclair/typebox'
import { TypeCompiler } from '@sinclair/typebox/compiler'
import { Value } from '@sinclair/typebox/value'
import Fastify from 'fastify'
import { withTypes } from '../../docs/types.js'
import { CorsOptionsSchema, CorsPolicySchema, parseCorsOptions } from '../../lib/index.js'

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

/** What a value is held against: a schema and a value in, and whether it fits. */
const checks: Record<string, (schema: TSchema, value: unknown) => boolean> = {
  Value: (schema, value) => Value.Check(schema, value),
  'the compiler': (schema, value) => TypeCompiler.Compile(schema).Check(value)
}

for (const [name, check] of Object.entries(checks)) {
  t.test(`the schemas can be used with ${name} of any copy of TypeBox`, async t => {
    const options = { origin: [/^https:\/\/a\.example$/, 'https://b.example'], delegator: () => ({}), urls: /a/, enforce: 'all' }
    t.equal(check(CorsOptionsSchema, options), true)
    t.equal(check(CorsOptionsSchema, { origin: () => true }), true)
    t.equal(check(CorsOptionsSchema, { origin: runInNewContext('/a/') }), true, 'an expression of another realm')
    t.equal(check(CorsOptionsSchema, { origin: [true] }), false)
    t.equal(check(CorsOptionsSchema, { origin: {} }), false)
    t.equal(check(CorsOptionsSchema, { delegator: {} }), false)
    t.equal(check(CorsOptionsSchema, { urls: 'a' }), false)
    t.equal(check(CorsOptionsSchema, { orgin: '*' }), false)
    t.equal(check(CorsPolicySchema, { origin: true, methods: 'PUT', cacheControl: 'no-store' }), true)
    t.equal(check(CorsPolicySchema, options), false)
  })
}

t.test('no kind of the schemas is one that only this copy of TypeBox knows', async t => {
  const kinds = new Set<unknown>()
  const visit = (schema: unknown): void => {
    if (typeof schema !== 'object' || schema === null) return
    if (Kind in schema) kinds.add(schema[Kind])
    Object.values(schema).forEach(visit)
  }
  visit(CorsOptionsSchema)
  t.strictSame([...kinds].filter(kind => TypeRegistry.Has(String(kind))), [])
  t.strictSame([...kinds].sort(), ['Array', 'Boolean', 'Function', 'Integer', 'Literal', 'Object', 'String', 'Union', 'Unknown'])
})

t.test('the types of the options are those of the schema: "npm run docs" writes them', async t => {
  const written = readFileSync(join(__dirname, '../../lib/options/types.ts'), 'utf8')
  t.equal(withTypes(written), written)
  t.throws(() => withTypes(''), { message: /marker/ })
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
