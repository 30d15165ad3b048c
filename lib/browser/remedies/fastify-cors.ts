import { corsOptions } from './cors-options.js'
import type { Grant } from './grant.js'

/** Fastify, with `@fastify/cors`. */
export function fastifyCors (grant: Grant): string {
  return `// Before the routes. Install it: npm install @fastify/cors
import cors from '@fastify/cors'

await app.register(cors, {
${corsOptions(grant)}
})
`
}
