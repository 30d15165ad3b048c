import type { Grant } from './grant.js'
import { items, lines } from './text.js'

/**
 * The options of `cors` for Express, which `@fastify/cors` and NestJS have taken over. All is written out: by default
 * some of them allow more methods, and each echoes the headers that are asked for.
 */
export function corsOptions ({ origins, methods, allowedHeaders, exposedHeaders, credentials }: Grant): string {
  return lines(
    `  origin: [${items(origins, "'")}],`,
    `  methods: [${items(methods, "'")}],`,
    exposedHeaders.length > 0 && `  exposedHeaders: [${items(exposedHeaders, "'")}],`,
    credentials && '  credentials: true,',
    `  allowedHeaders: [${items(allowedHeaders, "'")}]`
  )
}
