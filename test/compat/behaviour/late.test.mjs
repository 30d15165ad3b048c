// The application exists before the plugin is imported, so that nothing may import it above.
import assert from 'node:assert/strict'
import test from 'node:test'
import Fastify from 'fastify'
import { allowed, announce, listen, page, stranger } from './answers.mjs'

test('an application that imports the plugin late is covered', async t => {
  const app = Fastify()
  app.put('/before/:id', async () => 'x')
  const { default: corsPlugin } = await import('fastify-cors-policy')
  await app.register(corsPlugin, { origin: page, methods: ['PUT'] })
  app.put('/after', { config: { cors: { origin: stranger } } }, async () => 'x')
  const url = await listen(t, app)
  assert.equal(await allowed(announce(`${url}/before/1`, page)), page)
  assert.equal(await allowed(announce(`${url}/after`, stranger)), stranger)
  assert.equal(await allowed(announce(`${url}/after`, page)), undefined)
})
