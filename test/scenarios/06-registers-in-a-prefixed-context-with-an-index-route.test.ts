import Fastify from 'fastify'
import t from 'tap'
import corsPlugin from '../../lib/index.js'
import { page, preflight } from '../helpers.js'

for (const [prefix, urls] of [['/v1', ['/v1', '/v1/', '/v1/?q=1']], ['/v1/', ['/v1/']], ['/:tenant/api', ['/acme/api', '/acme/api/']]] as const) {
  t.test(`the preflight of the index route of ${prefix} is answered`, async t => {
    const app = Fastify()
    app.register(async context => {
      context.register(corsPlugin, { origin: page, methods: ['PUT'] })
      context.put('/', async () => 'changed')
      context.put('/deeper', async () => 'changed')
    }, { prefix })

    for (const url of urls) {
      const asked = await preflight(app, { origin: page, url })
      t.equal(asked.statusCode, 204, url)
      t.equal(asked.headers['access-control-allow-origin'], page)
      t.equal((await preflight(app, { origin: 'https://stranger.example', url })).statusCode, 403)
    }
    t.equal((await preflight(app, { origin: page, url: `${urls[0].replace(/\/$/, '')}/deeper` })).statusCode, 204)
    t.equal((await preflight(app, { origin: page, url: '/elsewhere' })).statusCode, 404, 'what is not covered is left alone')
  })
}
