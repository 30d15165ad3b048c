// The policy that a preflight gets is the policy of the route that Fastify runs for the announced request: each route of
// a random application has an origin of its own, and its handler says which route it is.
//
// ROUTE_CASES sets how many preflights are sent, ROUTE_SEED repeats a run.
import fc from 'fast-check'
import Fastify, { type FastifyInstance } from 'fastify'
import type { ConstraintStrategy, HTTPVersion } from 'find-my-way'
import type { IncomingMessage } from 'node:http'
import t from 'tap'
import corsPlugin from '../../lib/index.js'

const cases = Number(process.env.ROUTE_CASES ?? 20_000)
const seed = Number(process.env.ROUTE_SEED ?? Date.now() % 2 ** 31)
/** Preflights for each application. */
const ASKED = 160

const METHODS = ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'] as const
/** What is in every application: who gets the policy of the 404 answers. */
const notFound = 'https://not-found.example'
const everybody = 'https://everybody.example'

interface RandomRoute {
  readonly method: Exclude<typeof METHODS[number], 'HEAD'> | 'ALL'
  readonly url: string
  readonly constraints: Readonly<Record<string, string | RegExp>>
  /** Whether it has a policy of its own; `null`: CORS is off. */
  readonly own: boolean | null
}

interface RandomContext {
  readonly prefix: string
  readonly registers: boolean
  readonly routes: readonly RandomRoute[]
}

interface RandomSettings {
  readonly caseSensitive: boolean
  readonly ignoreTrailingSlash: boolean
  readonly ignoreDuplicateSlashes: boolean
  readonly useSemicolonDelimiter: boolean
}

interface RandomRequest {
  readonly method: typeof METHODS[number]
  readonly url: string
  readonly host: string
  readonly sent: Readonly<Record<string, string>>
}

interface RandomCase {
  readonly settings: RandomSettings
  readonly mustMatch: boolean
  /** The constraints whose values preflights don't carry, of which the application uses these. */
  readonly uses: readonly string[]
  readonly contexts: readonly RandomContext[]
  readonly requests: readonly RandomRequest[]
}

const constant = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values)

const segment = constant('a', 'b', 'Ab', ':id', ':id', ':other', ':id(^\\d+$)', ':id(^[a-b]+$)', ':id-:to', ':file.json', 'a%2Fb', 'a::b')
const routeUrl = fc.tuple(fc.array(segment, { maxLength: 3 }), constant('', '', '', '/', '/*', '//a', '/:id?'))
  .map(([segments, end]) => unique(segments.map(part => `/${part}`).join('') + end) || '/')

/** A router refuses two parameters of one name. */
function unique (url: string): string {
  let number = 0
  return url.replace(/:(id|to|other|file)/g, () => `:p${number++}`)
}

const uncarried = ['version', 'tenant', 'kind']

const constraints = fc.record({
  host: constant<string | RegExp>('a.test', 'b.test', /^a/, /test$/),
  version: constant('1.0.0', '1.2.0', '2.0.0'),
  tenant: constant('a', 'b'),
  area: constant('a', 'ab'),
  kind: constant('x', 'y')
}, { requiredKeys: [] }).map(all => Object.fromEntries(Object.entries(all)))

const route: fc.Arbitrary<RandomRoute> = fc.record({
  method: constant('GET', 'PUT', 'DELETE', 'DELETE', 'OPTIONS', 'ALL'),
  url: routeUrl,
  constraints: fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: constraints }),
  own: fc.oneof({ weight: 8, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(null) })
})

const context: fc.Arbitrary<RandomContext> = fc.record({
  prefix: constant('', '/a', '/:tenant', '/b/'),
  registers: fc.boolean(),
  routes: fc.array(route, { maxLength: 8 })
})

const asked: fc.Arbitrary<RandomRequest> = fc.record({
  method: constant(...METHODS, 'DELETE', 'PUT'),
  url: fc.tuple(
    fc.array(constant('/a', '/b', '/A', '/ab', '/1', '/a-b', '/x.json', '/%61', '/a%2Fb', '/a%252Fb', '//a', '/a:b', '/'), { maxLength: 4 }),
    constant('', '', '/', '?q=/a', ';q', '//')
  ).map(([segments, end]) => segments.join('') + end).map(url => url.startsWith('/') ? url : `/${url}`),
  host: constant('a.test', 'b.test', 'ab.test', 'c.other'),
  sent: fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, {
    weight: 1,
    arbitrary: fc.record({
      'accept-version': constant('1.0.0', '1.x', '2.0.0', '3.0.0', '*'),
      'x-tenant': constant('a', 'b', 'c'),
      'x-kind': constant('x', 'z')
    }, { requiredKeys: [] }).map(all => Object.fromEntries(Object.entries(all)))
  })
})

const anyCase: fc.Arbitrary<RandomCase> = fc.record({
  settings: fc.record({ caseSensitive: fc.boolean(), ignoreTrailingSlash: fc.boolean(), ignoreDuplicateSlashes: fc.boolean(), useSemicolonDelimiter: fc.boolean() }),
  mustMatch: fc.boolean(),
  uses: constant([], ['version'], ['version'], ['tenant'], ['version', 'tenant'], ['version', 'tenant', 'kind']),
  contexts: fc.array(context, { minLength: 1, maxLength: 3 }),
  // Shrunk, they would be tried one by one; the failure names the one that matters.
  requests: fc.noShrink(fc.array(asked, { minLength: ASKED, maxLength: ASKED }))
})

type Strategy = ConstraintStrategy<HTTPVersion.V1, string>

/** @param find - which of the stored values is taken for a derived one */
function strategy (name: string, mustMatchWhenDerived: boolean, derive: (request: IncomingMessage) => string, find = (value: unknown, stored: unknown[]) => stored.find(one => one === value)): Strategy {
  return {
    name,
    mustMatchWhenDerived,
    validate () {},
    deriveConstraint: derive,
    storage () {
      const handlers = new Map<unknown, ReturnType<ReturnType<Strategy['storage']>['get']>>()
      return {
        get: value => handlers.get(find(value, [...handlers.keys()])) ?? null,
        set: (value, handler) => { handlers.set(value, handler) }
      }
    }
  }
}

/** The types of routers forget that there may be no value. */
function textOf (value: string | string[] | undefined): string
function textOf (value: string | string[] | undefined): string | undefined {
  return value?.toString()
}

/** `tenant` depends on a header, `area` on the host, `kind` on a header with a value for its absence. */
function strategies (mustMatch: boolean): Record<string, Strategy> {
  return {
    tenant: strategy('tenant', mustMatch, ({ headers }) => textOf(headers['x-tenant'])),
    area: strategy('area', false, ({ headers }) => textOf(headers.host), (value, stored) => stored.find(one => String(value).startsWith(String(one)))),
    kind: strategy('kind', false, ({ headers }) => textOf(headers['x-kind'] ?? 'y'))
  }
}

interface Built {
  readonly app: FastifyInstance
  /** Which origin the policy of each route is for; `null` where CORS is off. */
  readonly origins: ReadonlyArray<string | null>
}

function createApp ({ settings, mustMatch }: RandomCase): FastifyInstance {
  return Fastify({ routerOptions: { ...settings, constraints: strategies(mustMatch) } })
}

/** The same without the routes that a router refuses: those that are there already, or are no routes at all. */
async function withoutRefused (random: RandomCase): Promise<RandomCase> {
  const app = createApp(random)
  const contexts: RandomContext[] = []
  for (const context of random.contexts) {
    await app.register(async instance => {
      const used = context.routes.map(route => ({
        ...route,
        constraints: Object.fromEntries(Object.entries(route.constraints).filter(([name]) => !uncarried.includes(name) || random.uses.includes(name)))
      }))
      const routes = used.filter(({ method, url, constraints }) => {
        try {
          instance.route({ method: methodsOf(method), url, constraints, handler: async () => '' })
          return true
        } catch {
          return false
        }
      })
      contexts.push({ ...context, routes })
    }, { prefix: context.prefix })
  }
  return { ...random, contexts }
}

function methodsOf (method: RandomRoute['method']): string[] {
  return method === 'ALL' ? ['GET', 'PUT', 'DELETE'] : [method]
}

async function build (random: RandomCase): Promise<Built> {
  const app = createApp(random)
  const origins: Array<string | null> = []
  const methods = [...METHODS]
  app.register(corsPlugin, { origin: [everybody, notFound], methods, audit: false })
  for (const [number, { prefix, registers, routes }] of random.contexts.entries()) {
    app.register(async instance => {
      const ofContext = `https://context-${number}.example`
      if (registers) instance.register(corsPlugin, { origin: [everybody, ofContext], methods, audit: false })
      for (const { method, url, constraints, own } of routes) {
        const id = origins.length
        const origin = `https://route-${id}.example`
        instance.route({
          method: methodsOf(method),
          url,
          constraints,
          config: { cors: own === null ? false : own ? { origin: [everybody, origin] } : true },
          handler: async (_request, reply) => reply.header('x-route', String(id)).send()
        })
        origins.push(own === null ? null : own ? origin : registers ? ofContext : notFound)
      }
    }, { prefix })
  }
  await app.ready()
  return { app, origins }
}

/** Whether an origin is granted the method. */
async function isGranted (app: FastifyInstance, origin: string, { method, url, host, sent }: RandomRequest): Promise<boolean> {
  const names = Object.keys(sent)
  const headers = { origin, host, 'access-control-request-method': method, ...names.length === 0 ? {} : { 'access-control-request-headers': names.join(',') } }
  const answer = await app.inject({ method: 'OPTIONS', url, headers })
  return answer.headers['access-control-allow-origin'] === origin && answer.headers['access-control-allow-methods'] !== undefined
}

/** The route that Fastify runs; `null` where there is none. */
async function reached (app: FastifyInstance, { method, url, host, sent }: RandomRequest): Promise<number | null> {
  const { headers } = await app.inject({ method, url, headers: { host, ...sent } })
  return headers['x-route'] === undefined ? null : Number(headers['x-route'])
}

let exact = 0
let open = 0
let strangers = 0

async function holds (random: RandomCase): Promise<void> {
  const accepted = await withoutRefused(random)
  const { app, origins } = await build(accepted)
  const all = accepted.contexts.flatMap(({ routes }) => routes)
  /** Whether anything depends on what preflights do not carry. */
  const uses = (name: string): boolean => all.some(({ constraints }) => name in constraints)
  for (const request of random.requests) {
    const { sent } = request
    const id = await reached(app, request)
    const origin = id === null ? notFound : origins[id]
    const story = (): string => `${request.method} ${request.url} ${JSON.stringify(request)} reaches route ${id}, ${origin}`
    const isOpen = uses('kind') || ('x-tenant' in sent && (uses('tenant') || random.mustMatch)) ||
      ('accept-version' in sent && uses('version')) || (id === null && (uses('version') || uses('tenant')))
    const mine = origin == null ? false : await isGranted(app, origin, request)
    if (isOpen) open++
    else {
      exact++
      if (origin === null && await isGranted(app, everybody, request)) throw new Error(`${story()}, but its preflight is answered`)
      if (origin !== null && !mine) throw new Error(`${story()}, but its preflight is refused`)
    }
    const others = [notFound, ...origins].filter(other => other !== null && other !== origin)
    // Whoever the route refuses gets nothing, whatever the preflight leaves open. A 404 is harmless.
    if (id === null && isOpen) continue
    const stranger = others[strangers++ % others.length]
    if (stranger != null && await isGranted(app, stranger, request)) throw new Error(`${story()}, but ${stranger} is granted`)
  }
  await app.close()
}

t.test(`each preflight gets the policy of the route that Fastify runs for the announced request (ROUTE_SEED=${seed})`, { timeout: 1_000_000 }, async t => {
  await fc.assert(fc.asyncProperty(anyCase, holds), { seed, numRuns: Math.ceil(cases / ASKED), endOnFailure: false })
  t.comment(`${exact} exact, ${open} left open`)
  t.ok(exact > 0 && open > 0)
})
