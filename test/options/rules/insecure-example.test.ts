import t from 'tap'
import { findInsecure } from '../../../lib/options/expressions/insecure.js'
import { checkRegExp } from '../../../lib/regexp/check.js'
import { readRegExp } from '../../../lib/text.js'

/** The example that is found; otherwise why none can be, or `null` where there is none. */
function exampleOf (regexp: RegExp, asWritten = false): string | null {
  const found = findInsecure(checkRegExp(readRegExp(regexp), 'whole'), asWritten)
  if (found === null) return null
  return 'example' in found ? found.example : `? ${found.unexamined}`
}

t.test('an unencrypted origin that an expression allows is found', async t => {
  t.equal(exampleOf(/^https?:\/\/a\.example$/), 'http://a.example')
  t.equal(exampleOf(/^(?:https|http):\/\/[b-d]{2}\.example(?::\d{1,5})?$/), 'http://bb.example')
  t.equal(exampleOf(/^http:\/\/a\.example$/g), 'http://a.example')
  t.equal(exampleOf(/^HTTP:\/\/A\.EXAMPLE$/i), 'http://a.example')
  t.equal(exampleOf(/^http:\/\/\[2001:db8::1\]$/), 'http://[2001:db8::1]')
  t.equal(exampleOf(/^http:\/\/localhost\.x\.example$/), 'http://localhost.x.example')
  t.equal(exampleOf(/^(?:http:\/\/localhost|http:\/\/a_b\.example)$/), 'http://a_b.example', 'after one of the machine itself')
})

t.test('it is found wherever the scheme comes from', async t => {
  t.equal(exampleOf(/^[a-z]+:\/\/a\.example$/), 'http://a.example', 'letters')
  t.equal(exampleOf(/^[a-z:/.]{14}$/), 'http://aaaaaaa', 'all at once')
  t.equal(exampleOf(/^(?:https?:\/\/)?a\.example$/), 'http://a.example', 'what may be left out')
  t.equal(exampleOf(/^(h|t){3}ps?:\/\/a\.example$/), 'http://a.example', 'a choice, made again and again')
  const many = Array.from({ length: 100 }, (_, index) => `https://a${index}`)
  t.equal(exampleOf(new RegExp(`^(?:${many.join('|')}|http://b)\\.example$`)), 'http://b.example', 'the last of many')
})

t.test('where there is none, or none is found, there is none', async t => {
  t.equal(exampleOf(/^https:\/\/a\.example$/), null)
  t.equal(exampleOf(/^(?:https:\/\/a\.example|app:\/\/b)$/), null)
  t.equal(exampleOf(/^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/), null)
  t.equal(exampleOf(/^http:\/\/[^\s\S]$/), null)
  t.match(exampleOf(/^(h)ttp:\/\/\1.example(?!)$/), /^\? .*\\1/)
  t.equal(exampleOf(/^http:\/\/A\.example$/), null, 'no browser sends upper case')
  t.match(exampleOf(/^http:\/\/a{300}$/), /^\? .*every example/, 'too long for an origin')
  const many = Array.from({ length: 120 }, (_, index) => `http://a${index}`)
  t.match(exampleOf(new RegExp(`^(?:${many.join('|')})(?!)$`)), /^\? .*every example/, 'many that it refuses')
  t.match(exampleOf(new RegExp(`^${'[!-~]'.repeat(390)}$`)), /^\? it is too large/)
  t.match(exampleOf(new RegExp('a'.repeat(3000))), /^\? it is too long/)
})

t.test('looking for one in the largest takes no time to speak of', async t => {
  const started = performance.now()
  for (let count = 200; count < 300; count++) exampleOf(new RegExp(`^http://(?:[a-z]|-){${count}}$`))
  t.ok(performance.now() - started < 10_000)
})
