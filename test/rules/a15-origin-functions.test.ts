import { runInThisContext } from 'node:vm'
import Fastify, { type FastifyInstance } from 'fastify'
import t from 'tap'
import corsPlugin, { applyCors, type CorsOptions } from '../../lib/index.js'
import { corsHeaders, createApp, page, preflight, stranger } from '../helpers.js'

type OriginOption = CorsOptions['origin']

/** What JavaScript may pass, whatever the types say. */
function anyFunction (origin: (...args: never[]) => unknown): OriginOption {
  return origin as OriginOption
}

function appWith (origin: OriginOption, more: Partial<CorsOptions> = {}): FastifyInstance {
  const app = createApp({ origin, methods: ['PUT'], ...more })
  app.get('/', async () => 'x')
  return app
}

for (const [kind, origin] of [
  ['synchronous', (origin: string) => origin === page],
  ['asynchronous', async (origin: string) => origin === page]
] as const) {
  t.test(`a ${kind} function decides, of requests and of preflights`, async t => {
    const app = appWith(origin)
    t.strictSame(corsHeaders(await app.inject({ url: '/', headers: { origin: page } })), { vary: 'Origin', 'access-control-allow-origin': page })
    t.strictSame(corsHeaders(await app.inject({ url: '/', headers: { origin: stranger } })), { vary: 'Origin' })
    t.strictSame(corsHeaders(await app.inject('/')), { vary: 'Origin' })
    t.equal((await preflight(app, { origin: page })).statusCode, 204)
    t.equal((await preflight(app, { origin: stranger })).statusCode, 403)
  })
}

t.test('it is given the origin and the request, with the Fastify instance as this, once per request', async t => {
  const calls: unknown[][] = []
  const app = Fastify()
  app.register(corsPlugin, {
    origin (origin, request) {
      calls.push([origin, request.url, this.version === app.version, typeof this.inject])
      return true
    }
  })
  app.get('/', async () => 'x')
  await app.inject({ url: '/?a', headers: { origin: page } })
  await preflight(app, { origin: stranger, url: '/?b' })
  await app.inject('/?c')
  t.strictSame(calls, [[page, '/?a', true, 'function'], [stranger, '/?b', true, 'function']])
})

const failures: Array<[string, (...args: never[]) => unknown, string | RegExp]> = [
  ['throws', () => { throw new Error('no database') }, 'no database'],
  ['rejects', async () => { throw new Error('no database') }, 'no database'],
  ['throws what is no error', () => { const text: unknown = 'text'; throw text }, /text/],
  ['rejects with nothing', async () => { const nothing: unknown = undefined; throw nothing }, /undefined/],
  ['returns undefined', () => undefined, /\(origin, request\) => boolean/],
  ['returns null', () => null, /\(origin, request\) => boolean/],
  ['returns 1', () => 1, /\(origin, request\) => boolean/],
  ['returns the origin', (origin: string) => origin, /\(origin, request\) => boolean/],
  ['returns an object', () => ({}), /\(origin, request\) => boolean/],
  ['promises a text', async () => 'true', /\(origin, request\) => boolean/],
  ['promises undefined', async () => {}, /\(origin, request\) => boolean/],
  ['calls back', (_origin: string, reply: (error: null, allowed: boolean) => void) => { const answer = reply; answer(null, true) }, /\(origin, request\) => boolean/],
  ['calls back later', async (_origin: string, reply: (error: null, allowed: boolean) => void) => { const answer = reply; await null; answer(null, true) }, /\(origin, request\) => boolean/]
]

for (const [what, origin, message] of failures) {
  t.test(`a function that ${what} is an error, and allows nobody`, async t => {
    for (const hook of ['onRequest', 'preHandler', 'onSend'] as const) {
      const app = appWith(anyFunction(origin), { hook })
      const response = await app.inject({ url: '/', headers: { origin: page } })
      t.equal(response.statusCode, 500)
      t.match(response.json<{ message: string }>().message, message)
      t.strictSame(corsHeaders(response), { vary: 'Origin' })
    }
    const asked = await preflight(appWith(anyFunction(origin)), { origin: page })
    t.equal(asked.statusCode, 500)
    t.match(asked.headers.vary, /Origin/)
    t.notOk(Object.keys(asked.headers).some(name => name.startsWith('access-control')))
  })
}

t.test('a result that is no boolean has a code of its own', async t => {
  for (const origin of [() => 1, async () => 'true', (_origin: string, reply: (error: null, allowed: boolean) => void) => { const answer = reply; answer(null, true) }]) {
    t.equal((await appWith(anyFunction(origin)).inject({ url: '/', headers: { origin: page } })).json<{ code: string }>().code, 'FST_CORS_INVALID_ORIGIN_RESULT')
  }
})

t.test('so has a call of a callback that is hidden in a list of arguments', async t => {
  const hidden: Array<(...given: never[]) => unknown> = [
    runInThisContext('(...given) => given[1](null, true)'),
    runInThisContext('(function () { arguments[1](null, true) })')
  ]
  for (const origin of hidden) {
    const body = (await appWith(anyFunction(origin)).inject({ url: '/', headers: { origin: page } })).json<{ code: string, message: string }>()
    t.match(body, { code: 'FST_CORS_INVALID_ORIGIN_RESULT', message: /\(origin, request\) => boolean/ })
  }
})

t.test('the error goes to the application\'s error handler', async t => {
  const app = appWith(() => { throw new Error('no database') })
  app.setErrorHandler(async (error: Error, _request, reply) => reply.code(503).header('access-control-allow-origin', '*').send(error.message))
  for (const response of [await app.inject({ url: '/', headers: { origin: page } }), await preflight(app, { origin: page })]) {
    t.equal(response.statusCode, 503)
    t.equal(response.body, 'no database')
    t.notOk('access-control-allow-origin' in response.headers)
    t.match(response.headers.vary, /Origin/)
  }
})

t.test('what earlier hooks granted does not survive a function that fails', async t => {
  for (const origin of [() => { throw new Error('no database') }, async () => { throw new Error('no database') }]) {
    const app = Fastify()
    app.addHook('onRequest', async (_request, reply) => { reply.header('access-control-allow-origin', '*') })
    app.register(corsPlugin, { origin })
    app.get('/', async () => 'x')
    t.strictSame(corsHeaders(await app.inject({ url: '/', headers: { origin: page } })), { vary: 'Origin' })
    t.notOk('access-control-allow-origin' in (await preflight(app, { origin: page })).headers)
  }
})

t.test('a failure is a decision', async t => {
  const app = appWith(async () => { throw new Error('no database') })
  const seen: unknown[] = []
  app.addHook('onResponse', async request => { seen.push([request.cors?.kind, request.cors?.origin, request.cors?.allowed]) })
  await app.inject({ url: '/', headers: { origin: page } })
  await preflight(app, { origin: page })
  t.strictSame(seen, [['actual', page, false], ['preflight', page, false]])
})

const malformed = [
  '', 'nonsense', 'https://', 'https://a.example/', 'https://a.example/path', 'https://user@a.example', 'https://a.example?q', 'HTTPS://a.example',
  'https://A.example', 'https://a.example:443', 'https://a.example:0', 'https://a.example:65536', 'https://a.example:08', 'https://b\u00fccher.example',
  'https://a.example https://b.example', 'https://a.example, https://b.example', '//a.example', 'a.example', `https://${'a'.repeat(301 - 8)}`, 'NULL', 'Null',
  'null, null', 'file:///', 'file:///etc/passwd'
]

t.test('a malformed origin is refused without a call', async t => {
  let called = 0
  const options: OriginOption[] = [() => { called++; return true }, true, /^.*$/, /^[^]*$/]
  for (const origin of options) {
    const app = appWith(origin, { dangerouslyAllow: ['unchecked-regexps'] })
    for (const value of malformed) {
      const response = await app.inject({ url: '/', headers: { origin: value } })
      t.equal(response.statusCode, 200)
      t.strictSame(corsHeaders(response), { vary: 'Origin' }, value)
      t.equal((await preflight(app, { origin: value })).statusCode, 403, value)
    }
  }
  t.equal(called, 0)
})

t.test('300 characters are looked at, 301 are not', async t => {
  const ofLength = (length: number): string => `${'a'.repeat(length - `://${'b'.repeat(60)}.example`.length)}://${'b'.repeat(60)}.example`
  const app = appWith(true)
  t.equal((await app.inject({ url: '/', headers: { origin: ofLength(300) } })).headers['access-control-allow-origin'], ofLength(300))
  t.notOk('access-control-allow-origin' in (await app.inject({ url: '/', headers: { origin: ofLength(301) } })).headers)
})

t.test('the decision tells malformed origins from those that are not allowed', async t => {
  const app = createApp({ origin: page })
  app.get('/', async request => request.cors?.reason)
  for (const [origin, reason] of [['nonsense', 'origin-malformed'], ['', 'origin-malformed'], [stranger, 'origin-not-allowed'], ['null', 'origin-not-allowed']] as const) {
    t.equal((await app.inject({ url: '/', headers: { origin } })).body, reason)
  }
})

t.test('null has a reason of its own where no function is asked about it, and where true does not reflect it', async t => {
  for (const [options, reason] of [
    [{ origin: () => true }, 'null-origin'],
    [{ origin: true }, 'null-origin'],
    [{ origin: () => false, dangerouslyAllow: ['null-origin'] }, 'origin-not-allowed']
  ] as const) {
    const app = createApp(options)
    app.get('/', async request => request.cors?.reason)
    for (const origin of ['null', 'file://']) t.equal((await app.inject({ url: '/', headers: { origin } })).body, reason)
  }
})

for (const origin of ['null', 'file://']) {
  t.test(`${origin} is allowed by '*', and by nothing else that does not name it`, async t => {
    const allows = async (option: OriginOption, more: Partial<CorsOptions> = {}): Promise<boolean> => {
      const response = await appWith(option, more).inject({ url: '/', headers: { origin } })
      return ['*', origin].includes(String(response.headers['access-control-allow-origin']))
    }
    const unchecked: Partial<CorsOptions> = { dangerouslyAllow: ['unchecked-regexps'] }
    const nullOrigin: Partial<CorsOptions> = { dangerouslyAllow: ['null-origin', 'unchecked-regexps'] }
    t.ok(await allows('*'))
    t.notOk(await allows(true))
    t.notOk(await allows(() => true))
    t.notOk(await allows(/^.*$/, unchecked))
    t.notOk(await allows([page], nullOrigin), 'the exception alone allows nothing')
    t.notOk(await allows([page, 'https://*.page.example'], nullOrigin), 'nor does a pattern')
    t.notOk(await allows('http://localhost:*', nullOrigin), 'nor does a pattern of ports')
    t.ok(await allows(origin, nullOrigin))
    t.ok(await allows([page, origin], nullOrigin))
    t.ok(await allows(true, nullOrigin))
    t.ok(await allows(() => true, nullOrigin))
    t.notOk(await allows(() => false, nullOrigin))
    t.ok(await allows(/^(?:null|file:\/\/)$/, nullOrigin), 'an expression is given it')
    t.ok(await allows([page, /^(?:null|file:\/\/)$/], nullOrigin), 'an expression in a list too')
    t.notOk(await allows(/^https:\/\/a\.example$/, nullOrigin))
  })
}

const revoked = Proxy.revocable({}, {})
revoked.revoke()
const revokedError = Proxy.revocable(new TypeError('is not a function'), {})
revokedError.revoke()

const thrown: Array<[what: string, value: unknown]> = [
  ['an object without a prototype', Object.create(null)],
  ['a symbol', Symbol('failed')],
  ['nothing', undefined],
  ['null', null],
  ['an empty text', ''],
  ['false', false],
  ['an object whose text can\'t be had', { toString () { throw new Error('no text') } }],
  ['an object whose text is none', { toString: () => ({}), valueOf: () => ({}) }],
  ['a revoked proxy', revoked.proxy],
  ['a revoked proxy of an error', revokedError.proxy],
  ['a function', () => {}],
  ['an error of the wrong form', Object.assign(new TypeError('x'), { message: 5 })]
]

for (const [what, value] of thrown) {
  t.test(`whoever throws, or rejects with, ${what}, gets an error to the error handler and nothing granted`, async t => {
    const throwing = (): never => { throw value }
    const rejecting = (): Promise<never> => new Promise((_resolve, reject) => { setImmediate(() => { Reflect.apply(reject, undefined, [value]) }) })
    const thenable = anyFunction(() => ({ then (_fulfil: unknown, reject: (reason: unknown) => void) { reject(value) } }))
    const callsBack = anyFunction((_origin: string, _callback: unknown) => throwing())
    for (const options of [
      { origin: throwing }, { origin: rejecting }, { origin: thenable }, { origin: callsBack },
      { origin: throwing, enforce: 'unsafe' }, { origin: rejecting, hook: 'preHandler', enforce: 'all' }, { origin: rejecting, hook: 'onSend' },
      { origin: page, delegator: throwing }, { origin: page, delegator: rejecting }
    ] satisfies CorsOptions[]) {
      const app = createApp(options)
      const errors: unknown[] = []
      app.setErrorHandler(async (error, _request, reply) => {
        errors.push(error)
        return await reply.code(500).send('failed')
      })
      app.post('/', async () => 'x')
      const answers = [await app.inject({ method: 'POST', url: '/', headers: { origin: page } }), await preflight(app, { origin: page, method: 'POST' })]
      for (const answer of answers) {
        t.equal(answer.statusCode, 500)
        t.match(answer.headers.vary, /Origin/)
        t.notOk(Object.keys(answer.headers).some(name => name.startsWith('access-control')))
      }
      t.equal(errors.length, 2)
      t.ok(errors.every(error => error instanceof Error))
    }
  })

  t.test(`applyCors() rejects with an error where a function throws ${what}`, async t => {
    const app = createApp({ origin: () => { throw value }, hook: 'preHandler' })
    app.addHook('onRequest', async (_request, reply) => {
      const failure: unknown = await Promise.resolve().then(() => applyCors(reply)).then(() => 'none', (error: unknown) => error)
      reply.hijack().raw.end(String(failure instanceof Error))
    })
    const answer = await app.inject({ url: '/', headers: { origin: page } })
    t.equal(answer.body, 'true')
    t.strictSame(corsHeaders(answer), { vary: 'Origin' })
  })
}
