import Fastify, { type FastifyRequest } from 'fastify'
import type { Static } from '@sinclair/typebox'
import { expect, test } from 'tstyche'
import corsPlugin, {
  type CorsOptions, type CorsOptionsSchema, type CorsPolicyJson, type CorsPolicySchema, type CorsRouteConfig, type RouteCorsOptions
} from '../lib/index.js'
import type { RouteCorsOptionsSchema } from '../lib/options/schema.js'

/** Keys may also be `undefined`, which counts as absent; but for `logLevel`. */
type OrUndefined<T> = { [K in keyof T]: K extends 'logLevel' ? T[K] : T[K] | undefined }
type Flat<T> = { [K in keyof T]: T[K] }

const app = Fastify()

test('the types that people see are those of the schema', () => {
  expect<Flat<CorsOptions>>().type.toBe<OrUndefined<Static<typeof CorsOptionsSchema>>>()
  expect<Flat<RouteCorsOptions>>().type.toBe<OrUndefined<Static<typeof RouteCorsOptionsSchema>>>()
  expect<CorsPolicyJson>().type.toBe<Static<typeof CorsPolicySchema>>()
})

test('options may be read-only, come from JSON, and be undefined', () => {
  const fixed = { origin: ['https://a.example'], methods: ['PUT'], enforce: 'all', dangerouslyAllow: ['null-origin'] } as const
  expect(fixed).type.toBeAssignableTo<CorsOptions>()
  expect<{ maxAge: undefined }>().type.toBeAssignableTo<CorsOptions>()
  expect<CorsPolicyJson>().type.toBeAssignableTo<CorsOptions>()
  expect<RouteCorsOptions>().type.toBeAssignableTo<CorsOptions>()
})

test('a registration takes options, and no others', () => {
  expect(app.register).type.toBeCallableWith(corsPlugin, { origin: ['https://a.example', /^https:\/\/b\.example$/], logLevel: 'warn' })
  expect(app.register).type.toBeCallableWith(corsPlugin, () => ({ origin: '*' }))
  expect(app.register).type.not.toBeCallableWith(corsPlugin, { orgin: 'https://a.example' })
  expect(app.register).type.not.toBeCallableWith(corsPlugin, { origin: 5 })
  expect(app.register).type.not.toBeCallableWith(corsPlugin, { origin: '*', hook: 'onResponse' })
  // @ts-expect-error: 'orgin' does not exist in type 'FastifyRegisterOptions<CorsOptions>'
  app.register(corsPlugin, { orgin: 'https://a.example' })
})

test('functions get their instance, and may say more about the request than Fastify knows', () => {
  app.register(corsPlugin, {
    origin (origin, request) {
      expect(origin).type.toBe<string>()
      expect(request).type.toBe<FastifyRequest>()
      return this.prefix === origin
    },
    delegator: async request => {
      expect(request).type.toBe<FastifyRequest>()
      return { origin: request.headers.origin === 'https://a.example' }
    }
  })
  type Tenant = FastifyRequest<{ Querystring: { tenant: string } }>
  expect(app.register).type.toBeCallableWith(corsPlugin, { delegator: (request: Tenant) => ({ origin: request.query.tenant }) })
  expect(app.register).type.toBeCallableWith(corsPlugin, { origin: async (origin: string, request: Tenant) => origin === request.query.tenant })
  expect<{ delegator: (request: FastifyRequest, done: () => void) => void }>().type.not.toBeAssignableTo<CorsOptions>()
  expect<{ delegator: () => { hook: 'onSend' } }>().type.not.toBeAssignableTo<CorsOptions>()
  expect<{ origin: (origin: string, callback: (error: null, allow: boolean) => void) => void }>().type.not.toBeAssignableTo<CorsOptions>()
})

test('a route takes true, false, and the options that are about its policy', () => {
  app.get('/off', { config: { cors: false } }, async () => 'off')
  app.get('/on', { config: { cors: true } }, async () => 'on')
  app.get('/own', { config: { cors: { origin: (origin, request) => origin === request.headers['x-origin'], maxAge: 5 } } }, async () => 'own')
  expect<{ origin: string, credentials: true }>().type.toBeAssignableTo<CorsRouteConfig>()
  expect<{ credentials: string }>().type.not.toBeAssignableTo<CorsRouteConfig>()
  expect<'https://a.example'>().type.not.toBeAssignableTo<CorsRouteConfig>()
  expect<Exclude<keyof CorsOptions, keyof RouteCorsOptions>>().type
    .toBe<'hook' | 'delegator' | 'urls' | 'strictPreflight' | 'hideOptionsRoute' | 'logLevel' | 'audit'>()
  expect<{ hook: 'onSend' }>().type.not.toBeAssignableTo<CorsRouteConfig>()
  expect<{ audit: true }>().type.not.toBeAssignableTo<CorsRouteConfig>()
  expect<RouteCorsOptions>().type.toBeAssignableTo<CorsRouteConfig>()
  expect<readonly ['https://a.example']>().type.not.toBeAssignableTo<CorsRouteConfig>()
  expect<() => RouteCorsOptions>().type.not.toBeAssignableTo<CorsRouteConfig>()
})

test('a wrong value of a route is an error, however the route is declared', () => {
  // By a shorthand
  // @ts-expect-error: is not assignable to type
  app.get('/', { config: { cors: { credentials: 'yes' } } }, async () => 'x')
  // By a shorthand with its handler in the options
  // @ts-expect-error: is not assignable to type
  app.put('/', { config: { cors: { maxAge: '600' } }, handler: async () => 'x' })
  // By a shorthand with type arguments
  // @ts-expect-error: is not assignable to type
  app.post<{ Body: { a: string } }>('/', { config: { cors: { credentials: 'yes' } } }, async () => 'x')
  // In full
  // @ts-expect-error: is not assignable to type
  app.route({ method: 'GET', url: '/', config: { cors: { enforce: true } }, handler: async () => 'x' })
  // In full, with a text in place of the options
  // @ts-expect-error: is not assignable to type
  app.route({ method: 'GET', url: '/', config: { cors: 'https://a.example' }, handler: async () => 'x' })
  // In full, with a list in their place
  // @ts-expect-error: is not assignable to type
  app.route({ method: 'GET', url: '/', config: { cors: ['https://a.example'] }, handler: async () => 'x' })
  // What only a registration has
  // @ts-expect-error: is not assignable to type
  app.route({ method: 'GET', url: '/', config: { cors: { hook: 'onSend' } }, handler: async () => 'x' })
})

test('a misspelled name of a route is an error where TypeScript can tell', () => {
  // @ts-expect-error: 'orgin' does not exist
  app.get<{ Querystring: { a: string } }>('/', { config: { cors: { orgin: 'https://a.example' } } }, async () => 'x')
  // @ts-expect-error: 'orgin' does not exist
  app.get('/', { config: { cors: { orgin: 'https://a.example' } satisfies RouteCorsOptions } }, async () => 'x')
})
