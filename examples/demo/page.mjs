import { readFile } from 'node:fs/promises'
import { request as call } from 'node:http'
import Fastify from 'fastify'
import { CorsConfigError } from 'fastify-cors-policy'
import { changePolicy, firstPolicy } from './api.mjs'

const FILES = {
  '/demo.js': 'text/javascript; charset=utf-8',
  '/demo.css': 'text/css; charset=utf-8'
}

const HTML = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Who may call what · fastify-cors-policy</title>
<link rel="icon" href="/icon.svg">
<link rel="stylesheet" href="/demo.css">
<script type="module" src="/demo.js"></script>
<body>
</html>
`

const ICON = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6" fill="#7f848b"/></svg>'

/** The page of the demo, which is served from another origin than the API that it calls, and changes the API's policy. */
export function createPage (api, apiOrigin, pageOrigin) {
  const page = Fastify({ forceCloseConnections: true })
  let policy = firstPolicy(pageOrigin)

  page.addHook('onRequest', async (_request, reply) => {
    reply.header('content-security-policy', `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self' ${apiOrigin}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`)
  })

  page.get('/', (_request, reply) => reply.type('text/html; charset=utf-8').send(HTML))
  page.get('/icon.svg', (_request, reply) => reply.type('image/svg+xml').send(ICON))
  for (const [path, type] of Object.entries(FILES)) {
    page.get(path, async (_request, reply) => reply.type(type).send(await readFile(new URL(`dist${path}`, import.meta.url))))
  }

  page.get('/setting', () => ({ api: apiOrigin, listed: pageOrigin, first: firstPolicy(pageOrigin), policy }))

  page.put('/policy', request => {
    try {
      changePolicy(api, request.body)
      policy = request.body
      return { issues: [] }
    } catch (error) {
      if (!(error instanceof CorsConfigError)) throw error
      return { issues: error.issues }
    }
  })

  // What the inspector tells of the calls: it answers pages of its own origin only, and this server.
  page.get('/events', (_request, reply) => {
    reply.hijack()
    const feed = call(`${apiOrigin}/_cors/events`, answer => {
      reply.raw.writeHead(answer.statusCode, answer.headers)
      answer.pipe(reply.raw)
    })
    feed.on('error', () => reply.raw.destroy()).end()
    reply.raw.on('close', () => feed.destroy())
  })

  return page
}
