import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import corsPlugin, { type CorsOptions } from '../../lib/index.js'
import type { Journal } from './harness/journal.js'

/** The origins that the policies are about. */
export interface Visitors {
  /** On the site of the API. */
  page: string
  /** A name below `shop.localhost`. */
  shop: string
  /** On another site; no policy names it. */
  stranger: string
}

const lists = { methods: ['GET', 'PUT', 'DELETE'], allowedHeaders: ['X-Tenant', 'Content-Type'], exposedHeaders: ['X-Total', 'ETag'] }

/** One registration each, in a context of its own under `/<name>`. */
export function policies ({ page, shop }: Visitors) {
  return {
    any: { origin: '*' },
    'any with lists': { origin: '*', methods: ['GET', 'PUT'], allowedHeaders: ['X-Tenant'], exposedHeaders: ['X-Total'] },
    'any with wildcards': { origin: '*', methods: '*', allowedHeaders: '*', exposedHeaders: '*' },
    'any with authorization': { origin: '*', methods: '*', allowedHeaders: ['*', 'Authorization'] },
    exact: { origin: page },
    'exact with lists': { origin: page, ...lists },
    'exact with credentials': { origin: page, credentials: true, ...lists },
    'wildcards with credentials': { origin: page, credentials: true, methods: '*', allowedHeaders: '*' },
    list: { origin: ['https://shop.example', page], methods: ['PATCH'] },
    pattern: { origin: 'http://*.shop.localhost:*', credentials: true, methods: ['DELETE'] },
    port: { origin: 'http://localhost:*' },
    regexp: { origin: /^http:\/\/localhost:\d{1,5}$/, methods: ['PUT'] },
    reflected: { origin: true, methods: ['PUT'], exposedHeaders: 'ETag' },
    'reflected with credentials': { origin: true, credentials: true, methods: ['PUT'], dangerouslyAllow: ['any-origin-with-credentials'] },
    function: { origin: (origin: string) => origin === shop, methods: ['PUT'] },
    'slow function': { origin: async (origin: string) => origin === page, credentials: true, methods: ['PUT'] },
    sandboxed: { origin: 'null', methods: ['PUT'], dangerouslyAllow: ['null-origin'] },
    off: { origin: false },
    late: { origin: page, hook: 'onSend', methods: ['PUT'] },
    'old preflights': { origin: page, optionsSuccessStatus: 200, methods: ['PUT'] },
    'own preflights': { origin: page, preflight: false, methods: ['PUT'] },
    'continued preflights': { origin: page, preflightContinue: true, methods: ['PUT'] },
    delegated: { delegator: request => request.url.includes('/open?') ? { origin: '*' } : { origin: page } },
    'some urls': { origin: page, urls: /\/open$/ },
    enforced: { origin: page, enforce: 'all' }
  } satisfies Record<string, CorsOptions>
}

/** The name of a context of {@link declareContexts}. */
export type PolicyName = keyof ReturnType<typeof policies> | NestedName

/** Contexts that are put together by hand: routes with policies of their own, and registrations inside others. */
const nested = {
  'route of anyone': 'exact/anyone',
  'route with lists': 'exact/lists',
  'route without cors': 'exact/off',
  'route as registered': 'exact/same',
  'inner registration': 'exact/inner',
  'deeper route': 'exact/inner/deeper'
} as const
type NestedName = keyof typeof nested

/** The path of a context. */
export function pathOf (name: PolicyName): string {
  return name in nested ? `/nested/${nested[name as NestedName]}` : `/${name.replaceAll(' ', '-')}`
}

const methods = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH']

/** Declares every context; each answers every method, and tells the journal so. */
export function declareContexts (app: FastifyInstance, visitors: Visitors, journal: Journal): void {
  const handler = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    journal.note(request, 'handled')
    return reply.header('x-total', '7').header('etag', '"1"').type('text/plain').send('answer')
  }
  for (const [name, options] of Object.entries(policies(visitors))) {
    app.register(async context => {
      context.register(corsPlugin, options)
      context.route({ method: methods, url: pathOf(name as PolicyName), handler })
      context.route({ method: methods, url: `${pathOf(name as PolicyName)}/open`, handler })
      if (name === 'continued preflights') context.options(pathOf(name as PolicyName), (_request, reply) => reply.code(204).send())
    })
  }
  app.register(async context => {
    context.register(corsPlugin, { origin: visitors.page, methods: ['PUT'] })
    context.route({ method: methods, url: '/anyone', config: { cors: { origin: '*' } }, handler })
    context.route({ method: methods, url: '/lists', config: { cors: { credentials: true, ...lists } }, handler })
    context.route({ method: methods, url: '/off', config: { cors: false }, handler })
    context.route({ method: methods, url: '/same', config: { cors: true }, handler })
    context.register(async inner => {
      inner.register(corsPlugin, { origin: visitors.shop, methods: ['DELETE'] })
      inner.route({ method: methods, url: '', handler })
      inner.route({ method: methods, url: '/deeper', config: { cors: { methods: ['PUT'] } }, handler })
    }, { prefix: '/inner' })
  }, { prefix: '/nested/exact' })
}
