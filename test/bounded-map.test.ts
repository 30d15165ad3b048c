import t from 'tap'
import { BoundedMap } from '../lib/bounded-map.js'

t.test('the oldest entry goes when the map is full', t => {
  const map = new BoundedMap<string, number>(2)
  map.set('a', 1).set('b', 2).set('c', 3)
  t.strictSame([...map], [['b', 2], ['c', 3]])
  t.end()
})

t.test('no entry goes when one is replaced', t => {
  const map = new BoundedMap<string, number>(2)
  map.set('a', 1).set('b', 2).set('b', 3)
  t.strictSame([...map], [['a', 1], ['b', 3]])
  t.end()
})
