import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import type { Test } from 'tap'

/** What reached an application, by the `case` in the query of its URLs: a page can't know, and a test has to. */
export class Journal {
  private readonly entries = new Map<string, string[]>()

  /** Notes every request, and every body that is parsed, of an application; to be called before anything else is registered. */
  watch (app: FastifyInstance): void {
    app.addHook('onRequest', async request => {
      const announced = request.headers['access-control-request-method']
      this.note(request, request.method === 'OPTIONS' && announced !== undefined ? `preflight of ${announced}` : request.method)
    })
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', { parseAs: 'string' }, async (request: FastifyRequest, body: string) => {
      if (body !== '') this.note(request, 'body parsed')
      return body
    })
  }

  note (request: FastifyRequest, entry: string): void {
    const id = new URL(request.url, 'http://localhost').searchParams.get('case') ?? ''
    this.entries.set(id, [...this.of(id), entry])
  }

  /** The entries of a case so far, in order. */
  of (id: string): string[] {
    return this.entries.get(id) ?? []
  }
}

/** An application that lives as long as a test, and the journal of what reaches it. */
export function watchedApp (t: Test): { app: FastifyInstance, journal: Journal } {
  const app = Fastify({ forceCloseConnections: true })
  t.teardown(() => app.close())
  const journal = new Journal()
  journal.watch(app)
  return { app, journal }
}
