import compress from '@fastify/compress'
import Fastify, { type FastifyInstance } from 'fastify'
import { Readable } from 'node:stream'
import t from 'tap'
import corsPlugin from '../../lib/index.js'
import type { Page } from './harness/engine.js'
import { eachEngine } from './harness/engines.js'
import { fetchAll } from './harness/fetches.js'
import { startPages } from './harness/pages.js'
import { portOf } from './harness/port.js'

const text = 'a line of text that repeats itself\n'.repeat(200)

/** The ways in which an application answers, as its documentation would show them. */
function declare (app: FastifyInstance, origin: string): void {
  app.register(corsPlugin, { origin, credentials: true, exposedHeaders: ['WWW-Authenticate', 'X-Total'] })
  app.register(async context => {
    context.addHook('onRequest', async (request, reply) => {
      if (request.headers.authorization !== undefined) return
      reply.header('www-authenticate', 'Bearer realm="api"')
      throw Object.assign(new Error('who are you?'), { statusCode: 401 })
    })
    context.get('/private', async () => 'secret')
  })
  app.register(async context => {
    await context.register(compress, { threshold: 0 })
    context.get('/compressed', (_request, reply) => reply.type('text/plain').send(text))
  })
  app.get('/events', (_request, reply) => {
    reply.hijack()
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    reply.raw.write('data: first\n\n')
    setTimeout(() => { reply.raw.write('data: second\n\n') }, 50)
  })
  app.get('/stream', (_request, reply) => {
    reply.header('x-total', '3').type('text/plain').send(Readable.from(['one,', 'two,', 'three']))
  })
  app.get('/parts', (_request, reply) => {
    reply.hijack()
    reply.raw.write('one,')
    setTimeout(() => { reply.raw.end('two') }, 50)
  })
  app.get('/headers', (_request, reply) => reply.header('x-total', '7').send('body'))
  app.get('/broken', async () => { throw new Error('on purpose') })
  app.get('/validated', { schema: { querystring: { type: 'object', required: ['n'] } } }, async () => 'valid')
  app.post('/limited', { bodyLimit: 10 }, async () => 'short')
  app.get('/redirect', (_request, reply) => reply.redirect('/headers'))
  app.get('/cached', (_request, reply) => reply.header('cache-control', 'max-age=60').header('etag', '"1"').send('cached'))
}

/** The first two messages of a stream of events; `refused` where it fails instead. */
async function listen (page: Page, url: string, withCredentials: boolean): Promise<unknown> {
  return page.evaluate(`new Promise(resolve => {
    const source = new EventSource(${JSON.stringify(url)}, { withCredentials: ${withCredentials} })
    const messages = []
    source.onmessage = ({ data }) => {
      if (messages.push(data) < 2) return
      source.close()
      resolve(messages.join(', '))
    }
    source.onerror = () => {
      source.close()
      resolve('refused')
    }
  })`)
}

eachEngine(t, async (t, browser) => {
  const pages = await startPages()
  t.teardown(() => pages.close())
  const app = Fastify({ forceCloseConnections: true })
  t.teardown(() => app.close())
  declare(app, pages.at('localhost'))
  await app.listen()
  const api = `http://localhost:${portOf(app)}`
  const guest = await browser.open(pages.url('localhost'))
  const stranger = await browser.open(pages.url('127.0.0.1'))

  /** What both pages get of one request; the stranger must get nothing, whatever the answer is. */
  const get = async (path: string, init: { method?: string, headers?: Record<string, string>, body?: string } = {}) => {
    const request = { ...init, url: `${api}${path}` }
    const [refused] = await fetchAll(stranger, [request])
    t.equal(refused, null, `${path}: a stranger gets nothing`)
    const [answer] = await fetchAll(guest, [request])
    return answer
  }

  await t.test('a 401 can be read, and what it asks for', async t => {
    const answer = await get('/private')
    t.equal(answer?.status, 401)
    t.match(answer?.body, 'who are you?')
    t.ok(answer?.headers.includes('www-authenticate'))
    t.match(await get('/private', { headers: { authorization: 'Bearer x' } }), { status: 200, body: 'secret' }, 'the preflight of the next call needs no token')
  })

  await t.test('errors can be read, whoever makes them', async t => {
    t.match(await get('/broken'), { status: 500, body: 'on purpose' }, 'a handler that throws')
    t.match(await get('/validated'), { status: 400, body: 'must have required property' }, 'a schema')
    t.match(await get('/limited', { method: 'POST', body: text }), { status: 413, body: 'too large' }, 'a limit')
    t.match(await get('/nowhere'), { status: 404, body: 'not found' }, 'no route')
    t.match(await get('/nowhere', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }), { status: 404 }, 'no route, after a preflight')
  })

  await t.test('server-sent events arrive after hijack', async t => {
    t.equal(await listen(guest, `${api}/events`, false), 'first, second')
    t.equal(await listen(guest, `${api}/events`, true), 'first, second', 'with cookies')
    t.equal(await listen(stranger, `${api}/events`, false), 'refused')
  })

  await t.test('bodies arrive however they are sent', async t => {
    t.match(await get('/stream'), { status: 200, body: 'one,two,three' }, 'a stream')
    t.match(await get('/parts'), { status: 200, body: 'one,two' }, 'in parts, after hijack')
    t.match(await get('/compressed'), { status: 200, body: text }, 'compressed')
    t.match((await app.inject({ url: '/compressed', headers: { 'accept-encoding': 'gzip' } })).headers, { 'content-encoding': 'gzip', vary: /origin/i })
  })

  await t.test('HEAD tells the exposed headers, and no body', async t => {
    const answer = await get('/headers', { method: 'HEAD' })
    t.match(answer, { status: 200, body: '' })
    t.ok(answer?.headers.includes('x-total'))
    t.ok((await get('/stream', { method: 'HEAD' }))?.headers.includes('x-total'), 'of a stream too')
  })

  await t.test('a redirect within the server is followed', async t => {
    t.match(await get('/redirect'), { status: 200, body: 'body' })
  })

  await t.test('an answer that the browser keeps is judged anew for another page', async t => {
    const [first, again] = [await get('/cached'), await get('/cached')]
    t.match([first, again], [{ body: 'cached' }, { body: 'cached' }])
  })
})
