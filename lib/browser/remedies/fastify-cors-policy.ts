import { isSafelistedMethod } from '../../http/methods.js'
import type { Grant } from './grant.js'
import { items, lines, options } from './text.js'

/** This project's plugin. Options with the default value are left out. */
export function fastifyCorsPolicy ({ origins, methods, allowedHeaders, exposedHeaders, credentials, exceptions }: Grant): string {
  return lines(
    '// Before the routes. Install it: npm install fastify-cors-policy',
    "import corsPlugin from 'fastify-cors-policy'",
    '',
    'await app.register(corsPlugin, {',
    options(
      `origin: [${items(origins, "'")}]`,
      methods.some(method => !isSafelistedMethod(method)) && `methods: [${items(methods, "'")}]`,
      allowedHeaders.length > 0 && `allowedHeaders: [${items(allowedHeaders, "'")}]`,
      exposedHeaders.length > 0 && `exposedHeaders: [${items(exposedHeaders, "'")}]`,
      credentials && 'credentials: true',
      exceptions.length > 0 && `dangerouslyAllow: [${items(exceptions, "'")}]`
    ),
    '})'
  )
}
