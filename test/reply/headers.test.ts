import Fastify, { type FastifyReply } from 'fastify'
import t from 'tap'
import { fastifysReplies, headersOf } from '../../lib/reply/methods.js'

t.test('the search for a reply\'s headers finds them, and leaves no trace', async t => {
  const app = Fastify()
  app.get('/', async (_request, reply) => {
    reply.header('x-before', 'a')
    const headers = headersOf(reply, fastifysReplies(reply, undefined))
    t.equal(headers['x-before'], 'a')
    headers['x-set'] = 'b'
    t.equal(reply.getHeader('x-set'), 'b')
    t.strictSame(Object.keys(reply.getHeaders()), ['x-before', 'x-set'])
    return null
  })
  t.match((await app.inject('/')).headers, { 'x-before': 'a', 'x-set': 'b' })
})

t.test('if headers are kept in an unknown way, Fastify\'s methods set them', async t => {
  const kept = new Map<string, unknown>()
  const methods = {
    header: (field: string, value: unknown) => kept.set(field, value),
    removeHeader: (field: string) => kept.delete(field),
    hijack () {}
  }
  const own = { [Symbol('other')]: {}, [Symbol('none')]: null, getHeader: (field: string) => kept.get(field) }
  const reply = Object.assign(Object.create(methods), own) as FastifyReply
  const headers = headersOf(reply, fastifysReplies(reply, undefined))
  t.equal(headers.vary, undefined)
  headers.vary = 'Origin'
  t.equal(headers.vary, 'Origin')
  t.strictSame([...kept], [['vary', 'Origin']])
})
