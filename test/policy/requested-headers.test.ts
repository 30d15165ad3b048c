import t from 'tap'
import fc from 'fast-check'
import { echoedNames, requestedNames, requestsOther } from '../../lib/policy/requested-headers.js'

t.test('names are lower-cased, once each, in their order', t => {
  t.strictSame(requestedNames('X-B, x-a,x-b\t,'), ['x-b', 'x-a'])
  t.strictSame(requestedNames(''), [])
  t.strictSame(requestedNames(), [])
  t.end()
})

t.test('a name that is no token is left out', t => {
  for (const value of ['a b, c', 'a\tb, c', 'a:b, c', 'a b:, d e, c', '\u00a0a, c', '\u212a, c']) t.strictSame(requestedNames(value), ['c'], value)
  t.end()
})

t.test('a request for other names than the allowed ones is recognised', t => {
  const allowed = new Set(['x-a', 'x-b'])
  t.equal(requestsOther(undefined, allowed), false)
  t.equal(requestsOther('x-a,x-b', allowed), false)
  t.equal(requestsOther('X-B, x-a,,a b', allowed), false, 'spelled otherwise than browsers do, beside what is no name')
  t.equal(requestsOther('x-a,x-c', allowed), true)
  t.end()
})

t.test('64 names and 1,024 characters are echoed, more are not', t => {
  const many = (count: number): string => Array.from({ length: count }, (_, i) => `x${i}`).join(',')
  t.equal(echoedNames(many(64)), many(64).replaceAll(',', ', '))
  t.equal(echoedNames(many(65)), null)
  t.equal(echoedNames(`${many(64)},x0`), many(64).replaceAll(',', ', '), 'a name that is there already is no further one')
  t.equal(echoedNames('a'.repeat(1024)), 'a'.repeat(1024))
  t.equal(echoedNames('a'.repeat(1025)), null)
  t.equal(echoedNames(), '')
  t.end()
})

t.test('the echo of any value is a list of lower-case tokens, each once', t => {
  const name = fc.string({ unit: fc.constantFrom('a', 'b', 'B', '-', '1'), maxLength: 12 })
  const odd = fc.string({ unit: fc.constantFrom('a', 'Z', ' ', '\t', ':', '\0', '\x7f', 'é', '\u212a', '😀', '\ud800'), maxLength: 6 })
  fc.assert(fc.property(fc.array(fc.oneof(name, odd), { maxLength: 40 }), items => {
    const names = requestedNames(items.join(','))
    return names.every(name => /^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name)) && new Set(names).size === names.length &&
      items.every(item => !/^[a-z0-9-]+$/i.test(item) || names.includes(item.toLowerCase()))
  }), { numRuns: 500 })
  t.end()
})
