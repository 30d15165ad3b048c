import { readFile } from 'node:fs/promises'
import Fastify from 'fastify'

/** The page of the demo, which is served from another origin than the API that it calls. */
export function createPage (apiOrigin) {
  const page = Fastify()

  page.get('/', async (_request, reply) => {
    const html = await readFile(new URL('page.html', import.meta.url), 'utf8')
    return reply.type('text/html; charset=utf-8').send(html.replaceAll('{{api}}', apiOrigin))
  })

  return page
}
