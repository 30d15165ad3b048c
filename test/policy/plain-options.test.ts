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

t.test('options that JSON does not distinguish, and long lists, are not copied', async t => {
  for (const options of [
    [], ['origin'],
    { origin: null }, { methods: [undefined] }, { maxAge: NaN }, { maxAge: -Infinity }, { maxAge: 5n }, { origin: /a/ }, { origin: () => true },
    { origin: {} }, { origin: [['https://a.example']] }, { origin: [null] }, { origin: new Array(1) }, { origin: [/a/] }, { origin: [NaN] },
    { origin: Array.from({ length: 101 }, () => 'x') }
  ]) t.equal(plainOptionsOf(options), null)
})

t.test('a copy differs from options that have changed since', async t => {
  const copy = { origin: ['https://a.example'], maxAge: 5, methods: undefined }
  t.ok(isCopyOf(copy, { methods: undefined, maxAge: 5, origin: ['https://a.example'] }))
  for (const options of [
    {}, { ...copy, maxAge: 6 }, { ...copy, maxAge: '5' }, { ...copy, methods: ['PUT'] }, { ...copy, credentials: true },
    { ...copy, origin: 'https://a.example' }, { ...copy, origin: [] }, { ...copy, origin: ['https://b.example'] },
    { ...copy, origin: ['https://a.example', 'https://b.example'] }, { ...copy, origin: null }, { ...copy, origin: { 0: 'https://a.example', length: 1 } }
  ]) t.notOk(isCopyOf(copy, options))
})
