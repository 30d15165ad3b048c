import Fastify from 'fastify'
import { portOf } from './port.js'

/** A server of empty pages, under every name of this machine that a browser knows. */
export interface Pages {
  /** The origin of the pages under a host name. */
  at (host: string): string
  /** The URL of a page; a sandboxed one has the origin `null`. */
  url (host: string, kind?: 'page' | 'sandboxed'): string
  close (): Promise<unknown>
}

const html = '<!doctype html><meta charset="utf-8"><title>page</title>'

/** Starts a server of pages on a free port. */
export async function startPages (): Promise<Pages> {
  const app = Fastify({ forceCloseConnections: true })
  app.get('/page', (_request, reply) => reply.type('text/html').send(html))
  app.get('/sandboxed', (_request, reply) =>
    reply.type('text/html').header('content-security-policy', 'sandbox allow-scripts').send(html))
  await app.listen()
  const port = portOf(app)
  return {
    at: host => `http://${host}:${port}`,
    url: (host, kind = 'page') => `http://${host}:${port}/${kind}`,
    close: () => app.close()
  }
}
