import type { CorsController } from '../lib/introspection/controller.js'
import type { CorsOptions, RouteCorsOptions } from '../lib/options/schema.js'
import type { CorsDecision } from '../lib/policy/decision.js'

/**
 * The options of a whole registration, which no route can set: the names that begin like one of theirs. Editors offer no
 * such pattern, as they would offer a property that can only be `undefined`.
 */
type NotOfRoutes = { [option in `${Exclude<keyof CorsOptions, keyof RouteCorsOptions>}${string}`]?: undefined }

/**
 * The value of `config.cors` of a route: `false` for off, `true` as registered, or options over the registered ones.
 *
 * Fastify infers the type of `config` from its value, and intersects the two. So only `undefined` refuses an option, and
 * `object` a text. Unknown names pass, unless the value is written with `satisfies RouteCorsOptions`. A type of your own
 * has to be an alias, not an interface: other files may add to an interface, even a name that is refused.
 */
export type CorsRouteConfig = boolean | (RouteCorsOptions & NotOfRoutes & object)

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * The CORS policy of this route: `false` for off, `true` as registered, or options over the registered ones. Write
     * options with `satisfies RouteCorsOptions`, so that TypeScript refuses misspelled names.
     */
    cors?: CorsRouteConfig | undefined
  }

  interface FastifyInstance {
    /** The CORS registration that covers this context. */
    cors: CorsController
  }

  interface FastifyRequest {
    /** The decision about this request; `undefined` before it, and if no registration covers the route. */
    cors: CorsDecision | undefined
  }
}
