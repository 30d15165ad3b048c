import t from 'tap'
import { cachedOrigins, type CachedOriginsOptions } from '../../lib/origins/index.js'
import { loadEngine } from '../../lib/origins/engine.js'

const lookup = (): boolean => true
const client = { status: 'ready', get: async () => null, set: async () => 'OK' }

/** What is wrong with options that TypeScript would not let pass. */
function refusal (options: unknown): string {
  try {
    cachedOrigins(options as CachedOriginsOptions)
    return ''
  } catch (error) {
    t.match(error, { code: 'FST_CORS_INVALID_CACHE_OPTIONS', name: 'FastifyError' })
    return error instanceof TypeError ? error.message : ''
  }
}

t.test('valid options are accepted', async t => {
  for (const more of [
    {}, { stale: 0 }, { stale: 1.5, negativeTtl: 0.5 }, { capacity: 1, timeout: 1, maxLookups: 1 }, { storage: { type: 'memory' } },
    { storage: { type: 'redis', client } }, { storage: { type: 'redis', client, prefix: 'shops:' } },
    { key: () => '', onError: () => {} }, { stale: undefined, negativeTtl: undefined, storage: undefined, key: undefined, onError: undefined }
  ]) t.equal(refusal({ lookup, ttl: 1, ...more }), '')
})

t.test('invalid options are refused with a message', async t => {
  for (const [more, words] of [
    [{ lookup: undefined }, 'lookup is missing: it must be a function (origin, request) => boolean, or a promise of one'],
    [{ lookup: 'select' }, 'lookup must be a function (origin, request) => boolean, or a promise of one, not \'select\''],
    [{ ttl: undefined }, 'ttl is missing: it must be a number of seconds over 0, and at most a year'],
    ...[0, -1, NaN, Infinity, '60', null, 1e9].map(ttl => [{ ttl }, 'ttl must be a number of seconds over 0, and at most a year, not ']),
    ...[-1, NaN, '1'].map(stale => [{ stale }, 'stale must be a number of seconds from 0']),
    ...[0, -1].map(negativeTtl => [{ negativeTtl }, 'negativeTtl must be a number of seconds over 0']),
    ...[0, 1.5, 1e9, '10', null].map(capacity => [{ capacity }, 'capacity must be a whole number from 1 to 10000000, not ']),
    ...[0, 1e7].map(timeout => [{ timeout }, 'timeout must be a whole number from 1 to 600000, not ']),
    [{ maxLookups: Infinity }, 'maxLookups must be a whole number from 1 to 1000000, not Infinity'],
    [{ key: 'tenant' }, 'key must be a function (origin, request) => string, not \'tenant\''],
    [{ onError: true }, 'onError must be a function, not true'],
    ...['redis', null, {}, { type: 'file' }, { type: 'redis' }, { type: 'redis', client: null }, { type: 'redis', client: {} }, { type: 'redis', client, prefix: 5 }, { type: 'memory', client }]
      .map(storage => [{ storage }, 'storage must be { type: \'memory\' }, or { type: \'redis\', client } with a client of ioredis, not ']),
    [{ tll: 1 }, 'unknown option \'tll\': there are lookup, ttl, stale, ']
  ] as Array<[object, string]>) {
    const message = refusal({ lookup, ttl: 1, ...more })
    t.ok(message.startsWith(`cachedOrigins: ${words}`), message)
  }
  for (const options of [undefined, null, 5]) t.match(refusal(options), 'cachedOrigins: the options must be an object, not ')
})

t.test('all problems are named at once', async t => {
  t.match(refusal({ ttl: 0, stale: -1 }), /lookup is missing.*; ttl must.*; stale must/)
})

t.test('without async-cache-dedupe, the error says what to install', async t => {
  t.throws(() => loadEngine('/nowhere/index.js'), { code: 'FST_CORS_MISSING_CACHE', message: /npm install async-cache-dedupe@3/ })
})
