import awsLambdaFastify, { type LambdaResponse } from '@fastify/aws-lambda'
import Fastify from 'fastify'
import t from 'tap'
import { checkCors } from '../../lib/browser/index.js'
import corsPlugin from '../../lib/index.js'
import { page, stranger } from '../helpers.js'

/** The events of the two formats of API Gateway, and of a load balancer. */
const formats = {
  'API Gateway, format 1.0': (method: string, path: string, headers: Record<string, string>) => ({
    httpMethod: method, path, headers, multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])), requestContext: {}
  }),
  'API Gateway, format 2.0': (method: string, path: string, headers: Record<string, string>) => ({
    version: '2.0', rawPath: path, rawQueryString: '', headers, requestContext: { http: { method, path } }
  }),
  'a load balancer': (method: string, path: string, headers: Record<string, string>) => ({
    httpMethod: method, path, headers, requestContext: { elb: {} }
  })
}

for (const [format, eventOf] of Object.entries(formats)) {
  t.test(format, async t => {
    const app = Fastify()
    app.register(corsPlugin, { origin: page, methods: ['PUT'], credentials: true })
    app.put('/users/:id', async (_request, reply) => {
      reply.header('set-cookie', ['a=1', 'b=2']).header('vary', 'Accept')
      return 'changed'
    })
    app.put('/broken', async () => { throw Object.assign(new Error('on purpose'), { statusCode: 409 }) })
    const handler = awsLambdaFastify<object>(app)
    const calls = async (origin: string, path: string) => {
      const answers: LambdaResponse[] = []
      const { allowed } = await checkCors({ origin, url: `https://api.example${path}`, method: 'PUT', credentials: 'include' }, async ({ method, headers }) => {
        const answer = await handler(eventOf(method, path, { host: 'api.example', ...headers }), {})
        answers.push(answer)
        return { status: answer.statusCode, headers: answer.headers }
      })
      return { allowed, statuses: answers.map(({ statusCode }) => statusCode), body: answers.at(-1)?.body, headers: answers.at(-1)?.headers }
    }
    t.match(await calls(page, '/users/1'), {
      allowed: true, statuses: [204, 200], body: 'changed', headers: { 'access-control-allow-origin': page, vary: /^Origin, Accept$/ }
    })
    t.match(await calls(page, '/broken'), { allowed: true, statuses: [204, 409], body: /on purpose/ })
    t.match(await calls(page, '/nowhere'), { allowed: true, statuses: [204, 404] })
    t.match(await calls(stranger, '/users/1'), { allowed: false, statuses: [403] })
  })
}
