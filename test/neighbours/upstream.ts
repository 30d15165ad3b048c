import Fastify from 'fastify'
import type { Test } from 'tap'

/** A server behind a proxy, with CORS headers of its own that nobody asked for. */
export interface Upstream {
  readonly url: string
  /** The requests that reached it. */
  readonly seen: readonly string[]
}

/** Starts an upstream, until the test ends. */
export async function startUpstream (t: Test): Promise<Upstream> {
  const seen: string[] = []
  const app = Fastify({ forceCloseConnections: true })
  app.addHook('onRequest', async (request, reply) => {
    seen.push(`${request.method} ${request.url}`)
    reply.headers({ 'access-control-allow-origin': '*', 'access-control-expose-headers': 'x-upstream', 'x-upstream': '1', vary: 'Accept' })
  })
  app.get('/unauthorised', async (_request, reply) => reply.code(401).send('who are you?'))
  app.get('/events', async (_request, reply) => reply.type('text/event-stream').send('data: hello\n\n'))
  app.all('/*', async request => `changed ${JSON.stringify(request.body)}`)
  t.teardown(() => app.close())
  return { url: await app.listen({ host: '127.0.0.1', port: 0 }), seen }
}
