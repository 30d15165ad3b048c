import { readGrant, type Grant, type RemedyOptions } from './grant.js'
import { headers, nginx } from './headers.js'
import { express, fastifyCors, fastifyCorsPolicy, hono, koa, nestjs, registration } from './javascript.js'
import { aspnet, go, laravel, rails, spring } from './other-languages.js'
import { django, fastapi, flask } from './python.js'
import { asAddition } from './text.js'

export type { RemedyOptions } from './grant.js'

/** The change that makes a blocked request work. */
export interface CorsRemedy {
  /** All that the request needs, as options of this project's plugin. */
  options: RemedyOptions
}

/** The servers that a remedy can be written for; `headers` is any other server. */
export const FRAMEWORKS = [
  'fastify-cors-policy', 'fastify-cors', 'express', 'koa', 'hono', 'nestjs', 'django', 'flask', 'fastapi', 'spring',
  'aspnet', 'laravel', 'rails', 'go', 'nginx', 'headers'
] as const

/** One of {@link FRAMEWORKS}. */
export type Framework = typeof FRAMEWORKS[number]

const writers: Record<Framework, (grant: Grant) => string> = {
  'fastify-cors-policy': fastifyCorsPolicy,
  'fastify-cors': fastifyCors,
  express,
  koa,
  hono,
  nestjs,
  django,
  flask,
  fastapi,
  spring,
  aspnet,
  laravel,
  rails,
  go,
  nginx,
  headers
}

/**
 * Writes a remedy as complete code for a server. Its first comment says where it goes, and that it adds to what is there.
 *
 * @throws TypeError for a framework that is not in {@link FRAMEWORKS}, and for options that no single request needs:
 * patterns, `*`, `null`, or names that are no tokens
 */
export function remedyFor (remedy: CorsRemedy, framework: Framework): string {
  if (!Object.hasOwn(writers, framework)) {
    throw new TypeError(`unknown framework ${JSON.stringify(framework)}: use one of ${FRAMEWORKS.join(', ')}`)
  }
  return asAddition(writers[framework](readGrant(remedy.options)))
}

/** Writes a remedy as the registration of this project's plugin: the import, and the call in one line. */
export function registrationFor ({ options }: CorsRemedy): string {
  return registration(readGrant(options))
}

/** The headers that name a framework, the application's own first: `Server` may name a proxy in front of it. */
const signs: readonly (readonly [header: string, value: RegExp, framework: Framework])[] = [
  ['x-powered-by', /^Express\b/i, 'express'],
  ['x-powered-by', /^koa\b/i, 'koa'],
  ['x-powered-by', /^Hono\b/i, 'hono'],
  ['x-powered-by', /^ASP\.NET\b/i, 'aspnet'],
  ['x-powered-by', /^PHP\b/i, 'laravel'],
  // Django's runserver; with Channels it is Daphne.
  ['server', /^(?:WSGIServer|daphne)\b/i, 'django'],
  ['server', /^Werkzeug\b/i, 'flask'],
  ['server', /^uvicorn\b/i, 'fastapi'],
  ['server', /^Apache-Coyote\b/i, 'spring'],
  ['server', /^Kestrel\b/i, 'aspnet'],
  ['server', /^(?:Puma|WEBrick)\b/i, 'rails'],
  ['server', /^(?:nginx|openresty)\b/i, 'nginx']
]

/**
 * Guesses the framework from an answer's `Server` and `X-Powered-By`; `headers` if they name none. Many servers send
 * neither, and some (gunicorn, Apache) run any framework.
 */
export function guessFramework (headers: Iterable<readonly [name: string, value: string]>): Framework {
  const list = Array.from(headers, ([name, value]) => ({ name: name.toLowerCase(), value: value.trim() }))
  const sign = signs.find(([header, expected]) => list.some(({ name, value }) => name === header && expected.test(value)))
  return sign?.[2] ?? 'headers'
}
