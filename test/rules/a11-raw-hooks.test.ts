import { Readable } from 'node:stream'
import Fastify, { type FastifyReply } from 'fastify'
import t from 'tap'
import corsPlugin from '../../lib/index.js'
import { corsHeaders, createApp, page, preflight, stranger } from '../helpers.js'

type Raw = FastifyReply['raw']

const foreign: Record<string, string | string[]> = {
  'Access-Control-Allow-Origin': '*', 'ACCESS-CONTROL-ALLOW-CREDENTIALS': 'true', 'access-control-allow-methods': ['PUT', 'DELETE'], Vary: 'X-A'
}
const writers: Record<string, (raw: Raw) => void> = {
  setHeader: raw => { for (const [name, value] of Object.entries(foreign)) raw.setHeader(name, value) },
  setHeaders: raw => { raw.setHeaders(new Map(Object.entries(foreign))) },
  appendHeader: raw => { for (const [name, value] of Object.entries(foreign)) raw.appendHeader(name, value) }
}

for (const [name, write] of Object.entries(writers)) {
  t.test(`what an onSend hook of a route, or of a context, writes with raw.${name} after the policy reaches nobody`, async t => {
    for (const level of ['route', 'context']) {
      const app = createApp({ origin: page })
      await app.after()
      const onSend = async (_request: unknown, { raw }: FastifyReply): Promise<void> => {
        write(raw)
        raw.appendHeader('set-cookie', 'a=1').appendHeader('set-cookie', 'b=2')
        raw.setHeader('x-b', 'b')
      }
      const hooks = level === 'route' ? { onSend } : {}
      if (level === 'context') app.addHook('onSend', onSend)
      app.get('/', hooks, async () => ({ json: true }))
      app.get('/stream', hooks, async () => Readable.from(['a']))
      app.get('/thrown', hooks, async () => { throw new Error('broken') })
      for (const url of ['/', '/stream', '/thrown', ...level === 'context' ? ['/nowhere'] : []]) {
        for (const [origin, granted] of [[stranger, {}], [page, { 'access-control-allow-origin': page }]] as const) {
          const answer = await app.inject({ url, headers: { origin } })
          t.match(answer.headers, { 'x-b': 'b', 'set-cookie': ['a=1', 'b=2'] })
          const { vary, ...others } = corsHeaders(answer)
          t.strictSame(others, granted, `${level} ${url}`)
          t.strictSame(String(vary).split(', ').sort(), ['Origin', 'X-A'], `${level} ${url}`)
        }
      }
      if (level === 'context') t.notOk('access-control-allow-origin' in (await preflight(app, { origin: stranger })).headers)
    }
  })
}

const raws: Record<string, (raw: Raw) => void> = {
  writeHead: raw => { raw.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: 1\n\n') },
  flushHeaders: raw => {
    raw.flushHeaders()
    raw.end('data: 1\n\n')
  },
  write: raw => {
    raw.write('data: 1\n\n')
    raw.end()
  }
}

for (const hijacks of [true, false]) {
  for (const [name, answer] of Object.entries(raws)) {
    t.test(`what a hook granted on the raw response before the policy is gone where a handler streams with raw.${name}, ${hijacks ? 'after' : 'without'} hijack()`, async t => {
      for (const origin of [page, [page], async (asked: string) => asked === page]) {
        const app = Fastify()
        app.addHook('onRequest', async (_request, { raw }) => { writers.setHeader?.(raw) })
        app.register(corsPlugin, { origin })
        app.get('/', (_request, reply) => { answer(hijacks ? reply.hijack().raw : reply.raw) })
        t.teardown(() => app.close())
        const url = await app.listen({ host: '127.0.0.1', port: 0 })
        for (const from of [page, stranger]) {
          const received = await fetch(url, { headers: { origin: from } })
          t.equal(await received.text(), 'data: 1\n\n')
          const { vary, ...others } = corsHeaders({ headers: Object.fromEntries(received.headers) })
          t.strictSame(others, hijacks && from === page ? { 'access-control-allow-origin': page } : {})
          t.match(vary, /X-A/)
        }
      }
    })
  }
}
