import t from 'tap'
import { parseCorsOptions } from '../../lib/options/parse.js'
import { accepts, issuesOf, refuses, type Expected } from './refused.js'

const origin = 'https://a.example'

t.test('options of the right type are accepted', async t => {
  const accepted: ReadonlyArray<Record<string, unknown>> = [
    { credentials: true }, { credentials: false }, { maxAge: 0 }, { maxAge: 86400 }, { cacheControl: 0 }, { cacheControl: 600 },
    { cacheControl: 'public, max-age=600' }, { cacheControl: 'no-store' }, { cacheControl: 'private="a, b" ,\tmax-age=5' }, { optionsSuccessStatus: 200 }, { optionsSuccessStatus: 299 },
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
    ['credentials', 'same-origin', 'false'], ['credentials', null, 'leave it out'], ['credentials', 0, 'false'], ['credentials', {}, null],
    ['preflight', 'maybe', null], ['preflight', null, 'leave it out'], ['audit', 'off', 'false'],
    ['maxAge', '600', '600'], ['maxAge', 1.5, '1'], ['maxAge', NaN, null], ['maxAge', Infinity, '86400'], ['maxAge', -Infinity, '0'], ['maxAge', '10m', null], ['maxAge', null, 'leave it out'],
    ['optionsSuccessStatus', '204', '204'], ['optionsSuccessStatus', 204.5, '204'], ['optionsSuccessStatus', 'OK', null],
    ['cacheControl', -1, null], ['cacheControl', 1.5, null], ['cacheControl', '', null], ['cacheControl', true, null],
    ['cacheControl', ' no-store\n', '\'no-store\''], ['cacheControl', 'a\r\nset-cookie: b', null], ['cacheControl', '600', '600'], ['cacheControl', 'no-store;max-age = 5', '\'no-store, max-age=5\''],
    ['cacheControl', 'Cache-Control: public, max-age=5', '\'public, max-age=5\''], ['cacheControl', 'public max-age=5', null], ['cacheControl', 'no-store,', null], ['cacheControl', 'private="a', null], ['cacheControl', 'a\u0000', null], ['cacheControl', '日', null],
    ['logLevel', '', null], ['logLevel', 30, null],
    ['hook', 'onrequest', '\'onRequest\''], ['hook', 'pre-handler', '\'preHandler\''], ['hook', 'onResponse', null], ['hook', 5, null], ['hook', null, 'leave it out'],
    ['enforce', true, null], ['enforce', 'All', '\'all\''], ['enforce', 'strict', null],
    ['dangerouslyAllow', 'null-origin', '[\'null-origin\']'], ['dangerouslyAllow', true, null],
    ['methods', null, 'leave it out'], ['allowedHeaders', null, 'leave it out'], ['exposedHeaders', 5, null], ['methods', true, '\'*\''],
    ['delegator', { origin: '*' }, null], ['delegator', null, null], ['urls', '/api/v1', '/^\\/api\\/v1(?:\\/|$)/'], ['urls', '^/api', null], ['urls', ['/api'], null],
    ['urls', { source: '/api', flags: '', exec: () => null }, null]
  ]
  for (const [option, value, fix] of refused) {
    refuses(t, { origin, [option]: value }, [['invalid-type', `/${option}`, fix]], `${option}: ${String(value)}`)
  }
  refuses(t, { origin, dangerouslyAllow: ['null-origin', 'insecureOrigins', 'everything'] }, [
    ['invalid-type', '/dangerouslyAllow/1', '\'insecure-origins\''], ['invalid-type', '/dangerouslyAllow/2', null]
  ], 'exceptions that there are not')
})

t.test('a message says what an option must be, and gives an example where nothing better is known', async t => {
  const messages: ReadonlyArray<[object, string]> = [
    [{ credentials: 'yes' }, 'credentials must be true or false, not \'yes\''],
    [{ maxAge: '10m' }, 'maxAge must be a whole number of seconds from 0 to 86400, a day, not \'10m\'; for example 600'],
    [{ hook: 'onResponse' }, 'hook must be one of \'onRequest\', \'preParsing\', \'preValidation\', \'preHandler\', \'preSerialization\', \'onSend\', not \'onResponse\''],
    [{ enforce: true }, 'enforce must be false, \'unsafe\' or \'all\', not true'],
    [{ urls: ['/api'] }, 'urls must be a regular expression, not a list; for example /^\\/api\\//'],
    [{ orgin: 1 }, 'unknown option \'orgin\'. Did you mean \'origin\'?'],
    [{ nonsense: 1 }, 'unknown option \'nonsense\', and none has a name like it: leave it out, or look in docs/options.md for what is meant']
  ]
  for (const [options, message] of messages) t.equal(issuesOf(() => parseCorsOptions({ origin, ...options }))[0]?.message, message)
})

t.test('null says nothing, and who may call must be said', async t => {
  for (const option of ['methods', 'credentials', 'maxAge', 'cacheControl', 'optionsSuccessStatus', 'preflight', 'enforce', 'dangerouslyAllow', 'logLevel', 'hook', 'audit', 'urls']) {
    refuses(t, { origin, [option]: null }, [['invalid-type', `/${option}`, 'leave it out']], option)
  }
  refuses(t, { origin: null }, [['invalid-type', '/origin', null]], 'origin')
  t.match(issuesOf(() => parseCorsOptions({ origin: null }))[0]?.message, /^origin must be .*, not null; for example .*false to switch CORS off$/)
})

t.test('what is left of entries that were not given is left out', async t => {
  refuses(t, { origin: [undefined, origin, false, null, true, 5] }, [
    ['invalid-type', '/origin/0', 'leave it out'], ['invalid-type', '/origin/2', 'leave it out'], ['invalid-type', '/origin/3', 'leave it out'],
    ['invalid-type', '/origin/4', null], ['invalid-type', '/origin/5', null]
  ], 'a list of origins')
  refuses(t, { origin: [undefined] }, [['invalid-type', '/origin/0', null]], 'nothing else')
  refuses(t, { origin: [true] }, [['invalid-type', '/origin/0', null]], 'true in a list')
  refuses(t, { origin, methods: ['PUT', undefined] }, [['invalid-type', '/methods/1', 'leave it out']], 'a list of methods')
  const [unset, alone] = issuesOf(() => parseCorsOptions({ origin: [undefined, true] }))
  t.match(unset?.message, /environment variable.*\.filter\(Boolean\)/)
  t.match(alone?.message, /origin: true$/)
})

t.test('a delegator is called with the request alone', async t => {
  const callback = (_request: unknown, done: (error: null, options: object) => void): void => { done(null, { origin }) }
  refuses(t, { delegator: callback }, [['callback-function', '/delegator', null]], 'one that takes a callback')
  accepts(t, { delegator: (request: unknown, ...others: unknown[]) => ({ origin, request, others }) }, 'one that would take more')
  t.match(issuesOf(() => parseCorsOptions(callback)), [{ code: 'invalid-type', path: '', message: '{ delegator: request => ({ origin: \'https://app.example.com\' }) }', fix: null }], 'one in place of the options')
})

t.test('numbers have to be in their range', async t => {
  const refused: ReadonlyArray<[string, number, Expected[0], string]> = [
    ['maxAge', -1, 'max-age-out-of-range', '0'], ['maxAge', 86401, 'max-age-out-of-range', '86400'], ['maxAge', 31536000, 'max-age-out-of-range', '86400'],
    ['optionsSuccessStatus', 199, 'status-out-of-range', '204'], ['optionsSuccessStatus', 300, 'status-out-of-range', '204'], ['optionsSuccessStatus', 404, 'status-out-of-range', '204']
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
    t.match(issuesOf(() => parseCorsOptions(options)), [{ code: 'invalid-type', path: '', message: '{ origin: \'https://app.example.com\' }', fix: null }], String(options))
  }
})

t.test('a wrong option hides nothing that is wrong with the others', async t => {
  refuses(t, { methods: 5, origin: ['*', 5], credentials: true, orgin: 1, maxAge: '1', allowedHeaders: ['Cookie'], dangerouslyAllow: 1, exposedHeaders: '*', enforce: 'all', urls: 1 }, [
    ['invalid-type', '/methods', null],
    ['origin-any-with-credentials', '/origin/0', /./],
    ['invalid-type', '/origin/1', null],
    ['unknown-option', '/orgin', null],
    ['invalid-type', '/maxAge', '1'],
    ['header-forbidden', '/allowedHeaders/0', /./],
    ['invalid-type', '/dangerouslyAllow', null],
    ['exposed-any-with-credentials', '/exposedHeaders', null],
    ['enforce-any-origin', '/enforce', null],
    ['invalid-type', '/urls', null]
  ], 'everything')
})
