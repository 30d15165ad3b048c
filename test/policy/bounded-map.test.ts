import t from 'tap'
import { BoundedMap } from '../../lib/policy/cache.js'

t.test('the oldest entry goes where another would be too many', t => {
  const map = new BoundedMap<string, number>(2)
  map.set('a', 1).set('b', 2).set('c', 3)
  t.strictSame([...map], [['b', 2], ['c', 3]])
  t.end()
})

t.test('nothing goes where an entry is replaced', t => {
  const map = new BoundedMap<string, number>(2)
  map.set('a', 1).set('b', 2).set('b', 3)
  t.strictSame([...map], [['a', 1], ['b', 3]])
  t.end()
})
