// The applications exist before the plugin is imported, so that no module which imports the plugin may stand above.
import Fastify from 'fastify'
import t from 'tap'

const [wrong, right, empty, late] = [Fastify(), Fastify(), Fastify(), Fastify()]
const { corsPlugin } = require('../../lib/index.js') as typeof import('../../lib/index.js')

t.test('a plugin file without fastify-plugin is found where the plugin is imported late, as with @fastify/autoload', async t => {
  wrong.register(async file => {
    await file.register(corsPlugin, { origin: 'https://page.example' })
    file.addHook('onReady', async function () {
      t.match(this.cors.audit(), [{ code: 'covers-no-route', message: /fastify-plugin.*\. If its routes stand beside it, import the plugin before/, fix: null }])
    })
  })
  wrong.register(async routes => { routes.get('/x', async () => 'x') })
  await wrong.ready()
})

t.test('it is not where its routes are known, or none at all', async t => {
  right.register(async file => {
    await file.register(corsPlugin, { origin: 'https://page.example' })
    file.get('/x', async () => 'x')
    file.addHook('onReady', async function () { t.strictSame(this.cors.audit(), []) })
  })
  right.get('/y', async () => 'y')
  empty.register(async file => {
    await file.register(corsPlugin, { origin: 'https://page.example' })
    file.addHook('onReady', async function () { t.strictSame(this.cors.audit(), []) })
  })
  await Promise.all([right.ready(), empty.ready()])
})

t.test('where the context of a 404 answer is not known, the registration that is asked explains it', async t => {
  await late.register(corsPlugin, { origin: 'https://page.example' })
  await late.ready()
  t.match(await late.cors.explain({ origin: 'https://stranger.example', url: '/nowhere' }), { fix: "origin: ['https://page.example', 'https://stranger.example']" })
})
