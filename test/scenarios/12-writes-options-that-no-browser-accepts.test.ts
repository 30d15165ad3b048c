import Fastify from 'fastify'
import t from 'tap'
import corsPlugin, { CorsConfigError } from '../../lib/index.js'

t.test('it does not boot, and every problem is told at once, with what to write instead', async t => {
  const app = Fastify()
  const options: object = { origin: '*', credentials: true, methods: ['nonsense method'], exposedHeaders: '*', maxAge: -5, orgin: 1 }
  app.register(corsPlugin, options)
  const error: unknown = await app.ready().then(() => null, (error: unknown) => error)
  t.ok(error instanceof CorsConfigError)
  if (!(error instanceof CorsConfigError)) return
  t.equal(error.code, 'FST_CORS_INVALID_OPTIONS')
  t.strictSame(error.issues.map(({ code, path }) => `${path} ${code}`).sort(), [
    '/exposedHeaders exposed-any-with-credentials',
    '/maxAge max-age-out-of-range',
    '/methods/0 method-invalid',
    '/orgin unknown-option',
    '/origin origin-any-with-credentials'
  ])
  for (const { path, message, fix } of error.issues) {
    t.ok(message.length > 0, path)
    t.ok(fix === null || fix.length > 0, path)
  }
  // Renamed, it would be a second origin, and no origin at all: the message names what was meant, and no fix is promised.
  t.match(error.issues.find(({ path }) => path === '/orgin'), { message: /Did you mean 'origin'\?/, fix: null })
})
