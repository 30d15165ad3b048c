import { get, type IncomingHttpHeaders } from 'node:http'
import { createSession } from 'better-sse'
import t from 'tap'
import { createApp, page, stranger } from '../helpers.js'

interface Events { headers: IncomingHttpHeaders, data: string[] }

/** Reads a stream of events until it has some, as `EventSource` does, and leaves. */
function listen (url: string, origin: string, wanted: number): Promise<Events> {
  return new Promise((resolve, reject) => {
    const request = get(url, { headers: { origin, accept: 'text/event-stream' }, agent: false }, response => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
        const data = [...text.matchAll(/^data:\s?(.*)\n/gm)].map(([, value = '']) => value)
        if (data.length < wanted) return
        resolve({ headers: response.headers, data })
        request.destroy()
      })
    })
    request.on('error', reject)
  })
}

t.test('better-sse, after hijack(), reaches the page', async t => {
  const app = createApp({ origin: page, credentials: true })
  app.get('/events', async (request, reply) => {
    reply.hijack()
    const session = await createSession(request.raw, reply.raw)
    session.push('first')
    session.push('second')
  })
  const url = `${await app.listen()}/events`
  t.teardown(() => app.close())

  const { headers, data } = await listen(url, page, 2)
  t.strictSame(data, ['"first"', '"second"'])
  t.match(headers['content-type'], 'text/event-stream')
  t.equal(headers['access-control-allow-origin'], page)
  t.equal(headers['access-control-allow-credentials'], 'true')
  t.match(headers.vary, /\bOrigin\b/)

  const refused = await listen(url, stranger, 2)
  t.equal(refused.headers['access-control-allow-origin'], undefined)
})

t.test('events written by hand, with the header that tutorials tell to add, reach the page and no stranger', async t => {
  const app = createApp({ origin: page })
  app.get('/events', (_request, reply) => {
    reply.hijack()
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream', 'access-control-allow-origin': '*' })
    reply.raw.write('data: first\n\n')
  })
  const url = `${await app.listen()}/events`
  t.teardown(() => app.close())
  t.equal((await listen(url, page, 1)).headers['access-control-allow-origin'], page)
  t.equal((await listen(url, stranger, 1)).headers['access-control-allow-origin'], undefined)
})
