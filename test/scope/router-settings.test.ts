import Fastify from 'fastify'
import t from 'tap'
import corsPlugin from '../../lib/index.js'
import { routerSettingsOf } from '../../lib/scope/router-settings.js'
import { page, preflight } from '../helpers.js'

const fastify561 = require('fastify-5.6') as typeof Fastify

const own = 'https://own.example'

/** A setting that the application gives, and a spelling of `/users/me` that reaches the route only under it. */
const spellings: ReadonlyArray<readonly [Record<string, boolean>, string]> = [
  [{ caseSensitive: false }, '/USERS/me'],
  [{ ignoreTrailingSlash: true }, '/users/me/'],
  [{ ignoreDuplicateSlashes: true }, '//users/me'],
  [{ useSemicolonDelimiter: true }, '/users/me;a=b']
]

for (const [settings, url] of spellings) {
  for (const [where, options] of [['routerOptions', { routerOptions: settings }], ['the top level', settings]] as const) {
    t.test(`under Fastify 5.6.1, ${JSON.stringify(settings)} of ${where} counts`, async t => {
      const app = fastify561(options)
      app.register(corsPlugin, { origin: page, methods: ['PUT'] })
      app.put('/users/me', { config: { cors: { origin: own } } }, async () => 'me')
      t.equal((await app.inject({ method: 'PUT', url })).statusCode, 200)
      const headers = { origin: own, 'access-control-request-method': 'PUT' }
      t.equal((await app.inject({ method: 'OPTIONS', url, headers })).statusCode, 204)
      t.equal((await app.inject({ method: 'OPTIONS', url, headers: { ...headers, origin: page } })).statusCode, 403)
    })
  }

  t.test(`under the newest Fastify, ${JSON.stringify(settings)} counts`, async t => {
    const app = Fastify({ routerOptions: settings })
    app.register(corsPlugin, { origin: page, methods: ['PUT'] })
    app.put('/users/me', { config: { cors: { origin: own } } }, async () => 'me')
    t.equal((await preflight(app, { origin: own, url })).statusCode, 204)
    t.equal((await preflight(app, { origin: page, url })).statusCode, 403)
  })
}

t.test('a Fastify without kept options has its settings in initialConfig', async t => {
  const app = Fastify({ routerOptions: { caseSensitive: false } })
  const root = Object.create(app, { initialConfig: { value: app.initialConfig } })
  t.match(routerSettingsOf(root), { caseSensitive: false })
  for (const kept of [null, {}, { routerOptions: undefined }, 5]) {
    Object.defineProperty(root, Symbol('fastify.options'), { value: kept, configurable: true })
    t.match(routerSettingsOf(root), { caseSensitive: false })
  }
})
