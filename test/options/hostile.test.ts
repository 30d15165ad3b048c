import t from 'tap'
import fc from 'fast-check'
import { CorsConfigError, type CorsIssue } from '../../lib/options/issue.js'
import { parseCorsOptions, parseRouteOverride } from '../../lib/options/parse.js'
import { CorsOptionsSchema } from '../../lib/options/schema.js'
import { holds, issuesOf, refuses } from './refused.js'

const million = 'a'.repeat(1_000_000)

function fails (): never {
  throw new Error('never to be seen')
}

t.test('only own keys are options', async t => {
  refuses(t, Object.create({ origin: '*' }), [['origin-missing', '/origin', /./]], 'an inherited origin')
  refuses(t, JSON.parse('{"__proto__": {"origin": "*"}}'), [['origin-missing', '/origin', /./], ['unknown-option', '/__proto__', null]], 'an own __proto__')
  t.equal(parseCorsOptions(Object.assign(Object.create(null), { origin: '*' })).origin, '*')
})

t.test('what throws when it is read is a problem like any other', async t => {
  refuses(t, { get origin () { return fails() }, methods: 5 }, [['invalid-type', '/origin', null], ['invalid-type', '/methods', /./]], 'a getter')
  refuses(t, new Proxy({}, { ownKeys: fails }), [['invalid-type', '', /./]], 'a proxy')
  refuses(t, new Proxy({ origin: '*' }, { get: fails }), [['invalid-type', '/origin', null]], 'a proxy that lists its keys')
  refuses(t, { origin: new Proxy([], { get: fails }) }, [['invalid-type', '/origin', null]], 'a proxy of a list')
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  refuses(t, proxy, [['invalid-type', '', /./]], 'a revoked proxy')
  refuses(t, { origin: [proxy], methods: proxy, maxAge: 5 }, [['invalid-type', '/origin', null], ['invalid-type', '/methods', null]], 'a revoked proxy inside')
  const [list, item, called] = [Proxy.revocable([], {}), Proxy.revocable({}, {}), Proxy.revocable(() => true, {})]
  const revoking = { get maxAge () { for (const one of [list, item, called]) one.revoke(); return 1 } }
  refuses(t, Object.defineProperties({ methods: list.proxy, dangerouslyAllow: [item.proxy], origin: called.proxy }, Object.getOwnPropertyDescriptors(revoking)), [
    ['invalid-type', '/dangerouslyAllow', null], ['invalid-type', '/origin', null]
  ], 'a proxy that is revoked later')
})

t.test('no value is converted by its own methods', async t => {
  const evil = { toString: fails, valueOf: fails, toJSON: fails, [Symbol.toPrimitive]: fails, get length () { return fails() } }
  refuses(t, { origin: [evil], methods: [evil], maxAge: evil, credentials: evil, cacheControl: evil, hook: evil, urls: evil }, [
    ['invalid-type', '/origin/0', null], ['invalid-type', '/methods/0', null], ['invalid-type', '/maxAge', /./], ['invalid-type', '/credentials', /./],
    ['invalid-type', '/cacheControl', /./], ['invalid-type', '/hook', /./], ['invalid-type', '/urls', /./]
  ], 'an object that throws')
  const regexp = Object.defineProperties(/^https:\/\/a\.example$/g, { source: { get: fails }, flags: { get: fails }, toString: { value: fails } })
  refuses(t, { origin: regexp, urls: regexp }, [['origin-regexp-flags', '/origin', /./], ['urls-regexp-flags', '/urls', /./]], 'an expression that throws')
})

t.test('lists are read by their length, and only so far', async t => {
  refuses(t, { origin: new Array(4_000_000_000) }, [['invalid-type', '/origin', null]], 'a sparse list of billions')
  let reads = 0
  const growing = new Proxy(['https://a.example'], { get: (target, key) => key === 'length' ? { valueOf: () => ++reads } : Reflect.get(target, key) })
  t.same(issuesOf(() => parseCorsOptions({ origin: growing })), [], 'a list whose length grows')
  t.equal(reads, 1)
  refuses(t, { origin: ['https://a.example', , 'https://b.example'] }, [['invalid-type', '/origin/1', null]], 'a hole') // eslint-disable-line no-sparse-arrays
  t.equal(issuesOf(() => parseCorsOptions({ origin: Object.assign(['https://a.example'], { extra: '*' }) })).length, 0)
  const cyclic: unknown[] = []
  cyclic.push(cyclic)
  refuses(t, { origin: cyclic, methods: cyclic }, [['invalid-type', '/origin/0', null], ['invalid-type', '/methods/0', null]], 'a list in itself')
})

t.test('lists of names are looked at up to a length that none needs', async t => {
  const names = Array.from({ length: 1000 }, (_, index) => `H${index}`)
  t.same(issuesOf(() => parseCorsOptions({ origin: '*', methods: names, allowedHeaders: names, exposedHeaders: names.join(', ') })), [])
  t.same(issuesOf(() => parseCorsOptions({ origin: '*', allowedHeaders: 'a'.repeat(20_000) })), [])
  refuses(t, { origin: 'https://a.example', credentials: true, methods: [...names, 'm 1'], allowedHeaders: [...names, 'cookie'], exposedHeaders: `${'a,'.repeat(10_000)}*` }, [
    ['method-invalid', '/methods', null], ['header-invalid', '/allowedHeaders', null], ['header-invalid', '/exposedHeaders', null]
  ], 'longer ones')
  refuses(t, { origin: '*', allowedHeaders: ['x'.repeat(20_001), 5], exposedHeaders: names.concat('one-more').join() }, [
    ['header-invalid', '/allowedHeaders', null], ['invalid-type', '/allowedHeaders/1', null], ['header-invalid', '/exposedHeaders', null]
  ], 'a long name, and many short ones')
})

t.test('there are never very many options', async t => {
  const keys = (count: number): object => Object.fromEntries(Array.from({ length: count }, (_, index) => [`option${index}`, 1]))
  t.equal(issuesOf(() => parseCorsOptions(keys(1000))).length, 1001, 'the origin is missing, too')
  refuses(t, keys(1001), [['invalid-type', '', /origin/]], 'one more')
})

t.test('every problem of a long list is reported, up to a number that nobody reads', async t => {
  const issuesIn = (count: number, item: unknown): readonly CorsIssue[] =>
    issuesOf(() => parseCorsOptions({ origin: new Array(count).fill(item), credentials: true, maxAge: -1 }))
  for (const item of [null, 'https://a.example/', /^https:\/\/a\.example$/g]) {
    const issues = issuesIn(10_000, item).filter(({ path }) => path.startsWith('/origin/'))
    t.same(issues.map(({ path }) => path), Array.from({ length: 10_000 }, (_, index) => `/origin/${index}`), `ten thousand of ${String(item)}`)
  }
  for (const item of [null, 'https://a.example/', 'http://*.com', /^https:/g]) {
    const issues = issuesIn(200_000, item)
    t.ok(issues.length >= 11_000 && issues.length < 11_010 && issues.some(({ path }) => path === '/maxAge'), `more of ${String(item)}`)
  }
  const inherited = parseCorsOptions({ origin: new Array(200_000).fill('http://a.example') })
  t.ok(issuesOf(() => parseRouteOverride({ credentials: true }, inherited, 'GET /')).length < 11_010, 'what an override makes of a list')
  t.throws(() => parseCorsOptions({ origin: new Array(20_000).fill('x') }), { message: /have at least 11000 problems:/ })
  t.throws(() => parseCorsOptions({ origin: new Array(10_000).fill('x') }), { message: /have 10000 problems:/ })
})

t.test('over-long texts are refused as any other', async t => {
  refuses(t, { origin: million, [million]: 1, maxAge: million, hook: million, methods: ','.repeat(500_000), allowedHeaders: `${million} é` }, [
    ['origin-invalid', '/origin', null], ['unknown-option', `/${million}`, null], ['invalid-type', '/maxAge', '600'], ['invalid-type', '/hook', /./],
    ['method-invalid', '/methods', null], ['header-invalid', '/allowedHeaders', null]
  ], 'a million characters')
  refuses(t, { origin: new RegExp(million), urls: new RegExp(million) }, [['origin-regexp-slow', '/origin', /./], ['urls-regexp-slow', '/urls', null]], 'a million characters of an expression')
})

t.test('nothing but the one error is thrown, and it always says something', async t => {
  const names = [...Object.keys(CorsOptionsSchema.properties), 'orgin', 'prefix', '__proto__', 'constructor']
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('*', 'null', 'https://a.example', 'http://a.example', 'https://*.com', 'PUT', 'patch', 'Cookie', '5', 'all', 'onSend'))
  const value = fc.oneof(
    fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withSparseArray: true, withSymbol: true, withTypedArray: true } as fc.ObjectConstraints),
    text, fc.array(text), fc.boolean(), fc.integer({ min: -5, max: 400 }), fc.constantFrom(/^https?:\/\/a\.example$/, /a/g, /^.*$/, () => true, Symbol('a')), fc.array(fc.constantFrom('null-origin', 'insecure-origins'))
  )
  const options = fc.oneof(fc.dictionary(fc.constantFrom(...names), value), fc.anything())
  fc.assert(fc.property(options, given => {
    for (const parse of [() => parseCorsOptions(given), () => parseRouteOverride(given, { origin: 'https://a.example', credentials: true }, 'GET /')]) {
      try {
        if (!Object.isFrozen(parse())) return false
      } catch (error) {
        if (!(error instanceof CorsConfigError) || error.issues.length === 0) return false
        if (error.issues.some(({ message, path }) => message === '' || (path !== '' && !path.startsWith('/')))) return false
      }
    }
    return true
  }), { numRuns: 1500 })
  holds(t, issuesOf(() => parseCorsOptions({ origin: 5 })), [['invalid-type', '/origin', /./]], 'and a wrong one')
})
