import t from 'tap'
import { corsHeaders, createApp, page, preflight, stranger } from '../helpers.js'

t.test('403, no CORS header, and a short JSON body for the person who looks', async t => {
  const asked = await preflight(createApp({ origin: page, credentials: true, methods: ['PUT'], maxAge: 5, allowedHeaders: ['x-a'], cacheControl: 60 }), { origin: stranger, headers: 'x-a' })
  t.equal(asked.statusCode, 403)
  t.strictSame(corsHeaders(asked), { vary: 'Origin' })
  t.match(asked.headers['content-type'], /^application\/json/)
  const body: unknown = asked.json()
  t.match(body, { statusCode: 403, code: 'FST_CORS_ORIGIN_NOT_ALLOWED', error: 'Forbidden', message: String })
  t.strictSame(Object.keys(Object(body)).sort(), ['code', 'error', 'message', 'statusCode'])
  t.match(asked.json<{ message: string }>().message, stranger)
})

t.test('the message repeats no more of the request than the origin, escaped', async t => {
  const asked = await preflight(createApp({ origin: page }), {
    origin: '"><script>\u00e9\t', method: 'SECRET-METHOD', headers: 'x-secret', url: '/secret?token=secret', more: { cookie: 'secret=1', authorization: 'secret' }
  })
  t.equal(asked.statusCode, 403)
  t.notMatch(asked.body, /secret/i)
  t.match(asked.json<{ message: string }>().message, '\\"><script>', 'the quote is escaped')
  t.equal(asked.json<{ message: string }>().message.includes('\t'), false)
})

t.test('a long origin is cut', async t => {
  const asked = await preflight(createApp({ origin: page }), { origin: `https://${'a'.repeat(8000)}.example` })
  t.equal(asked.statusCode, 403)
  t.ok(asked.body.length < 1000)
})

t.test('null, file:// and malformed origins are refused alike', async t => {
  for (const origin of ['null', 'file://', '', 'nonsense', `${page}/`, `${page}, ${page}`, `${page}:443`]) {
    const asked = await preflight(createApp({ origin: page, methods: ['PUT'] }), { origin })
    t.equal(asked.statusCode, 403, origin)
    t.notOk('access-control-allow-origin' in asked.headers)
  }
})

t.test('the application\'s error handler has no part in it', async t => {
  const app = createApp({ origin: page })
  app.setErrorHandler(() => { throw new Error('not to be called') })
  t.equal((await preflight(app, { origin: stranger })).statusCode, 403)
})
