import corsPlugin, { CorsConfigError, CorsPolicySchema, parseCorsOptions, toProblem } from 'fastify-cors-policy'
import Fastify from 'fastify'
import { cachedOrigins } from 'fastify-cors-policy/origins'
import { followPolicy } from './policies.mjs'

const CHANNEL = 'policy-changed'

/** One server of the fleet. */
export async function createApp ({ database, redis }) {
  const app = Fastify({ logger: { level: 'warn', stream: process.stderr } })

  const origins = cachedOrigins({
    async lookup (origin, request) {
      const rows = await database.query('SELECT FROM tenant_origins WHERE tenant = $1 AND origin = $2', [tenantOf(request), origin])
      return rows.length > 0
    },
    // The same page may call one tenant's routes, and not another's.
    key: (_origin, request) => tenantOf(request),
    ttl: 60,
    stale: 600,
    negativeTtl: 10,
    timeout: 1000,
    storage: { type: 'redis', client: redis }
  })
  app.addHook('onClose', () => origins.close())

  // Whose origins are in the database, one row each.
  app.register(async tenants => {
    await tenants.register(corsPlugin, { origin: origins, methods: ['GET', 'PUT'], credentials: true })
    tenants.get('/tenants/:tenant/orders', async request => ({ server: process.pid, tenant: request.params.tenant }))
  })

  // Whose whole policy is in the database, as JSON. Until it has been read, nobody is allowed.
  app.register(async news => {
    await news.register(corsPlugin, { origin: false })
    news.get('/news', async () => ({ server: process.pid }))
    const stop = await followPolicy({
      cors: news.cors,
      read: async () => (await database.query('SELECT policy FROM policies WHERE name = $1', ['news']))[0].policy,
      redis,
      channel: CHANNEL,
      log: app.log
    })
    app.addHook('onClose', stop)
  })

  // For the people who run it: put authentication in front of it.
  app.register(async admin => {
    admin.put('/tenants/:tenant/origins', { schema: { body: originBody } }, async ({ params, body }) => {
      await database.query('INSERT INTO tenant_origins VALUES ($1, $2) ON CONFLICT DO NOTHING', [params.tenant, body.origin])
      await origins.invalidate(body.origin)
      return { allowed: body.origin }
    })
    admin.delete('/tenants/:tenant/origins', { schema: { body: originBody } }, async ({ params, body }) => {
      await database.query('DELETE FROM tenant_origins WHERE tenant = $1 AND origin = $2', [params.tenant, body.origin])
      await origins.invalidate(body.origin)
      return { refused: body.origin }
    })
    admin.put('/news/policy', { schema: { body: CorsPolicySchema }, validatorCompiler, errorHandler: sendProblem }, async ({ body }) => {
      await database.query('UPDATE policies SET policy = $2 WHERE name = $1', ['news', JSON.stringify(body)])
      await redis.publish(CHANNEL, 'news')
      return body
    })
    admin.get('/stats', async () => origins.stats())
  }, { prefix: '/admin' })

  return app
}

/** The tenant of a request, from its URL: a preflight, too, has the URL of the request that it announces. */
function tenantOf (request) {
  return /^\/tenants\/([^/?]*)/.exec(request.url)?.[1] ?? ''
}

const originBody = {
  type: 'object',
  required: ['origin'],
  properties: { origin: { type: 'string', pattern: '^https://[a-z0-9.-]+(?::[0-9]+)?$' } }
}

/** Fastify's own validator would drop options that it does not know, and turn `'true'` into `true`. This one refuses. */
function validatorCompiler () {
  return value => {
    try {
      return { value: parseCorsOptions(value) }
    } catch (error) {
      return { error }
    }
  }
}

function sendProblem (error, _request, reply) {
  if (!(error instanceof CorsConfigError)) throw error
  const problem = toProblem(error)
  return reply.code(problem.status).type('application/problem+json').send(problem)
}
