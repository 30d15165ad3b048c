import t from 'tap'
import { EXPECTATIONS } from '../../lib/options/expectations.js'
import { CorsOptionsSchema } from '../../lib/options/schema.js'
import { accepts, refuses, type Expected } from './refused.js'

const origin = 'https://a.example'

t.test('there is something to say about every option', async t => {
  t.same(EXPECTATIONS.map(({ option }) => option).sort(), Object.keys(CorsOptionsSchema.properties).sort())
})

t.test('options of the right type are accepted', async t => {
  const accepted: ReadonlyArray<Record<string, unknown>> = [
    { credentials: true }, { credentials: false }, { maxAge: 0 }, { maxAge: 86400 }, { cacheControl: 0 }, { cacheControl: 600 },
    { cacheControl: 'public, max-age=600' }, { cacheControl: 'no-store' }, { optionsSuccessStatus: 200 }, { optionsSuccessStatus: 299 },
    { preflight: false }, { preflightContinue: true }, { strictPreflight: true }, { hideOptionsRoute: false }, { logLevel: 'warn' },
    { logLevel: 'a level of its own' }, { hook: 'onRequest' }, { hook: 'onSend' }, { urls: /^\/api\// }, { privateNetwork: true },
    { timingAllowOrigin: true }, { enforce: false }, { enforce: 'unsafe' }, { enforce: 'all' }, { audit: false }, { dangerouslyAllow: [] },
    { dangerouslyAllow: ['null-origin', 'unchecked-regexps'] }, { delegator: async () => ({}) },
    { maxAge: undefined, credentials: undefined, hook: undefined, urls: undefined, delegator: undefined, nonsense: undefined }
  ]
  for (const options of accepted) accepts(t, { origin, ...options }, JSON.stringify(options))
})

t.test('options of another type are refused, with what was meant', async t => {
  const refused: ReadonlyArray<[string, unknown, string | RegExp | null]> = [
    ['credentials', 'yes', 'true'], ['credentials', 'True ', 'true'], ['credentials', 1, 'true'], ['credentials', 'include', 'true'],
    ['credentials', 'same-origin', 'false'], ['credentials', null, 'false'], ['credentials', 0, 'false'], ['credentials', {}, 'true or false'],
    ['preflight', 'maybe', 'true or false'], ['audit', 'off', 'false'],
    ['maxAge', '600', '600'], ['maxAge', 1.5, '1'], ['maxAge', NaN, '600'], ['maxAge', Infinity, '86400'], ['maxAge', -Infinity, '0'], ['maxAge', '10m', '600'], ['maxAge', null, '600'],
    ['optionsSuccessStatus', '204', '204'], ['optionsSuccessStatus', 204.5, '204'], ['optionsSuccessStatus', 'OK', '204'],
    ['cacheControl', -1, /max-age=600/], ['cacheControl', 1.5, /max-age=600/], ['cacheControl', '', /max-age=600/], ['cacheControl', true, /max-age=600/],
    ['cacheControl', ' no-store\n', '\'no-store\''], ['cacheControl', 'a\r\nset-cookie: b', '\'a set-cookie: b\''], ['cacheControl', 'a\u0000', null], ['cacheControl', '日', null],
    ['logLevel', '', '\'info\''], ['logLevel', 30, '\'info\''],
    ['hook', 'onrequest', '\'onRequest\''], ['hook', 'pre-handler', '\'preHandler\''], ['hook', 'onResponse', /'onRequest', .*'onSend'/], ['hook', null, /'onRequest'/],
    ['enforce', true, '\'unsafe\' or \'all\''], ['enforce', 'All', '\'all\''], ['enforce', 'strict', '\'unsafe\' or \'all\''],
    ['dangerouslyAllow', 'null-origin', '[\'null-origin\']'], ['dangerouslyAllow', true, '[]'],
    ['methods', null, 'leave methods out'], ['allowedHeaders', null, 'leave allowedHeaders out'], ['exposedHeaders', 5, /ETag/],
    ['delegator', { origin: '*' }, /\(request\) =>/], ['urls', '/api', '/^\\/api\\//'], ['urls', ['/api'], '/^\\/api\\//']
  ]
  for (const [option, value, fix] of refused) {
    refuses(t, { origin, [option]: value }, [['invalid-type', `/${option}`, fix]], `${option}: ${String(value)}`)
  }
  refuses(t, { origin, dangerouslyAllow: ['null-origin', 'insecureOrigins', 'everything'] }, [
    ['invalid-type', '/dangerouslyAllow/1', '\'insecure-origins\''], ['invalid-type', '/dangerouslyAllow/2', null]
  ], 'exceptions that there are not')
})

t.test('a delegator is called with the request alone', async t => {
  const callback = (_request: unknown, done: (error: null, options: object) => void): void => { done(null, { origin }) }
  refuses(t, { delegator: callback }, [['callback-function', '/delegator', null]], 'one that takes a callback')
  accepts(t, { delegator: (request: unknown, ...others: unknown[]) => ({ origin, request, others }) }, 'one that would take more')
  for (const value of ['many', {}]) accepts(t, { delegator: Object.defineProperty(() => ({ origin }), 'length', { value }) }, 'one of any other length')
  refuses(t, callback, [['invalid-type', '', '{ delegator: request => ({ origin: \'https://app.example.com\' }) }']], 'one in place of the options')
})

t.test('numbers have to be in their range', async t => {
  const refused: ReadonlyArray<[string, number, Expected[0], string]> = [
    ['maxAge', -1, 'max-age-out-of-range', '0'], ['maxAge', 86401, 'max-age-out-of-range', '86400'], ['maxAge', 31536000, 'max-age-out-of-range', '86400'],
    ['optionsSuccessStatus', 199, 'status-out-of-range', '200'], ['optionsSuccessStatus', 300, 'status-out-of-range', '299'], ['optionsSuccessStatus', 404, 'status-out-of-range', '299']
  ]
  for (const [option, value, code, fix] of refused) refuses(t, { origin, [option]: value }, [[code, `/${option}`, fix]], `${option}: ${value}`)
})

t.test('the expression for paths has to be fast and without state, but not anchored', async t => {
  refuses(t, { origin, urls: /^\/api\//g }, [['urls-regexp-flags', '/urls', '/^\\/api\\//']], 'a flag')
  refuses(t, { origin, urls: /^(?:[a-z]+)+$/ }, [['urls-regexp-slow', '/urls', /./]], 'a slow one')
  accepts(t, { origin, urls: /^(?:[a-z]+)+$/, dangerouslyAllow: ['unchecked-regexps'] }, 'a slow one, unchecked,')
  refuses(t, { origin, urls: /a/g, dangerouslyAllow: ['unchecked-regexps'] }, [['urls-regexp-flags', '/urls', '/a/']], 'a flag, unchecked,')
  accepts(t, { origin, urls: /api/ }, 'one that is not anchored')
})

t.test('options have to be an object', async t => {
  for (const options of ['https://a.example', ['https://a.example'], null, 5, true, () => ({ origin }), Symbol('a'), 1n]) {
    refuses(t, options, [['invalid-type', '', /\{ origin: /]], String(options))
  }
})

t.test('a wrong option hides nothing that is wrong with the others', async t => {
  refuses(t, { methods: 5, origin: ['*', 5], credentials: true, orgin: 1, maxAge: '1', allowedHeaders: ['Cookie'], dangerouslyAllow: 1, exposedHeaders: '*', enforce: 'all', urls: 1 }, [
    ['invalid-type', '/methods', /./],
    ['origin-any-with-credentials', '/origin/0', /./],
    ['invalid-type', '/origin/1', null],
    ['unknown-option', '/orgin', 'origin'],
    ['invalid-type', '/maxAge', '1'],
    ['header-forbidden', '/allowedHeaders/0', /./],
    ['invalid-type', '/dangerouslyAllow', '[]'],
    ['exposed-any-with-credentials', '/exposedHeaders', /./],
    ['enforce-any-origin', '/enforce', /./],
    ['invalid-type', '/urls', /./]
  ], 'everything')
})
