import t from 'tap'
import { isToken } from '../../lib/http/token.js'

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
