import type { Grant } from './grant.js'
import { items, options } from './text.js'

/**
 * The options of `cors` for Express, which `@fastify/cors` and NestJS share. All are written out: by default, some allow
 * more methods, and each echoes the requested headers.
 */
export function corsOptions ({ origins, methods, allowedHeaders, exposedHeaders, credentials }: Grant): string {
  return options(
    `origin: [${items(origins, "'")}]`,
    `methods: [${items(methods, "'")}]`,
    `allowedHeaders: [${items(allowedHeaders, "'")}]`,
    exposedHeaders.length > 0 && `exposedHeaders: [${items(exposedHeaders, "'")}]`,
    credentials && 'credentials: true'
  )
}
