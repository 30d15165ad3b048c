import assert from 'node:assert/strict'
import test from 'node:test'
import Fastify from 'fastify'
import corsPlugin from 'fastify-cors-policy'
import { allowed, announce, listen, page, send, stranger } from './answers.mjs'

const options = { origin: page, methods: ['PUT'], audit: false }
const own = { config: { cors: { origin: stranger } } }

/** Fastify takes the settings of its router in a place of their own since 5.5, and still where they have always been. */
const [, minor] = Fastify().version.split('.').map(Number)
const places = [
  { place: 'at the top', server: settings => settings },
  ...minor < 5 ? [] : [{ place: 'in routerOptions', server: settings => ({ routerOptions: settings }) }]
]

for (const { place, server } of places) {
  for (const [setting, value, route, path] of [
    ['caseSensitive', false, '/users', '/USERS'],
    ['ignoreTrailingSlash', true, '/users', '/users/'],
    ['ignoreDuplicateSlashes', true, '/users/list', '/users//list'],
    ['useSemicolonDelimiter', true, '/users', '/users;a=1']
  ]) {
    test(`${setting}, ${place}: a preflight gets the policy of the route that its URL reaches`, async t => {
      const app = Fastify(server({ [setting]: value }))
      app.register(corsPlugin, options)
      app.put(route, own, async () => 'x')
      const url = await listen(t, app) + path
      for (const [origin, granted] of [[stranger, stranger], [page, undefined]]) {
        assert.equal(await allowed(send(url, { method: 'PUT', headers: { origin } })), granted, origin)
        assert.equal(await allowed(announce(url, origin)), granted, origin)
      }
    })
  }
}

test('hosts and versions decide which route a preflight is for', async t => {
  const app = Fastify()
  app.register(corsPlugin, options)
  app.put('/', { constraints: { host: 'partner.test' }, ...own }, async () => 'x')
  app.put('/', async () => 'x')
  app.put('/versioned', { constraints: { version: '2.0.0' }, ...own }, async () => 'x')
  const url = await listen(t, app)
  assert.equal(await allowed(announce(url, stranger, 'PUT', { host: 'partner.test' })), stranger)
  assert.equal(await allowed(announce(url, page, 'PUT', { host: 'partner.test' })), undefined)
  assert.equal(await allowed(announce(url, page)), page)
  assert.equal(await allowed(announce(`${url}/versioned`, page)), undefined)
})

test('the application\'s own OPTIONS routes keep what is no preflight', async t => {
  const app = Fastify()
  app.register(corsPlugin, options)
  app.put('/', async () => 'x')
  app.options('/', async () => 'own')
  const url = await listen(t, app)
  assert.equal((await send(url, { method: 'OPTIONS' })).body, 'own')
  assert.equal((await announce(url, page)).status, 204)
})

test('urls says which paths are covered, however they are spelt', async t => {
  const app = Fastify()
  app.register(corsPlugin, { origin: page, urls: /^\/(?!admin)/ })
  app.get('/:area', async () => 'x')
  const url = await listen(t, app)
  assert.equal(await allowed(send(`${url}/public`, { headers: { origin: page } })), page)
  for (const path of ['/admin', '/%61dmin']) assert.equal(await allowed(send(url + path, { headers: { origin: page } })), undefined, path)
})
