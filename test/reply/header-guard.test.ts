import Fastify, { type FastifyReply } from 'fastify'
import t from 'tap'
import corsPlugin from '../../lib/index.js'
import { corsHeaders, createApp, page } from '../helpers.js'

t.test('other headers are set and removed as usual', async t => {
  const app = createApp({ origin: page })
  app.get('/', async (_request, reply) => {
    reply.header('X-A', 'a').header('set-cookie', 'a=1').header('set-cookie', ['b=2', 'c=3']).header('x-number', 5).header('x-gone', 'x').removeHeader('X-Gone')
    t.equal(reply.getHeader('x-a'), 'a')
    return reply.send('x')
  })
  const { headers } = await app.inject({ url: '/', headers: { origin: page } })
  t.equal(headers['x-a'], 'a')
  t.equal(String(headers['x-number']), '5')
  t.strictSame(headers['set-cookie'], ['a=1', 'b=2', 'c=3'])
  t.notOk('x-gone' in headers)
})

t.test('header() without a value is an empty one, and both methods chain', async t => {
  const app = createApp({ origin: page })
  app.get('/', async (_request, reply) => reply.header('x-empty', undefined).header('access-control-allow-origin', '*').removeHeader('vary').header('x-b', 'b').send('x'))
  const response = await app.inject({ url: '/', headers: { origin: page } })
  t.equal(response.headers['x-empty'], '')
  t.equal(response.headers['x-b'], 'b')
  t.strictSame(corsHeaders(response), { vary: 'Origin', 'access-control-allow-origin': page })
})

t.test('before the decision, and outside of any registration, nothing is dropped', async t => {
  const app = Fastify()
  const set = async (_request: unknown, reply: FastifyReply): Promise<void> => { reply.header('access-control-allow-origin', '*').header('vary', 'a').header('vary', 'b') }
  app.get('/outside', { onRequest: set }, async () => 'x')
  app.register(async context => {
    context.addHook('onRequest', async (_request, reply) => { reply.header('access-control-allow-origin', '*').removeHeader('access-control-allow-origin') })
    context.register(corsPlugin, { origin: page })
    context.get('/inside', async () => 'x')
  })
  t.strictSame(corsHeaders(await app.inject('/outside')), { 'access-control-allow-origin': '*', vary: 'b' })
  t.strictSame(corsHeaders(await app.inject('/inside')), { vary: 'Origin' })
})

t.test('a context made before the first registration is covered too', async t => {
  const app = Fastify()
  app.register(async context => {
    context.get('/', async (_request, reply) => reply.header('access-control-allow-origin', '*').send('x'))
  })
  app.register(corsPlugin, { origin: page })
  t.strictSame(corsHeaders(await app.inject('/')), { vary: 'Origin' })
})

t.test('a context that decorates its replies with one of these methods is answered first, and like all others', async t => {
  const app = createApp({ origin: page })
  app.register(async context => {
    context.decorateReply('removeHeader', function () { return this })
    context.get('/own', async () => 'x')
  })
  app.get('/', async () => 'x')
  for (const url of ['/own', '/']) {
    const response = await app.inject({ url, headers: { origin: page } })
    t.equal(response.statusCode, 200, url)
    t.strictSame(corsHeaders(response), { vary: 'Origin', 'access-control-allow-origin': page }, url)
  }
})
