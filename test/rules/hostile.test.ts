import Fastify, { type FastifyInstance } from 'fastify'
import { connect } from 'node:net'
import t, { type Test } from 'tap'
import corsPlugin, { type CorsOptions } from '../../lib/index.js'
import { page, stranger } from '../helpers.js'

async function listen (t: Test, options: CorsOptions, declare: (app: FastifyInstance) => void = () => {}): Promise<number> {
  const app = Fastify()
  app.register(corsPlugin, options)
  app.get('/', async () => 'x')
  app.put('/', async () => 'x')
  declare(app)
  t.teardown(() => app.close())
  return Number(new URL(await app.listen({ host: '127.0.0.1', port: 0 })).port)
}

interface Answer { status: number, fields: Array<[string, string]>, values: (name: string) => string[] }

/** What a server answers to bytes, with every field line as it came. */
function exchange (port: number, lines: readonly string[]): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const socket = connect(port, '127.0.0.1', () => {
      socket.end(Buffer.from(`${[...lines, 'Connection: close'].join('\r\n')}\r\n\r\n`, 'latin1'))
    })
    socket.on('data', (chunk: Buffer) => { chunks.push(chunk) })
    socket.on('error', reject)
    socket.on('close', () => {
      const [head = ''] = Buffer.concat(chunks).toString('latin1').split('\r\n\r\n')
      const [start = '', ...fieldLines] = head.split('\r\n')
      const fields = fieldLines.map((line): [string, string] => {
        const colon = line.indexOf(':')
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
      })
      resolve({ status: Number(start.split(' ')[1]), fields, values: name => fields.filter(([field]) => field === name).map(([, value]) => value) })
    })
  })
}

const announce = ['Access-Control-Request-Method: PUT']

function grantsNothing (t: Test, { fields }: Answer, message = 'no CORS header'): void {
  t.strictSame(fields.filter(([name]) => name.startsWith('access-control')), [], message)
}

t.test('several Origin fields are no origin', async t => {
  const port = await listen(t, { origin: page, methods: ['PUT'] })
  for (const [first, second] of [[page, page], [page, stranger], [stranger, page], [page, '']] as const) {
    const answer = await exchange(port, ['GET / HTTP/1.1', 'Host: a', `Origin: ${first}`, `Origin: ${second}`])
    t.equal(answer.status, 200)
    grantsNothing(t, answer, `${first} and ${second}`)
    const asked = await exchange(port, ['OPTIONS / HTTP/1.1', 'Host: a', `Origin: ${first}`, `oRiGiN: ${second}`, ...announce])
    t.equal(asked.status, 403)
    grantsNothing(t, asked)
  }
})

t.test('an Origin of 15,000 characters', async t => {
  for (const origin of [true, page, () => true, [page, 'https://*.page.example', /^https:\/\/[a-z]+\.example$/]] satisfies Array<CorsOptions['origin']>) {
    const port = await listen(t, { origin, methods: ['PUT'] })
    for (const long of [`https://${'a.'.repeat(7500)}example`, 'x'.repeat(15000)]) {
      grantsNothing(t, await exchange(port, ['GET / HTTP/1.1', 'Host: a', `Origin: ${long}`]))
      const asked = await exchange(port, ['OPTIONS / HTTP/1.1', 'Host: a', `Origin: ${long}`, ...announce])
      t.equal(asked.status, 403)
      t.ok(Number(asked.values('content-length')[0]) < 1000)
    }
  }
  const any = await listen(t, { origin: '*' })
  t.strictSame((await exchange(any, ['GET / HTTP/1.1', 'Host: a', `Origin: ${'x'.repeat(15000)}`])).values('access-control-allow-origin'), ['*'])
})

t.test('bytes that no origin has', async t => {
  const port = await listen(t, { origin: [page, 'https://*.page.example', /^https:\/\/[a-z]+\.example$/], methods: ['PUT'] })
  for (const origin of ['\xff\xfe', `${page}\t`, `${page}\x80`, `\xa0${page}`, `${page};`, `${page}%00`, '"', "'", '<script>', '$' + '{7*7}', 'https://page.example\\@evil.example']) {
    const answer = await exchange(port, ['GET / HTTP/1.1', 'Host: a', `Origin: ${origin}`])
    if (origin.trimEnd() === page) t.strictSame(answer.values('access-control-allow-origin'), [page], 'white space around a field value is no part of it')
    else grantsNothing(t, answer, origin)
    t.equal(answer.status, 200)
  }
})

t.test('names of every object\'s properties', async t => {
  const names = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf']
  const port = await listen(t, { origin: [page, 'https://*.page.example'], methods: ['PUT'], allowedHeaders: ['x-a'] })
  for (const name of names) {
    for (const origin of [name, `https://${name}`, `${name}://a`]) grantsNothing(t, await exchange(port, ['GET / HTTP/1.1', 'Host: a', `Origin: ${origin}`]), origin)
    const asked = await exchange(port, ['OPTIONS / HTTP/1.1', 'Host: a', `Origin: ${page}`, `Access-Control-Request-Method: ${name}`, `Access-Control-Request-Headers: ${name}`])
    t.equal(asked.status, 204)
    t.strictSame(asked.values('access-control-allow-methods'), ['PUT'])
    t.strictSame(asked.values('access-control-allow-headers'), ['x-a'])
  }
})

t.test('floods of names and of fields', async t => {
  const port = await listen(t, { origin: page, methods: ['PUT'] })
  const many = Array.from({ length: 3000 }, (_, i) => `x${i}`).join(',')
  for (const lines of [
    [`Access-Control-Request-Headers: ${many.slice(0, 12000)}`],
    [`Access-Control-Request-Headers: ${','.repeat(12000)}`],
    [`Access-Control-Request-Headers: ${' ,\t'.repeat(4000)}`],
    Array.from({ length: 300 }, (_, i) => `Access-Control-Request-Headers: x${i}`)
  ]) {
    const asked = await exchange(port, ['OPTIONS / HTTP/1.1', 'Host: a', `Origin: ${page}`, ...announce, ...lines])
    t.equal(asked.status, 204)
    t.strictSame(asked.values('access-control-allow-headers'), [])
  }
  const two = await exchange(port, ['OPTIONS / HTTP/1.1', 'Host: a', `Origin: ${page}`, ...announce, 'Access-Control-Request-Headers: x-a', 'Access-Control-Request-Headers: x-b'])
  t.strictSame(two.values('access-control-allow-headers'), ['x-a, x-b'])
})

t.test('several announced methods are none', async t => {
  const port = await listen(t, { origin: page, methods: '*', credentials: true })
  const asked = await exchange(port, ['OPTIONS / HTTP/1.1', 'Host: a', `Origin: ${page}`, 'Access-Control-Request-Method: PUT', 'Access-Control-Request-Method: DELETE'])
  t.strictSame(asked.values('access-control-allow-methods'), [])
})

t.test('an announced method of 15,000 characters is none, and is not sent back', async t => {
  const announces = (name: string): string[] => ['OPTIONS / HTTP/1.1', 'Host: a', `Origin: ${page}`, `Access-Control-Request-Method: ${name}`]
  for (const hasOverride of [false, true]) {
    const decisions: unknown[] = []
    const port = await listen(t, { origin: page, methods: '*', credentials: true }, app => {
      app.addHook('onResponse', async request => { decisions.push(request.cors?.reason) })
      if (hasOverride) app.delete('/x', { config: { cors: { maxAge: 5 } } }, async () => 'x')
    })
    for (const [name, echoed] of [['X'.repeat(15_000), []], ['X'.repeat(65), []], ['X'.repeat(64), ['X'.repeat(64)]]] as const) {
      const asked = await exchange(port, announces(name))
      t.strictSame(asked.values('access-control-allow-methods'), echoed)
      t.equal(asked.status, 204)
    }
    t.strictSame(decisions, ['method-not-allowed', 'method-not-allowed', 'origin-allowed'])
  }
  const listed = await listen(t, { origin: page, methods: ['PUT'] })
  t.strictSame((await exchange(listed, announces('X'.repeat(15_000)))).values('access-control-allow-methods'), ['PUT'])
})

t.test('OPTIONS *', async t => {
  const port = await listen(t, { origin: page, methods: ['PUT'] })
  const plain = await exchange(port, ['OPTIONS * HTTP/1.1', 'Host: a'])
  t.equal(plain.status, 404)
  const asked = await exchange(port, ['OPTIONS * HTTP/1.1', 'Host: a', `Origin: ${stranger}`, ...announce])
  grantsNothing(t, asked)
  t.ok(asked.status === 403 || asked.status === 404)
  const granted = await exchange(port, ['OPTIONS * HTTP/1.1', 'Host: a', `Origin: ${page}`, ...announce])
  t.ok(granted.status < 500)
})

t.test('request targets in absolute form', async t => {
  const port = await listen(t, { origin: page, methods: ['PUT'], urls: /^\/(?:api\/.*)?$/ }, app => {
    app.put('/api/:x', { config: { cors: { origin: 'https://own.example' } } }, async () => 'x')
  })
  const asked = await exchange(port, ['OPTIONS http://a.test/api/1?q HTTP/1.1', 'Host: a.test', 'Origin: https://own.example', ...announce])
  t.equal(asked.status, 204)
  t.strictSame(asked.values('access-control-allow-origin'), ['https://own.example'])
  const answered = await exchange(port, ['PUT http://a.test/api/1?q HTTP/1.1', 'Host: a.test', 'Content-Length: 0', 'Origin: https://own.example'])
  t.equal(answered.status, 200)
  t.strictSame(answered.values('access-control-allow-origin'), ['https://own.example'])
})

t.test('malformed URLs are answered with 400, and crash nothing', async t => {
  const port = await listen(t, { origin: page, methods: ['PUT'] }, app => { app.put('/:x', { config: { cors: false } }, async () => 'x') })
  for (const target of ['/%zz', '/%', '/%E0%A4%A', '/%c0%af']) {
    t.equal((await exchange(port, [`GET ${target} HTTP/1.1`, 'Host: a', `Origin: ${page}`])).status, 400, target)
    t.ok((await exchange(port, [`OPTIONS ${target} HTTP/1.1`, 'Host: a', `Origin: ${page}`, ...announce])).status < 500, target)
  }
})

t.test('no answer carries a CORS header twice, or Vary\'s names twice', async t => {
  const port = await listen(t, { origin: page, methods: ['PUT'], credentials: true, exposedHeaders: ['x-a'], maxAge: 5 }, app => {
    app.addHook('onSend', async (_request, reply) => {
      reply.header('vary', 'origin').header('vary', ['Origin', 'Accept']).header('access-control-allow-origin', page)
    })
  })
  for (const lines of [
    ['GET / HTTP/1.1', 'Host: a', `Origin: ${page}`],
    ['GET /nope HTTP/1.1', 'Host: a', `Origin: ${page}`],
    ['OPTIONS / HTTP/1.1', 'Host: a', `Origin: ${page}`, ...announce],
    ['OPTIONS / HTTP/1.1', 'Host: a', `Origin: ${stranger}`, ...announce]
  ]) {
    const { fields, values } = await exchange(port, lines)
    const names = fields.map(([name]) => name).filter(name => name.startsWith('access-control') || name === 'vary')
    t.equal(new Set(names).size, names.length, lines.join(' '))
    const vary = String(values('vary')).split(',').map(name => name.trim().toLowerCase())
    t.equal(new Set(vary).size, vary.length)
    t.ok(vary.includes('origin'))
  }
})

t.test('HTTP/1.0 without Host', async t => {
  const port = await listen(t, { origin: page, methods: ['PUT'] }, app => {
    app.route({ method: 'PUT', url: '/host', constraints: { host: 'a.test' }, handler: async () => 'a' })
  })
  t.strictSame((await exchange(port, ['GET / HTTP/1.0', `Origin: ${page}`])).values('access-control-allow-origin'), [page])
  t.equal((await exchange(port, ['OPTIONS /host HTTP/1.0', `Origin: ${page}`, ...announce])).status, 204)
})
