import Fastify from 'fastify'
import { inspect } from 'node:util'
import t from 'tap'
import corsPlugin from '../../lib/index.js'
import { CorsConfigError } from '../../lib/options/issue.js'
import { parseCorsOptions } from '../../lib/options/parse.js'

t.test('the error is one that programs and Fastify can handle', async t => {
  const error = new CorsConfigError([{ code: 'origin-missing', path: '/origin', value: undefined, message: 'a', fix: null }])
  t.ok(error instanceof Error)
  t.equal(error.name, 'CorsConfigError')
  t.equal(error.code, 'FST_CORS_INVALID_OPTIONS')
  t.equal(error.statusCode, 500)
  t.equal(error.message, 'The CORS options have a problem:\n  /origin: a.')
})

t.test('what Node prints of it ends with the message and the stack, however much is wrong', async t => {
  const error = t.throws(() => parseCorsOptions({ origin: new Array(400).fill('example.com') })) as CorsConfigError
  t.equal(error.issues.length, 400)
  t.ok(inspect(error).split('\n').length < 60)
  t.notMatch(inspect(error), 'issues')
})

t.test('of several registrations, the message names the prefix of the one', async t => {
  const app = Fastify()
  app.register(corsPlugin, { origin: 'https://a.example' })
  app.register(async inner => { inner.register(corsPlugin, { origin: 'http://b/' }) }, { prefix: '/b' })
  await t.rejects(async () => await app.ready(), { code: 'FST_CORS_INVALID_OPTIONS', message: /^The CORS options under \/b have a problem:\n/ })
})

t.test('the message has the place, the problem and the fix of each', async t => {
  t.throws(() => parseCorsOptions({ origin: ['https://a.example', 'example.com'], credentials: 'yes' }), {
    message: 'The CORS options have 2 problems:\n' +
      '  /origin/1: \'example.com\' has no scheme. Fix: \'https://example.com\'\n' +
      '  /credentials: credentials must be true or false, not \'yes\'. Fix: true'
  })
})

t.test('the message lists only the first problems, the issues all of them', async t => {
  const error = t.throws(() => parseCorsOptions({ origin: Array.from({ length: 50 }, () => 'a.example') })) as CorsConfigError
  t.equal(error.issues.length, 50)
  t.equal(error.message.split('\n').length, 22)
  t.match(error.message, /… and 30 more$/)
})

t.test('a report ends after 1,000 problems, and says so', async t => {
  for (const options of [{ origin: new Array(20_000).fill('a.example') }, { origin: '*', methods: new Array(20_000).fill('m 1'), exposedHeaders: new Array(20_000).fill(5) }, Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`x${index}`, 1]))]) {
    const error = t.throws(() => parseCorsOptions(options)) as CorsConfigError
    t.equal(error.issues.length, 1000)
    t.match(error.message, /^The CORS options have at least 1000 problems:\n/)
    t.match(error.message, /… and more: this report ends after 1000 problems$/)
  }
  t.throws(() => parseCorsOptions({ origin: new Array(999).fill('a.example') }), { message: /have 999 problems:[^]*… and 979 more$/ })
})

t.test('the message stays short and on its lines, whatever was given', async t => {
  const evil = `a\n  /credentials: fine\u0000${'b'.repeat(1_000_000)}`
  const error = t.throws(() => parseCorsOptions({ origin: evil, [evil]: evil, methods: [evil], cacheControl: evil })) as CorsConfigError
  t.equal(error.issues.length, 4)
  t.equal(error.message.split('\n').length, 5)
  t.ok(error.message.length < 3000)
  t.notOk(error.message.includes('\u0000'))
})
