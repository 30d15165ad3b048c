import t from 'tap'
import { accepts, refuses } from '../refused.js'

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

t.test('a regular expression that can take long is not tried out', async t => {
  refuses(t, { origin: /^http:\/\/(?:[a-z]+)+\.a\.example$/, credentials }, [['origin-regexp-slow', '/origin', null]], 'a slow one')
  accepts(t, { origin: /^http:\/\/(?:[a-z]+)+\.a\.example$/, credentials, dangerouslyAllow: ['unchecked-regexps'] }, 'a slow one, unchecked,')
  const regexps = Array.from({ length: 33 }, (_, index) => new RegExp(`^http://a${index}\\.example$`))
  refuses(t, { origin: regexps, credentials, dangerouslyAllow: ['unchecked-regexps'] },
    regexps.map((_, index) => ['origin-insecure-with-credentials', `/origin/${index}`, /https/]), 'each of many')
})

t.test('what can\'t be parsed is not tried out either', async t => {
  accepts(t, { origin: new RegExp(`^http://${'a'.repeat(3000)}$`), credentials, dangerouslyAllow: ['unchecked-regexps', 'public-suffixes'] }, 'an over-long one, unchecked,')
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
