import { isSafelistedMethod } from '../../http/methods.js'
import { nameable, type Grant } from './grant.js'
import { items, lines } from './text.js'

const IMPORT = "import corsPlugin from 'fastify-cors-policy'"

/** This project's plugin. */
export function fastifyCorsPolicy (grant: Grant): string {
  return lines(
    '// Before the routes. Install it: npm install fastify-cors-policy',
    IMPORT,
    '',
    'await app.register(corsPlugin, {',
    properties(...policyOptions(grant)),
    '})'
  )
}

/** The same, as an import and a call of one line each. */
export function registration (grant: Grant): string {
  return `${IMPORT}\napp.register(corsPlugin, { ${policyOptions(grant).filter(option => option !== false).join(', ')} })`
}

/** Options with the default value are left out. */
function policyOptions ({ origins, methods, allowedHeaders, exposedHeaders, credentials, exceptions }: Grant): Array<string | false> {
  return [
    list('origin', origins),
    methods.some(method => !isSafelistedMethod(method)) && list('methods', methods),
    allowedHeaders.length > 0 && list('allowedHeaders', allowedHeaders),
    exposedHeaders.length > 0 && list('exposedHeaders', exposedHeaders),
    credentials && 'credentials: true',
    exceptions.length > 0 && list('dangerouslyAllow', exceptions)
  ]
}

/** Fastify, with `@fastify/cors`. */
export function fastifyCors (grant: Grant): string {
  return lines(
    '// Before the routes. Install it: npm install @fastify/cors',
    "import cors from '@fastify/cors'",
    '',
    'await app.register(cors, {',
    corsOptions(grant),
    '})'
  )
}

/** Express, with `cors`. */
export function express (grant: Grant): string {
  return lines(
    '// Before the routes, and before anything that asks for a login. Install it: npm install cors',
    "import cors from 'cors'",
    '',
    'app.use(cors({',
    corsOptions(grant),
    '}))'
  )
}

/** NestJS, with its own middleware. */
export function nestjs (grant: Grant): string {
  return lines(
    '// In main.ts, right after `const app = await NestFactory.create(…)`. There is nothing to install.',
    'app.enableCors({',
    corsOptions(grant),
    '})'
  )
}

/**
 * The options of `cors` for Express, which `@fastify/cors` and NestJS share. All are written out: by default, some allow
 * more methods, and each echoes the requested headers.
 */
function corsOptions ({ origins, methods, allowedHeaders, exposedHeaders, credentials }: Grant): string {
  return properties(
    list('origin', origins),
    list('methods', methods),
    list('allowedHeaders', allowedHeaders),
    exposedHeaders.length > 0 && list('exposedHeaders', exposedHeaders),
    credentials && 'credentials: true'
  )
}

/** Koa, with `@koa/cors`: its `origin` is one text, or a function. */
export function koa (grant: Grant): string {
  return lines(
    '// Before every other middleware. Install it: npm install @koa/cors',
    "import cors from '@koa/cors'",
    '',
    'app.use(cors({',
    middlewareOptions(`origin: ctx => [${items(grant.origins, "'")}].find(origin => origin === ctx.get('Origin'))`, grant),
    '}))'
  )
}

/** Hono, with its own middleware. */
export function hono (grant: Grant): string {
  return lines(
    '// Before the routes, and before any other middleware. There is nothing to install.',
    "import { cors } from 'hono/cors'",
    '',
    "app.use('*', cors({",
    middlewareOptions(list('origin', grant.origins), grant),
    '}))'
  )
}

/** The options that the middlewares of Koa and Hono share. */
function middlewareOptions (origin: string, { methods, allowedHeaders, exposedHeaders, credentials }: Grant): string {
  return properties(
    origin,
    list('allowMethods', methods),
    list('allowHeaders', nameable(allowedHeaders)),
    exposedHeaders.length > 0 && list('exposeHeaders', exposedHeaders),
    credentials && 'credentials: true'
  )
}

function list (name: string, texts: readonly string[]): string {
  return `${name}: [${items(texts, "'")}]`
}

/** Properties of an object, one a line, without its braces and without those that are `false`. */
function properties (...parts: readonly (string | false)[]): string {
  return parts.filter(part => part !== false).map(property => `  ${property}`).join(',\n')
}
