import t from 'tap'
import fc from 'fast-check'
import { readRequestedHeaders } from '../../lib/policy/requested-headers.js'

const names = (value: string): string | null => {
  const requested = readRequestedHeaders(value)
  if (requested === null) return null
  t.equal(requested.names.join(', '), requested.list)
  return requested.list
}

t.test('names are lower-cased, once each, in their order', t => {
  t.equal(names('X-B, x-a,x-b\t,'), 'x-b, x-a')
  t.equal(names(''), '')
  t.end()
})

t.test('names are told apart wherever they differ, and white space around them may be long', t => {
  const long = 'x-a-name-of-some-length'
  const similar = Array.from({ length: long.length }, (_, i) => `${long.slice(0, i)}~${long.slice(i + 1)}`)
  const all = [...similar, long, long.slice(0, -1), `${long}s`]
  t.equal(names([...all, ...all].map(name => name.toUpperCase()).join(' \t'.repeat(3) + ',' + ' '.repeat(9))), all.join(', '))
  t.end()
})

t.test('what is no token is left out, whether or not the rest is clean', t => {
  t.equal(names('a b, c'), 'c')
  t.equal(names('a\tb, c'), 'c')
  t.equal(names('a:b, c'), 'c')
  t.equal(names('a b:, c d, e'), 'e')
  t.end()
})

t.test('beyond 64 names or 4,096 characters nothing is looked at', t => {
  const many = (count: number): string => Array.from({ length: count }, (_, i) => `x${i}`).join(',')
  t.equal(names(many(64))?.split(', ').length, 64)
  t.equal(names(many(65)), null)
  t.equal(names(`${many(64)},x0`)?.split(', ').length, 64, 'a name that is there already is no further one')
  t.equal(names('a'.repeat(4096))?.length, 4096)
  t.equal(names('a'.repeat(4097)), null)
  t.equal(names('a,'.repeat(127) + 'b'), 'a, b', '128 items')
  t.equal(names('a,'.repeat(128) + 'b'), null, '129 items')
  t.end()
})

t.test('what is read is what splitting, trimming and lower-casing would give, whatever was read before', t => {
  const name = fc.string({ unit: fc.constantFrom('a', 'b', 'B', '-', '1'), maxLength: 70 })
  const odd = fc.string({ unit: fc.constantFrom('a', 'Z', ' ', '\t', ':', '\0', '\x7f', 'é', '\u212a', '😀', '\ud800'), maxLength: 6 })
  fc.assert(fc.property(fc.array(fc.oneof(name, odd), { maxLength: 90, size: 'max' }), items => {
    const value = items.join(',')
    const expected = new Set(items.map(item => item.replace(/^[ \t]+|[ \t]+$/g, '')).filter(item => /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(item)).map(item => item.toLowerCase()))
    const isRead = value.length <= 4096 && expected.size <= 64
    return names(value) === (isRead ? [...expected].join(', ') : null)
  }), { numRuns: 500 })
  t.end()
})

t.test('names that were made to be compared with one another again and again are too much to look at', t => {
  const random = 0.7312345
  t.intercept(Math, 'random', { value: () => random })
  const { uniqueNames } = t.mockRequire<typeof import('../../lib/policy/unique-names.js')>('../../lib/policy/unique-names.js')
  const alike = alikeFor(2 ** 30 + 2 * Math.floor(2 ** 29 * random) + 1)
  t.equal(alike.length, 64)
  t.equal(new Set(alike).size, 64)
  t.equal(uniqueNames(alike.join(',')), null)
  t.equal(uniqueNames(alike.slice(0, 16).join(',')), alike.slice(0, 16).join(', '))
  const others = alike.map((name, i) => `${i}${name}`)
  t.equal(uniqueNames(others.join(',')), others.join(', '))
  t.end()
})

/** 64 names of two words with one hash, for whoever knows its factor. */
function alikeFor (factor: number): string[] {
  const mix = (mixed: number, next: number): number => {
    const product = Math.imul(mixed ^ next, factor)
    return product ^ product >>> 15
  }
  const bytes = Buffer.alloc(4)
  const isName = /^[a-z0-9-]{4}$/
  const word = (text: string): number => bytes.fill(text, 'latin1').readInt32LE()
  const text = (number: number): string => {
    bytes.writeInt32LE(number)
    return bytes.toString('latin1')
  }
  const target = mix(0, word('aaaa')) ^ word('aaaa')
  const found: string[] = []
  for (let i = 0; found.length < 64; i++) {
    const first = i.toString(36).padStart(4, '0')
    const second = text(mix(0, word(first)) ^ target)
    if (isName.test(second)) found.push(first + second)
  }
  return found
}
