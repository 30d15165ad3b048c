// An application as users write it, with what is loaded only on need: it ends well if all of it works.
import assert from 'node:assert/strict'
import Fastify from 'fastify'
import corsPlugin, { CorsConfigError, parseCorsOptions } from 'fastify-cors-policy'
import { checkCors } from 'fastify-cors-policy/browser'
import { boots } from './boots.cjs'

async function runs () {
  await boots(Fastify, corsPlugin)

  const page = 'https://page.example'
  const app = Fastify()
  app.register(corsPlugin, { origin: [page, /^https:\/\/[a-z]+\.page\.example$/, 'https://*.shop.example'], credentials: true, methods: ['PUT'] })
  app.put('/', async () => 'saved')
  await app.ready()
  const { allowed } = await app.cors.explain({ origin: 'https://shop.page.example', url: '/', method: 'PUT', credentials: 'include' })
  assert.equal(allowed, true)
  await app.close()

  assert.throws(() => parseCorsOptions({ orgin: page, origin: '*', credentials: true }), error => error instanceof CorsConfigError && error.issues.length === 2)
  const { reason } = await checkCors({ origin: page, url: 'https://api.example/' }, async () => ({ status: 200, headers: [] }))
  assert.equal(reason, 'MissingAllowOriginHeader')
  console.log('it runs')
}

runs().catch(error => {
  console.error(error)
  process.exitCode = 1
})
