import t from 'tap'
import { withFix } from '../../../lib/options/suggest/apply.js'

t.test('a fix with words after its settings is advice, and sets nothing', async t => {
  t.strictSame(withFix({}, '', 'credentials: false'), { credentials: false })
  t.equal(withFix({}, '', 'credentials: false, as it was'), null)
  t.equal(withFix({}, '', 'credentials: false as it was'), null)
})
