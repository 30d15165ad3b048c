import t from 'tap'
import { parseCorsOptions } from '../../../lib/options/parse.js'
import { accepts, issuesOf, refuses } from '../refused.js'

const credentials = true

t.test('any origin and credentials exclude each other', async t => {
  for (const [origin, path] of [['*', '/origin'], [true, '/origin'], [['https://a.example', '*'], '/origin/1']]) {
    refuses(t, { origin, credentials }, [['origin-any-with-credentials', String(path), origin === true ? null : 'credentials: false']], String(origin))
    accepts(t, { origin, credentials, dangerouslyAllow: ['any-origin-with-credentials'] }, `${String(origin)} with the exception`)
    accepts(t, { origin }, `${String(origin)} without credentials`)
  }
  refuses(t, { origin: '*', credentials, dangerouslyAllow: ['null-origin', 'insecure-origins', 'public-suffixes', 'unchecked-regexps'] }, [
    ['origin-any-with-credentials', '/origin', /./]
  ], 'any origin with every other exception')
})

t.test('credentials are for encrypted origins, and the machine itself', async t => {
  const refused: ReadonlyArray<[string | RegExp, string | null]> = [
    ['http://a.example', '\'https://a.example\''],
    ['http://a.example:3000', '\'https://a.example:3000\''],
    ['http://a.example:443', '\'https://a.example\''],
    ['http://*.a.example', '\'https://*.a.example\''],
    ['http://192.168.0.1:*', null],
    ['http://127.0.0.1.example', '\'https://127.0.0.1.example\''],
    ['http://0.0.0.0', null],
    [/^https?:\/\/a\.example$/, '/^https:\\/\\/a\\.example$/'],
    [/^http:\/\/(?:[a-z0-9-]+\.)+a\.example(?::\d+)?$/i, '/^https:\\/\\/(?:[a-z0-9-]+\\.)+a\\.example(?::\\d+)?$/i'],
    [/^(?:https|http):\/\/(?=a)a\.example:\d{4}$/, '/^https:\\/\\/(?=a)a\\.example:\\d{4}$/'],
    [/^(http):\/\/[a-c]{2}\.\w\.example$/, null]
  ]
  for (const [origin, fix] of refused) {
    refuses(t, { origin, credentials }, [['origin-insecure-with-credentials', '/origin', fix]], String(origin))
    refuses(t, { origin: ['https://a.example', origin], credentials }, [['origin-insecure-with-credentials', '/origin/1', fix]], `[${String(origin)}]`)
    accepts(t, { origin }, `${String(origin)} without credentials`)
    accepts(t, { origin, credentials, dangerouslyAllow: ['insecure-origins'] }, `${String(origin)} with the exception`)
  }
  const accepted = [
    'https://a.example', 'http://localhost:3000', 'http://app.localhost', 'http://*.localhost:*', 'http://127.0.0.1:*', 'http://127.1.2.3', 'http://[::1]:8080',
    'capacitor://localhost', 'chrome-extension://abc', /^https:\/\/a\.example$/, /^http:\/\/localhost(?::\d+)?$/, /^https?:\/\/(?:localhost|127\.0\.0\.1)$/,
    /^https:\/\/a\.example$|^http:\/\/[^\s\S]\.example$/
  ]
  for (const origin of accepted) accepts(t, { origin, credentials }, String(origin))
})

t.test('an expression that can take long is examined all the same', async t => {
  const slow = /^http:\/\/(?:[a-z]+)+\.a\.example$/
  refuses(t, { origin: slow, credentials }, [['origin-regexp-slow', '/origin', '/^https:\\/\\/[a-z]+\\.a\\.example$/']], 'a slow one')
  const unchecked = { credentials, dangerouslyAllow: ['unchecked-regexps', 'public-suffixes'] }
  refuses(t, { origin: slow, ...unchecked }, [['origin-insecure-with-credentials', '/origin', '/^https:\\/\\/(?:[a-z]+)+\\.a\\.example$/']], 'a slow one, unchecked,')
  accepts(t, { origin: /^https:\/\/(?:[a-z]+)+\.a\.example$/, ...unchecked }, 'a slow one with https')
  accepts(t, { origin: /^(?:https:\/\/(?:[a-z]+)+\.a\.example|http:\/\/localhost)$/, ...unchecked }, 'a slow one with the machine itself')
})

t.test('what can\'t be examined, unchecked as it may be, is refused unless it begins with https', async t => {
  const unchecked = { credentials, dangerouslyAllow: ['unchecked-regexps', 'public-suffixes'] }
  const long = 'a'.repeat(3000)
  const [large, reference, lookaround] = [`${'(?:[a-z]?x)?'.repeat(80)}.example$`, '(a)\\1.example$', '(?=b)a.example$']
  for (const rest of [long, large, reference, lookaround]) {
    const origin = new RegExp(`^https?://${rest}`)
    refuses(t, { origin, ...unchecked }, [['origin-insecure-with-credentials', '/origin', /^\/\^https:/]], String(origin).slice(0, 60))
    accepts(t, { origin: new RegExp(`^https://${rest}`), ...unchecked }, `${String(origin).slice(0, 60)} with https`)
  }
  for (const origin of [/a\.example$/, /https?:\/\/a\.example/, /^http:/]) {
    t.match(issuesOf(() => parseCorsOptions({ origin, ...unchecked })), [{ code: 'origin-insecure-with-credentials', message: /^'http:\/\/[^']+', which the expression allows/ }], String(origin))
  }
})

t.test('of many expressions, those that are too many have to begin with https', async t => {
  const unchecked = { credentials, dangerouslyAllow: ['unchecked-regexps', 'public-suffixes'] }
  const regexps = Array.from({ length: 40 }, (_, index) => new RegExp(`^http://a${index}\\.example$`))
  refuses(t, { origin: regexps, ...unchecked },
    regexps.map((_, index) => ['origin-insecure-with-credentials', `/origin/${index}`, index < 32 ? /https/ : null]), 'each of many')
  accepts(t, { origin: regexps.map(({ source }) => new RegExp(source.replace('http', 'https'))), ...unchecked }, 'as many with https')
})

t.test('an origin that is not right is not judged further', async t => {
  refuses(t, { origin: ['http://a.example/', 'https://*.com/', 5], credentials }, [
    ['origin-invalid', '/origin/0', '\'https://a.example\''],
    ['origin-invalid', '/origin/1', null],
    ['invalid-type', '/origin/2', null]
  ], 'a list')
  accepts(t, { origin: () => true, credentials }, 'a function')
})

t.test('exposed headers have to be named with credentials', async t => {
  for (const [exposedHeaders, path] of [['*', '/exposedHeaders'], ['ETag, *', '/exposedHeaders'], [['ETag', '*'], '/exposedHeaders/1']]) {
    refuses(t, { origin: 'https://a.example', exposedHeaders, credentials }, [
      ['exposed-any-with-credentials', String(path), null]
    ], String(exposedHeaders))
    accepts(t, { origin: 'https://a.example', exposedHeaders }, `${String(exposedHeaders)} without credentials`)
  }
  accepts(t, { origin: 'https://a.example', allowedHeaders: '*', methods: '*', exposedHeaders: ['ETag'], credentials }, 'other lists')
})

t.test('nothing can be enforced where any origin is allowed', async t => {
  for (const origin of ['*', true, ['https://a.example', '*']]) {
    for (const enforce of ['unsafe', 'all']) {
      refuses(t, { origin, enforce }, [['enforce-any-origin', '/enforce', null]], `${String(origin)} and ${enforce}`)
    }
    accepts(t, { origin, enforce: false }, `${String(origin)} and false`)
  }
  for (const origin of ['https://a.example', false, () => true]) accepts(t, { origin, enforce: 'all' }, String(origin))
})
