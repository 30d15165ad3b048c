import t from 'tap'
import { isCopyOf, plainOptionsOf } from '../../lib/policy/cache.js'

t.test('options of texts, numbers, booleans and short lists of them are copied', async t => {
  const given = { origin: ['https://a.example', 'https://b.example'], credentials: true, maxAge: 600, enforce: 'all', methods: [] }
  const copy = plainOptionsOf(given)
  t.strictSame(copy, given)
  t.not(copy, given)
  t.equal(JSON.stringify(plainOptionsOf({ maxAge: 5, origin: undefined })), JSON.stringify({ maxAge: 5 }), 'undefined counts as absent')
  t.strictSame(plainOptionsOf(JSON.parse('{"__proto__": "x"}')), JSON.parse('{"__proto__": "x"}'), 'an own __proto__ too')
})

t.test('options that JSON does not distinguish, or that can\'t be read, are not copied', async t => {
  const fails = (): never => { throw new Error('not to be read') }
  const { proxy, revoke } = Proxy.revocable([], {})
  revoke()
  for (const options of [
    undefined, null, 'x', 5, false, [], ['origin'],
    { origin: null }, { methods: [undefined] }, { maxAge: NaN }, { maxAge: -Infinity }, { maxAge: 5n }, { origin: /a/ }, { origin: () => true },
    { origin: {} }, { origin: [['https://a.example']] }, { origin: [null] }, { origin: new Array(1) }, { origin: [/a/] }, { origin: [NaN] },
    { origin: Array.from({ length: 101 }, () => 'x') }, { origin: 'x'.repeat(1001) }, { origin: proxy },
    Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`option${index}`, 1])), { get origin () { return fails() } },
    new Proxy({}, { ownKeys: fails }), { origin: new Proxy(['x'], { get: fails }) }
  ]) t.equal(plainOptionsOf(options), null)
})

t.test('each value is read once', async t => {
  let reads = 0
  const options = { get origin () { return `https://${reads++}.example` } }
  t.strictSame(plainOptionsOf(options), { origin: 'https://0.example' })
  const list = new Proxy(['x'], { get: (target, key, receiver) => key === '0' ? `https://${reads++}.example` : Reflect.get(target, key, receiver) })
  t.strictSame(plainOptionsOf({ origin: list }), { origin: ['https://1.example'] })
})

t.test('a list whose length changes with each read is read once', async t => {
  let reads = 0
  const list = new Proxy(['x'], { get: (target, key, receiver) => key === 'length' ? 1 + reads++ : Reflect.get(target, key, receiver) })
  t.strictSame(plainOptionsOf({ origin: list }), { origin: ['x'] })
})

t.test('a copy differs from options that have changed since', async t => {
  const copy = { origin: ['https://a.example'], maxAge: 5, methods: undefined }
  t.ok(isCopyOf(copy, { methods: undefined, maxAge: 5, origin: ['https://a.example'] }))
  for (const options of [
    {}, { ...copy, maxAge: 6 }, { ...copy, maxAge: '5' }, { ...copy, methods: ['PUT'] }, { ...copy, credentials: true },
    { ...copy, origin: 'https://a.example' }, { ...copy, origin: [] }, { ...copy, origin: ['https://b.example'] },
    { ...copy, origin: ['https://a.example', 'https://b.example'] }, { ...copy, origin: null }, { ...copy, origin: { 0: 'https://a.example', length: 1 } },
    { ...copy, get maxAge () { throw new Error('not to be read') } }, new Proxy(copy, { ownKeys: () => { throw new Error('not to be listed') } })
  ]) t.notOk(isCopyOf(copy, options))
})
