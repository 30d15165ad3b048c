import { nameable, type Grant } from './grant.js'
import { items, lines, options } from './text.js'

/** Koa, with `@koa/cors`: its `origin` is one text, or a function. */
export function koa ({ origins, methods, allowedHeaders, exposedHeaders, credentials }: Grant): string {
  return lines(
    '// Before every other middleware. Install it: npm install @koa/cors',
    "import cors from '@koa/cors'",
    '',
    'app.use(cors({',
    options(
      `origin: ctx => [${items(origins, "'")}].find(origin => origin === ctx.get('Origin'))`,
      `allowMethods: [${items(methods, "'")}]`,
      `allowHeaders: [${items(nameable(allowedHeaders), "'")}]`,
      exposedHeaders.length > 0 && `exposeHeaders: [${items(exposedHeaders, "'")}]`,
      credentials && 'credentials: true'
    ),
    '}))'
  )
}
