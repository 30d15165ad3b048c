import t from 'tap'
import { insecureExample } from '../../lib/origin/examples.js'

t.test('an unencrypted origin that an expression allows is found', async t => {
  t.equal(insecureExample(/^https?:\/\/a\.example$/), 'http://a.example')
  t.equal(insecureExample(/^(?:https|http):\/\/[b-d]{2}\.example(?::\d{1,5})?$/), 'http://bb.example')
  t.equal(insecureExample(/^http:\/\/a\.example$/g), 'http://a.example')
  t.equal(insecureExample(/^HTTP:\/\/A\.EXAMPLE$/i), null, 'not in another case')
})

t.test('where there is none, or none is found, there is none', async t => {
  t.equal(insecureExample(/^https:\/\/a\.example$/), null)
  t.equal(insecureExample(/^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/), null)
  t.equal(insecureExample(/^http:\/\/[^\s\S]$/), null)
  t.equal(insecureExample(/^(h)ttp:\/\/\1.example(?!)$/), null)
  t.equal(insecureExample(new RegExp('a'.repeat(3000))), null)
})
