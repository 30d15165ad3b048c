import { nameable, type Grant } from './grant.js'
import { items, lines, options } from './text.js'

/** Hono, with its own middleware. */
export function hono ({ origins, methods, allowedHeaders, exposedHeaders, credentials }: Grant): string {
  return lines(
    '// Before the routes, and before any other middleware. There is nothing to install.',
    "import { cors } from 'hono/cors'",
    '',
    "app.use('*', cors({",
    options(
      `origin: [${items(origins, "'")}]`,
      `allowMethods: [${items(methods, "'")}]`,
      `allowHeaders: [${items(nameable(allowedHeaders), "'")}]`,
      exposedHeaders.length > 0 && `exposeHeaders: [${items(exposedHeaders, "'")}]`,
      credentials && 'credentials: true'
    ),
    '}))'
  )
}
