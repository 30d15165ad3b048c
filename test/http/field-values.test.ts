import fc from 'fast-check'
import t from 'tap'
import { addToVary, fieldText, variesBy } from '../../lib/http/field-values.js'

t.test('names are added once each, whatever their letter case, as they were first written', t => {
  for (const [present, added, expected] of [
    ['', 'Origin', 'Origin'],
    ['Accept', 'Origin', 'Accept, Origin'],
    ['origin', 'Origin', 'origin'],
    ['Origin', 'Origin', 'Origin'],
    ['Accept, ORIGIN', 'Origin', 'Accept, ORIGIN'],
    ['Accept,accept , Origin', 'Origin', 'Accept, Origin'],
    [',, Accept ,', 'Origin', 'Accept, Origin'],
    ['Accept', '', 'Accept'],
    ['Origin', 'Origin, Access-Control-Request-Headers', 'Origin, Access-Control-Request-Headers'],
    ['*', 'Origin', '*'],
    ['Accept, *', 'Origin', '*'],
    ['Origin', '*', '*'],
    ['Original', 'Origin', 'Original, Origin']
  ] as const) t.equal(addToVary(present, added), expected, `${present} and ${added}`)
  t.end()
})

t.test('every name survives exactly once, and adding again changes nothing', async () => {
  const names = fc.array(fc.constantFrom('Origin', 'origin', 'Accept', 'ACCEPT', 'x-a', ''), { maxLength: 6 }).map(list => list.join(' ,'))
  const keys = (text: string): string[] => text.split(',').map(name => name.trim().toLowerCase()).filter(name => name !== '')
  fc.assert(fc.property(names, names.filter(text => keys(text).length > 0), (present, added) => {
    const once = addToVary(addToVary(present, added), 'Origin')
    const expected = new Set([...keys(present), ...keys(added), 'origin'])
    return keys(once).length === expected.size && keys(once).every(name => expected.has(name)) && addToVary(once, added) === once
  }))
})

t.test('a field\'s value is one text, however it is held', t => {
  t.equal(fieldText(undefined), '')
  t.equal(fieldText('a'), 'a')
  t.equal(fieldText(['a', 'b, c']), 'a, b, c')
  t.equal(fieldText(5), '5')
  t.end()
})

t.test('caches keep answers apart by origin where Vary has Origin or *', t => {
  t.notOk(variesBy('origin', ''))
  t.notOk(variesBy('origin', 'Accept, X-Origin'))
  t.ok(variesBy('origin', 'Accept, ORIGIN'))
  t.ok(variesBy('origin', '*'))
  t.end()
})
