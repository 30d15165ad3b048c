import t from 'tap'
import { listItems } from '../../lib/http/token.js'

t.test('an option takes a list or a text with commas', t => {
  t.strictSame(listItems(['a', 'b']), ['a', 'b'])
  t.strictSame(listItems('a, b ,\tc'), ['a', 'b', 'c'])
  t.strictSame(listItems('*'), ['*'])
  t.end()
})
