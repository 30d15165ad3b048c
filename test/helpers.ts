import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'
import type { Response as InjectResponse } from 'light-my-request'
import corsPlugin, { type CorsOptions } from '../lib/index.js'

/** An application with the plugin at its root. */
export function createApp (options: CorsOptions, server: FastifyServerOptions = {}): FastifyInstance {
  const app = Fastify(server)
  app.register(corsPlugin, options)
  return app
}

export interface Announced {
  origin: string
  url?: string
  method?: string
  headers?: string
  more?: Record<string, string>
}

/** What a browser sends before a request that it may not send unasked. */
export function preflight (app: FastifyInstance, { origin, url = '/', method = 'PUT', headers, more = {} }: Announced): Promise<InjectResponse> {
  return app.inject({
    method: 'OPTIONS',
    url,
    headers: {
      origin,
      'access-control-request-method': method,
      ...headers === undefined ? {} : { 'access-control-request-headers': headers },
      ...more
    }
  })
}

/** The headers of the CORS protocol in an answer, and `Vary`. */
export function corsHeaders ({ headers }: { headers: Record<string, unknown> }): Record<string, unknown> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('access-control-') || name === 'vary'))
}

/** The origins of the examples: a page that is allowed, and a stranger. */
export const page = 'https://page.example'
export const stranger = 'https://stranger.example'
