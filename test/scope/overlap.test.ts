import Fastify, { type FastifyInstance } from 'fastify'
import fc from 'fast-check'
import t from 'tap'
import corsPlugin from '../../lib/index.js'
import { page } from '../helpers.js'

const first = fc.constantFrom('/a', '/A', '/a/', '//a', '/ab', '/a:p', '/:p', '/:p?', '/%61', '/a;b', '/*')
const second = fc.constantFrom('', '', '', '/', '/a', '/:q', '/:q?', '/:q(^a$)', '/*')
const route = fc.record({
  method: fc.constantFrom('GET', 'PUT'),
  url: fc.tuple(first, second).map(([start, end]) => start === '/*' ? start : start + end),
  maxAge: fc.constantFrom(undefined, 5, 6)
})
const settings = fc.record({
  caseSensitive: fc.boolean(), ignoreTrailingSlash: fc.boolean(), ignoreDuplicateSlashes: fc.boolean(), useSemicolonDelimiter: fc.boolean()
})

type Route = typeof route extends fc.Arbitrary<infer Value> ? Value : never

function declare (app: FastifyInstance, { method, url, maxAge }: Route): void {
  app.route({ method, url, config: maxAge === undefined ? {} : { cors: { maxAge } }, handler: async () => null })
}

async function findings (routerOptions: object, routes: readonly Route[]): Promise<string[]> {
  const app = Fastify({ routerOptions })
  app.register(corsPlugin, { origin: page, methods: ['GET', 'PUT'] })
  await app.after()
  for (const route of routes) {
    try {
      declare(app, route)
    } catch {
      // A URL may be in the list twice, or have its optional parameter in the middle.
    }
  }
  await app.ready()
  return app.cors.audit().map(({ code, route }) => `${code} ${route}`)
}

/** Routes for which the router has to be looked at in any case. */
const sure = ['/sure', '/sure/:p'].flatMap((url): Route[] => [{ method: 'GET', url, maxAge: 5 }, { method: 'PUT', url, maxAge: 6 }])

t.test('every URL with several policies is found without the router', async t => {
  let found = 0
  await fc.assert(fc.asyncProperty(settings, fc.array(route, { minLength: 2, maxLength: 4 }), async (routerOptions, routes) => {
    const alone = await findings(routerOptions, routes)
    const looked = await findings(routerOptions, [...routes, ...sure])
    found += alone.length
    t.strictSame(alone, looked.filter(finding => !finding.includes('/sure')), JSON.stringify({ routerOptions, routes }))
  }), { numRuns: 500 })
  t.ok(found > 50, `and there were ${found} to be found`)
})

t.test('an application without routes has no URL with several policies', async t => {
  t.strictSame(await findings({}, []), [])
})

t.test('the Greek letter whose lower case depends on the next one is like any other', async t => {
  const app = Fastify()
  await app.register(corsPlugin, { origin: page, audit: false })
  app.get('/ΑΣ*', { config: { cors: { maxAge: 5 } } }, async () => 'x')
  app.put('/ΑΣΑ', { config: { cors: { methods: ['PUT'] } } }, async () => 'x')
  await app.ready()
  t.match(app.cors.audit(), [{ code: 'policies-differ' }])
})
