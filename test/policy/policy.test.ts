import t from 'tap'
import type { CorsOptions } from '../../lib/index.js'
import { compile } from '../../lib/policy/policy.js'

const page = 'https://page.example'

t.test('a policy can\'t be changed', t => {
  const policy = compile({ origin: page })
  t.ok(Object.isFrozen(policy))
  t.ok(Object.isFrozen(policy.preflights))
  t.end()
})

t.test('header values are ready to be sent', t => {
  const { exposeHeaders, preflights } = compile({ origin: page, exposedHeaders: ['X-A', 'x-a', 'x-b'], methods: 'put, delete', allowedHeaders: 'X-C,x-c', maxAge: 0, cacheControl: 7 })
  t.equal(exposeHeaders?.toLowerCase(), 'x-a, x-b')
  t.equal(preflights.allowMethods, 'PUT, DELETE')
  t.equal(preflights.allowHeaders?.toLowerCase(), 'x-c')
  t.equal(preflights.maxAge, '0')
  t.equal(preflights.cacheControl, 'max-age=7')
  t.end()
})

t.test('origins that may call', t => {
  const matches = (origin: CorsOptions['origin'], asked: string, more: Partial<CorsOptions> = {}): boolean => compile({ origin, ...more }).origins.match(asked)
  t.ok(matches('*', 'anything'))
  t.ok(matches(['https://a.example', '*'], 'anything'))
  t.ok(matches(true, page))
  t.notOk(matches(true, 'null'))
  t.ok(matches(true, 'null', { dangerouslyAllow: ['null-origin'] }))
  t.notOk(matches(false, page))
  t.notOk(matches(false, 'false'))
  t.ok(matches(['https://a.example', 'https://*.b.example', /^https:\/\/c\.example$/], 'https://c.example'))
  t.ok(matches(['https://a.example', 'https://*.b.example'], 'https://x.b.example'))
  t.ok(matches('http://localhost:*', 'http://localhost:5173'))
  const ask = (): boolean => true
  t.equal(compile({ origin: ask }).origins.ask, ask)
  t.equal(compile({ origin: false }).enabled, false)
  t.equal(compile({ origin: page }).enabled, true)
  t.end()
})

t.test('* is sent only without credentials', t => {
  t.equal(compile({ origin: '*' }).allowsAnyone, true)
  t.equal(compile({ origin: true }).allowsAnyone, false)
  t.equal(compile({ origin: '*', credentials: true }).allowsAnyone, false)
  t.end()
})

t.test('the plugin, the application, or both answer preflights', t => {
  const answeredBy = (more: Partial<CorsOptions>) => compile({ origin: page, ...more }).preflights.answeredBy
  t.equal(answeredBy({}), 'plugin')
  t.equal(answeredBy({ preflight: false }), 'application')
  t.equal(answeredBy({ preflightContinue: true }), 'application-with-headers')
  t.equal(answeredBy({ preflight: false, preflightContinue: true }), 'application')
  t.end()
})
