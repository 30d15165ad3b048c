import t from 'tap'
import { isToken, readRequestedHeaders } from '../../lib/policy/requested-headers.js'

const names = (value: string): string[] | null => {
  const requested = readRequestedHeaders(value)
  if (requested === null) return null
  t.equal(requested.list, [...requested.names].join(', '))
  return [...requested.names]
}

t.test('names are lower-cased, once each, in their order', t => {
  t.strictSame(names('X-B, x-a,x-b\t,'), ['x-b', 'x-a'])
  t.strictSame(names(''), [])
  t.end()
})

t.test('what is no token is left out, whether or not the rest is clean', t => {
  t.strictSame(names('a b, c'), ['c'])
  t.strictSame(names('a\tb, c'), ['c'])
  t.strictSame(names('a:b, c'), ['c'])
  t.strictSame(names('a b:, c d, e'), ['e'])
  t.end()
})

t.test('beyond 64 names or 4,096 characters nothing is looked at', t => {
  const many = (count: number): string => Array.from({ length: count }, (_, i) => `x${i}`).join(',')
  t.equal(names(many(64))?.length, 64)
  t.equal(names(many(65)), null)
  t.equal(names(`${many(64)},x0`)?.length, 64, 'a name that is there already is no further one')
  t.equal(names('a'.repeat(4096))?.length, 1)
  t.equal(names('a'.repeat(4097)), null)
  t.end()
})

t.test('a token is one or more of the characters of RFC 9110', t => {
  for (let code = 0; code < 256; code++) {
    const character = String.fromCharCode(code)
    const delimiter = '"(),/:;<=>?@[\\]{}'.includes(character)
    t.equal(isToken(character), code > 0x20 && code < 0x7f && !delimiter, `0x${code.toString(16)}`)
  }
  t.notOk(isToken(''))
  t.ok(isToken('PATCH'))
  t.notOk(isToken('a b'))
  t.end()
})
