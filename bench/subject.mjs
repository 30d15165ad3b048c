import Fastify from 'fastify'
import { addRoute } from './baselines.mjs'

/** The name of this package among the candidates. */
export const SUBJECT = 'fastify-cors-policy'

/**
 * An application with this package. It is only loaded now, since from then on it sees every application of the process
 * as it is created: the baselines are to be what they are without it.
 */
export async function withPolicy (options, addRoutes = addRoute) {
  const { corsPlugin } = await import('fastify-cors-policy')
  const app = Fastify()
  await app.register(corsPlugin, { audit: false, ...options })
  await addRoutes(app, corsPlugin)
  return app.ready()
}
