import type { FastifyInstance } from 'fastify'
import t from 'tap'
import corsPlugin, { type CorsOptions, type CorsRouteConfig } from '../../lib/index.js'
import { eachEngine } from './harness/engines.js'
import { fetchInTurn, type PageFetch } from './harness/fetches.js'
import { watchedApp } from './harness/journal.js'
import { startPages } from './harness/pages.js'
import { portOf } from './harness/port.js'

type Steps = [request: Omit<PageFetch, 'url'>, outcome: 'asked' | 'not asked' | 'refused'][]

interface Scenario {
  name: string
  /** Declares what answers `/`, below a prefix that is the scenario's own. */
  declare (app: FastifyInstance, origin: string, route: Declare): void
  /** The requests of the page, all to the URL below: a preflight and the answer, the answer alone, or a preflight alone. */
  steps: Steps
  url?: string
}

type Declare = (app: FastifyInstance, method: string, cors?: CorsRouteConfig, url?: string) => void

const put = { method: 'PUT' }
const del = { method: 'DELETE' }
const withA = { method: 'PUT', headers: { 'x-a': '1' } }
const withB = { method: 'PUT', headers: { 'x-b': '1' } }

/** One policy for both methods of the URL. */
function same (name: string, options: Partial<CorsOptions>, steps: Steps): Scenario {
  return {
    name,
    steps,
    declare (app, origin, route) {
      app.register(corsPlugin, { origin, methods: ['PUT', 'DELETE'], ...options })
      route(app, 'PUT')
      route(app, 'DELETE')
    }
  }
}

const remembered: Scenario[] = [
  same('the second call asks no more', { maxAge: 60 }, [[put, 'asked'], [put, 'not asked'], [put, 'not asked']]),
  same('other methods of the list need not be asked about', { maxAge: 60 }, [[put, 'asked'], [del, 'not asked']]),
  same('other headers of the list need not be asked about', { maxAge: 60, allowedHeaders: ['X-A', 'X-B'] }, [[withA, 'asked'], [withB, 'not asked']]),
  same('without a list, another header is asked about', { maxAge: 60 }, [[withA, 'asked'], [withA, 'not asked'], [withB, 'asked']]),
  same('a call with cookies is asked about on its own', { maxAge: 60, credentials: true },
    [[put, 'asked'], [{ ...put, credentials: 'include' }, 'asked'], [put, 'not asked']]),
  same('without maxAge, it is five seconds', {}, [[put, 'asked'], [put, 'not asked']]),
  same('with maxAge 0, every call asks', { maxAge: 0 }, [[put, 'asked'], [put, 'asked'], [del, 'asked']])
]

const wide = { methods: ['PUT', 'DELETE'], maxAge: 600 }

const divided: Scenario[] = [
  {
    name: 'a DELETE that its own route refuses',
    declare (app, origin, route) {
      app.register(corsPlugin, { origin })
      route(app, 'PUT', wide)
      route(app, 'DELETE', { methods: ['GET'], maxAge: 600 })
    },
    steps: [[put, 'asked'], [del, 'refused'], [put, 'asked'], [del, 'refused']]
  },
  {
    name: 'a DELETE that its own route refuses, with no maxAge at all',
    declare (app, origin, route) {
      app.register(corsPlugin, { origin, methods: ['PUT', 'DELETE'] })
      route(app, 'PUT')
      route(app, 'DELETE', { methods: [] })
    },
    steps: [[put, 'asked'], [del, 'refused']]
  },
  {
    name: 'a DELETE of a route whose CORS is off',
    declare (app, origin, route) {
      app.register(corsPlugin, { origin, ...wide })
      route(app, 'PUT')
      route(app, 'DELETE', false)
    },
    steps: [[put, 'asked'], [del, 'refused']]
  },
  {
    name: 'a DELETE of a route that no registration covers',
    declare (app, origin, route) {
      app.register(async context => {
        context.register(corsPlugin, { origin, ...wide })
        route(context, 'PUT')
      })
      route(app, 'DELETE')
    },
    steps: [[put, 'asked'], [del, 'refused']]
  },
  {
    name: 'a DELETE of a context beside it',
    declare (app, origin, route) {
      app.register(async context => {
        context.register(corsPlugin, { origin, ...wide })
        route(context, 'PUT')
      })
      app.register(async context => {
        context.register(corsPlugin, { origin: 'https://shop.example', ...wide })
        route(context, 'DELETE')
      })
    },
    steps: [[put, 'asked'], [del, 'refused']]
  },
  {
    name: 'a DELETE of a context inside',
    declare (app, origin, route) {
      app.register(corsPlugin, { origin, ...wide })
      route(app, 'PUT')
      app.register(async context => {
        context.register(corsPlugin, { origin, methods: ['GET'], maxAge: 600 })
        route(context, 'DELETE')
      })
    },
    steps: [[put, 'asked'], [del, 'refused']]
  },
  {
    name: 'a DELETE of a route with a parameter, where the PUT has none',
    url: '/1',
    declare (app, origin, route) {
      app.register(corsPlugin, { origin })
      route(app, 'PUT', wide, '/1')
      route(app, 'DELETE', { methods: ['GET'] }, '/:id')
    },
    steps: [[put, 'asked'], [del, 'refused']]
  },
  {
    name: 'a PUT with a parameter, of a wildcard that takes the DELETE',
    url: '/1',
    declare (app, origin, route) {
      app.register(corsPlugin, { origin })
      route(app, 'PUT', wide, '/:id')
      route(app, 'DELETE', { methods: ['GET'] }, '/*')
    },
    steps: [[put, 'asked'], [del, 'refused']]
  },
  {
    name: 'a header that the route of the DELETE refuses',
    declare (app, origin, route) {
      app.register(corsPlugin, { origin, ...wide })
      route(app, 'PUT', { allowedHeaders: ['X-A'] })
      route(app, 'DELETE', { allowedHeaders: ['X-B'] })
    },
    steps: [[withA, 'asked'], [{ ...del, headers: { 'x-a': '1' } }, 'refused'], [{ ...del, headers: { 'x-b': '1' } }, 'asked']]
  },
  {
    name: 'a header that the route of the GET refuses',
    declare (app, origin, route) {
      app.register(corsPlugin, { origin, ...wide })
      route(app, 'PUT')
      route(app, 'GET', { allowedHeaders: ['X-B'] })
    },
    steps: [[withA, 'asked'], [{ headers: { 'x-a': '1' } }, 'refused']]
  },
  {
    name: 'cookies that the route of the DELETE refuses',
    declare (app, origin, route) {
      app.register(corsPlugin, { origin, ...wide })
      route(app, 'PUT', { credentials: true })
      route(app, 'DELETE')
    },
    steps: [[{ ...put, credentials: 'include' }, 'asked'], [{ ...del, credentials: 'include' }, 'refused']]
  },
  {
    name: 'a DELETE that its own route refuses, under a delegator',
    declare (app, origin, route) {
      app.register(corsPlugin, { delegator: () => ({ origin, maxAge: 600 }) })
      route(app, 'PUT', wide)
      route(app, 'DELETE', { methods: ['GET'] })
    },
    steps: [[put, 'asked'], [del, 'refused']]
  }
]

/** What the rule is for: by a preflight written by hand, the browser lets the DELETE through. */
const control: Scenario = {
  name: 'written by hand, the preflight of the PUT lets the DELETE through',
  declare (app, origin, route) {
    app.addHook('onRequest', async (_request, reply) => { reply.header('access-control-allow-origin', origin) })
    app.options('/', (request, reply) => reply.code(204).headers({
      'access-control-allow-methods': request.headers['access-control-request-method'] === 'PUT' ? 'PUT, DELETE' : 'GET',
      'access-control-max-age': '600'
    }).send())
    route(app, 'PUT')
    route(app, 'DELETE')
  },
  steps: [[put, 'asked'], [del, 'not asked']]
}

eachEngine(t, async (t, browser) => {
  const pages = await startPages()
  t.teardown(() => pages.close())
  const { app, journal } = watchedApp(t)
  const route: Declare = (context, method, cors, url = '/') => {
    context.route({
      method,
      url,
      ...cors === undefined ? {} : { config: { cors } },
      handler: async request => {
        journal.note(request, 'handled')
        return 'answer'
      }
    })
  }
  const scenarios = [...remembered, ...divided, control]
  for (const [index, { declare }] of scenarios.entries()) {
    app.register(async context => { declare(context, pages.at('localhost'), route) }, { prefix: `/${index}` })
  }
  await app.listen()

  const page = await browser.open(pages.url('localhost'))
  for (const [index, { name, steps, url = '/' }] of scenarios.entries()) {
    await t.test(name, async t => {
      const target = `http://localhost:${portOf(app)}/${index}${url}?case=${index}`
      const answers = await fetchInTurn(page, steps.map(([request]) => ({ ...request, url: target })))
      const expected = steps.flatMap(([{ method = 'GET' }, outcome]) => {
        return [...outcome === 'not asked' ? [] : [`preflight of ${method}`], ...outcome === 'refused' ? [] : [method, 'handled']]
      })
      t.strictSame(journal.of(String(index)), expected, 'what the server received')
      t.strictSame(answers.map(answer => answer?.body), steps.map(([, outcome]) => outcome === 'refused' ? undefined : 'answer'), 'what the page reads')
    })
  }
})
