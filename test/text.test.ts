import t from 'tap'
import fc from 'fast-check'
import { entriesSource, isList, isRegExp, listSource, quote, shorten, show } from '../lib/text.js'

t.test('a quoted text can be pasted into JavaScript, and has one line', async t => {
  t.equal(quote('https://a.example'), '\'https://a.example\'')
  t.equal(quote('it\'s'), '\'it\\\'s\'')
  t.equal(quote('a\\b\n\r\t\u0000\u2028'), '\'a\\\\b\\n\\r\\t\\u0000\\u2028\'')
  fc.assert(fc.property(fc.string({ unit: 'binary' }), text => {
    const quoted = quote(text)
    // eslint-disable-next-line no-new-func
    return Function(`return ${quoted}`)() === text && !/[\n\r]/.test(quoted)
  }))
})

t.test('one entry stands alone, several are a list', async t => {
  t.equal(entriesSource(['https://a']), '\'https://a\'')
  t.equal(entriesSource(['https://a', /b/i]), '[\'https://a\', /b/i]')
  t.equal(listSource(['https://a']), '[\'https://a\']')
})

t.test('a long text is cut', async t => {
  t.equal(shorten('abc', 2), 'ab…')
  t.equal(shorten('ab', 2), 'ab')
  t.equal(shorten('a'.repeat(200)).length, 101)
})

t.test('every value can be named in a message', async t => {
  t.equal(show('a'), '\'a\'')
  t.equal(show(1.5), '1.5')
  t.equal(show(true), 'true')
  t.equal(show(undefined), 'undefined')
  t.equal(show(null), 'null')
  t.equal(show([]), 'a list')
  t.equal(show({}), 'an object')
  t.equal(show(/a/), 'a regular expression')
  t.equal(show(() => {}), 'a function')
  t.equal(show(Symbol('a')), 'a symbol')
  t.equal(show(1n), 'a bigint')
})

t.test('a regular expression is told from all else', async t => {
  t.equal(isRegExp(/a/), true)
  t.equal(isRegExp(Object.create(RegExp.prototype)), false)
  t.equal(isRegExp(RegExp.prototype), false)
  t.equal(isRegExp({ source: 'a', flags: '', exec () {} }), false)
  t.equal(isRegExp('a'), false)
  t.equal(isRegExp(null), false)
  t.equal(isList([]), true)
  t.equal(isList({ length: 0 }), false)
})
