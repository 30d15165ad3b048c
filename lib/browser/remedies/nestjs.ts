import { corsOptions } from './cors-options.js'
import type { Grant } from './grant.js'

/** NestJS, with its own middleware. */
export function nestjs (grant: Grant): string {
  return `// In main.ts, right after \`const app = await NestFactory.create(…)\`. There is nothing to install.
app.enableCors({
${corsOptions(grant)}
})
`
}
