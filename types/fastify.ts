import type { CorsController } from '../lib/introspection/controller.js'
import type { CorsOptions, RouteCorsOptions } from '../lib/options/schema.js'
import type { CorsDecision } from '../lib/policy/decision.js'

/** The options that are about a whole registration, which no route can give. */
type NotOfRoutes = { [option in Exclude<keyof CorsOptions, keyof RouteCorsOptions>]?: undefined }

/**
 * What `config.cors` of a route may be: `false` off, `true` as registered, or options over the registered ones.
 *
 * Fastify infers the type of `config` from what is written there, and intersects the two. So it takes an explicit
 * `undefined` to refuse an option, and `object` to refuse a text; names that no option has pass, until the boot.
 */
export type CorsRouteConfig = boolean | (RouteCorsOptions & NotOfRoutes & object)

declare module 'fastify' {
  interface FastifyContextConfig {
    cors?: CorsRouteConfig | undefined
  }

  interface FastifyInstance {
    /** The CORS registration that covers this context. */
    cors: CorsController
  }

  interface FastifyRequest {
    /** What was decided about this request; `undefined` before that, and where no registration covers the route. */
    cors: CorsDecision | undefined
  }
}
