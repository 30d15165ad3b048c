import t from 'tap'
import { entriesOf } from '../../../lib/options/suggest/entries.js'
import { withFix } from '../../../lib/options/suggest/apply.js'
import { FixJudge } from '../../../lib/options/suggest/promise.js'
import { literalIn } from '../../../lib/options/suggest/source.js'

t.test('a fix is put where the path points', async t => {
  t.strictSame(withFix({ origin: ['a', 'b', 'c'] }, '/origin/1', '[\'x\', \'y\']'), { origin: ['a', 'x', 'y', 'c'] })
  t.strictSame(withFix({ origin: ['a', 'b'] }, '/origin/1', 'leave it out'), { origin: ['a'] })
  t.strictSame(withFix({ maxAge: 1, origin: 'a' }, '/maxAge', 'leave it out'), { origin: 'a' })
  t.strictSame(withFix({ orgin: 'a' }, '/orgin', 'origin'), { origin: 'a' })
  t.equal(withFix({ orgin: 'a', origin: 'b' }, '/orgin', 'origin'), null, 'both are there')
  t.equal(withFix({ origin: ['a'] }, '/origin/0', 'origin'), null, 'an item has no name')
  t.strictSame(withFix({ origin: '*', credentials: true }, '/origin', 'credentials: false, maxAge: 5'), { origin: '*', credentials: false, maxAge: 5 })
  t.equal(withFix({}, '', '\'a\''), null)
  t.equal(withFix({ a: 1 }, '/a', 'a list of origins'), null, 'advice is no fix')
  t.equal(withFix({ a: 1 }, '/a', 'b: advice'), null)
  t.strictSame(withFix({ origin: 'a' }, '/origin/0', '\'x\''), { origin: 'a' })
})

t.test('a fix that removes nothing, or brings something, is none', async t => {
  const judge = (options: Readonly<Record<string, unknown>>) => Object.entries(options).filter(([, value]) => value === 'bad' || value === 'worse').map(([name, value]) => ({ code: name, path: `/${name}`, value, message: name }))
  const problem = { code: 'a', path: '/a', value: 'bad' }
  const keeps = (options: Record<string, unknown>, fix: string): boolean => new FixJudge(options, judge(options), judge).judge(problem, fix) === 'kept'
  t.ok(keeps({ a: 'bad', b: 'bad' }, '1'), 'what else is wrong stays so')
  t.notOk(keeps({ a: 'bad' }, '\'bad\''))
  t.notOk(keeps({ a: 'bad' }, 'b: \'bad\''))
  t.notOk(keeps({ a: 'bad' }, '\'worse\''))
  t.notOk(keeps({ a: 'bad' }, 'ask somebody'))
})

t.test('however many problems there are, trying fixes comes to an end, and what was kept once is not tried again', async t => {
  const options = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`a${index}`, 'bad'] as const))
  let calls = 0
  const judge = (judged: Readonly<Record<string, unknown>>) => {
    calls++
    return Object.entries(judged).filter(([, value]) => value === 'bad').map(([name, value]) => ({ code: name, path: `/${name}`, value, message: name }))
  }
  const fixes = new FixJudge(options, [], judge)
  const kept = Object.keys(options).filter(name => fixes.judge({ code: name, path: `/${name}`, value: 'bad' }, '\'good\'') === 'kept')
  t.ok(calls < 1500, `${calls} times`)
  t.ok(kept.length > 200 && kept.length < 1000, `${kept.length} are kept`)
  calls = 0
  const twice = new FixJudge({ a: 'bad' }, [], judge)
  for (const code of ['a', 'a']) t.equal(twice.judge({ code, path: '/a', value: 'bad' }, '1'), 'kept')
  t.equal(calls, 2)
})

t.test('printed literals are read as JavaScript reads them', async t => {
  t.strictSame(literalIn(' [\'a\\\'b\\n\\r\\t\\\\\\u0007\', 12, -1.5, true, false, null, []] '), ['a\'b\n\r\t\\\u0007', 12, -1.5, true, false, null, []])
  t.match(literalIn('/^[/]\\/$/i'), /^[/]\/$/i)
  for (const source of ['', 'x', '[1', '[1 2]', '[x]', '/(/', '/a/xx', '\'a', '1 2']) t.equal(literalIn(source), undefined, source)
  t.equal(entriesOf('true'), null)
  t.equal(entriesOf('\'https://a/b\''), null)
})
