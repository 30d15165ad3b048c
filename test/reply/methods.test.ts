import Fastify, { type FastifyReply } from 'fastify'
import t, { type Test } from 'tap'
import corsPlugin from '../../lib/index.js'
import { corsHeaders, page, preflight, stranger } from '../helpers.js'
import { loggedApp } from '../logged.js'

const METHODS = ['header', 'removeHeader', 'hijack'] as const

/** What every reply of Fastify inherits its methods from; here they are moved, as a Fastify to come may do. */
async function fastifys (): Promise<{ prototype: object }> {
  const app = Fastify()
  let prototype: object = {}
  app.get('/', async (_request, reply) => {
    prototype = reply
    while (!Object.hasOwn(prototype, 'header')) prototype = Reflect.getPrototypeOf(prototype) ?? {}
    return 'x'
  })
  await app.inject('/')
  // Not the prototype alone: replies are thenable.
  return { prototype }
}

/** Until the end of a test, takes methods from a prototype; returns them. */
function takeAway (t: Test, prototype: object, names: readonly string[]): PropertyDescriptorMap {
  const taken = Object.fromEntries(names.map(name => [name, { ...Object.getOwnPropertyDescriptor(prototype, name), configurable: true }]))
  for (const name of names) Reflect.deleteProperty(prototype, name)
  t.teardown(() => { Object.defineProperties(prototype, taken) })
  return taken
}

function application (): ReturnType<typeof loggedApp> {
  const logged = loggedApp()
  logged.app.register(corsPlugin, { origin: page, methods: ['PUT'] })
  logged.app.get('/', async (_request, reply) => reply.header('x-a', 'a').header('access-control-allow-credentials', 'true').send({ json: true }))
  logged.app.get('/cookies', async (_request, reply) => reply.header('set-cookie', 'a=1').header('set-cookie', ['b=2', 'c=3']).header('set-cookie', 4)
    .header('x-gone', 'x').removeHeader('x-gone').header('x-empty', undefined).send('x'))
  logged.app.get('/raw', (_request, reply: FastifyReply) => { reply.hijack().raw.setHeader('access-control-allow-origin', '*').end('x') })
  return logged
}

for (const moved of [...METHODS.map(name => [name]), METHODS]) {
  t.test(`a Fastify that keeps ${moved.join(', ')} on a prototype of its own is served as ever`, async t => {
    const { prototype } = await fastifys()
    const methods = takeAway(t, prototype, moved)
    const beyond = Reflect.getPrototypeOf(prototype)
    Reflect.setPrototypeOf(prototype, Object.create(beyond, methods))
    t.teardown(() => { Reflect.setPrototypeOf(prototype, beyond) })
    const { app, lines } = application()
    for (const url of ['/', '/raw']) {
      t.strictSame(corsHeaders(await app.inject({ url, headers: { origin: page } })), { vary: 'Origin', 'access-control-allow-origin': page })
      t.strictSame(corsHeaders(await app.inject({ url, headers: { origin: stranger } })), { vary: 'Origin' })
    }
    t.strictSame(lines('error'), [])
  })
}

for (const missing of [...METHODS.map(name => [name]), METHODS]) {
  t.test(`a Fastify without ${missing.join(', ')} is served without CORS headers, and the log says so once`, async t => {
    takeAway(t, (await fastifys()).prototype, missing)
    const { app, lines } = application()
    for (const origin of [page, stranger]) {
      const answered = await app.inject({ url: '/', headers: { origin } })
      t.match(answered, { statusCode: 200, body: '{"json":true}', headers: { 'x-a': 'a' } })
      t.strictSame(corsHeaders(answered), { vary: 'Origin' })
      const asked = await preflight(app, { origin })
      t.match(String(asked.headers.vary), /^Origin/)
      t.notOk(Object.keys(asked.headers).some(name => name.startsWith('access-control')))
    }
    const answered = await app.inject('/cookies')
    t.strictSame(answered.headers['set-cookie'], ['a=1', 'b=2', 'c=3', '4'])
    t.equal(answered.headers['x-empty'], '')
    t.notOk('x-gone' in answered.headers)
    const raw = await app.inject({ url: '/raw', headers: { origin: page } })
    t.notOk('access-control-allow-origin' in raw.headers)
    t.equal(raw.statusCode, missing.includes('hijack') ? 500 : 200)
    t.equal(lines('error').filter(line => /no answer carries CORS headers/.test(line)).length, 1)
  })
}
