import { serve } from '@hono/node-server'
import { Hono } from 'hono'

const app = new Hono()
// REMEDY
app.use('/private', async (c, next) => {
  if (c.req.header('Cookie') === undefined) return c.body(null, 401)
  await next()
})
app.on(['GET', 'PUT'], ['/items', '/private'], c => c.json([], 200, { 'X-Total-Count': '2' }))
serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number('@PORT@') })
