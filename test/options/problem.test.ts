import Fastify, { type FastifyInstance } from 'fastify'
import t from 'tap'
import corsPlugin, { CorsConfigError, CorsPolicySchema, parseCorsOptions, toProblem } from '../../lib/index.js'
import { page, stranger } from '../helpers.js'

/** An application whose policy can be put by a route. */
function adminApp (): FastifyInstance {
  const app = Fastify()
  app.register(corsPlugin, { origin: page, audit: false })
  app.put('/policy', {
    schema: { body: CorsPolicySchema },
    validatorCompiler: () => value => {
      try {
        return { value: parseCorsOptions(value) }
      } catch (error) {
        return { error: error as Error }
      }
    },
    errorHandler (error, _request, reply) {
      if (!(error instanceof CorsConfigError)) throw error
      const problem = toProblem(error)
      return reply.code(problem.status).type('application/problem+json').send(problem)
    }
  }, async request => {
    app.cors.reconfigure(request.body as object)
    return app.cors.describe()
  })
  app.get('/', async () => 'x')
  return app
}

const put = (app: FastifyInstance, body: unknown) => app.inject({ method: 'PUT', url: '/policy', payload: JSON.stringify(body), headers: { 'content-type': 'application/json' } })

t.test('a policy that is sent to a route is put in force', async t => {
  const app = adminApp()
  const { statusCode } = await put(app, { origin: [stranger], credentials: true })
  t.equal(statusCode, 200)
  const { headers } = await app.inject({ url: '/', headers: { origin: stranger } })
  t.equal(headers['access-control-allow-origin'], stranger)
})

t.test('a policy that can\'t work is a 400 with every problem, drops and coerces nothing, and changes nothing', async t => {
  const app = adminApp()
  const answered = await put(app, { origin: ['https://app.example/'], credentials: 'true', maxAge: '600', orgin: 1 })
  t.equal(answered.statusCode, 400)
  t.match(answered.headers['content-type'], /^application\/problem\+json/)
  t.match(answered.json(), {
    type: 'about:blank',
    title: 'Bad Request',
    status: 400,
    detail: /4 problems/,
    code: 'FST_CORS_INVALID_OPTIONS',
    issues: [
      { code: 'origin-invalid', path: '/origin/0', value: 'https://app.example/', message: String, fix: '\'https://app.example\'' },
      { code: 'invalid-type', path: '/credentials', value: 'true' },
      { code: 'invalid-type', path: '/maxAge', value: '600' },
      { code: 'unknown-option', path: '/orgin', value: 1, message: /Did you mean 'origin'/, fix: null }
    ]
  })
  const { headers } = await app.inject({ url: '/', headers: { origin: page } })
  t.equal(headers['access-control-allow-origin'], page)
})

t.test('what is fixed at boot is a 400, too', async t => {
  const answered = await put(adminApp(), { origin: page, hook: 'onSend' })
  t.equal(answered.statusCode, 400)
  t.match(answered.json(), { issues: [{ code: 'fixed-at-boot', path: '/hook' }] })
})

t.test('values that are no JSON are described', async t => {
  const cyclic: Record<string, unknown> = {}
  cyclic['self'] = cyclic
  const values = [[/example/, '/example/'], [() => true, 'a function'], [Symbol('x'), 'a symbol'], [undefined, null], [1n, 'a bigint'], [cyclic, 'an object'], [['a'], ['a']]]
  const issue = { code: 'invalid-type', path: '', message: 'wrong', fix: null } as const
  const { issues } = toProblem(new CorsConfigError(values.map(([value]) => ({ ...issue, value }))))
  t.strictSame(issues.map(({ value }) => value), values.map(([, written]) => written))
})
