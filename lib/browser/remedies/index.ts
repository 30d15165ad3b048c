import { aspnet } from './aspnet.js'
import { django } from './django.js'
import { express } from './express.js'
import { fastapi } from './fastapi.js'
import { fastifyCors } from './fastify-cors.js'
import { fastifyCorsPolicy } from './fastify-cors-policy.js'
import { flask } from './flask.js'
import { FRAMEWORKS, type Framework } from './framework.js'
import { go } from './go.js'
import { readGrant, type Grant, type RemedyOptions } from './grant.js'
import { headers } from './headers.js'
import { hono } from './hono.js'
import { koa } from './koa.js'
import { laravel } from './laravel.js'
import { nestjs } from './nestjs.js'
import { nginx } from './nginx.js'
import { rails } from './rails.js'
import { spring } from './spring.js'
import { asAddition } from './text.js'
export { FRAMEWORKS, guessFramework, type Framework } from './framework.js'
export type { RemedyOptions } from './grant.js'

/** The change that makes a blocked request work. */
export interface CorsRemedy {
  /** All that the request needs, as options of this project's plugin. */
  options: RemedyOptions
}

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
