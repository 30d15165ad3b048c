import t from 'tap'
import { RegExpList } from '../../lib/options/rules/regexps.js'
import { originRegExpProblems } from '../../lib/regexp/check.js'
import { Work } from '../../lib/regexp/budget.js'

/** An expression that takes a good part of what a list may cost. */
function costly (index: number): RegExp {
  return new RegExp(`^https://${index}${'[a-z]?'.repeat(40)}\\.example\\.com$`)
}

t.test('expressions share what their checks may cost, so that not even the costliest hold up the start', async t => {
  const list = new RegExpList(32)
  const messages = Array.from({ length: 32 }, (_, index) => list.check(costly(index)).problems.map(({ message }) => message).join())
  t.notMatch(messages[0], /up to this one/)
  t.match(messages[31], /up to this one are too large to be checked/)
  t.strictSame(list.check(costly(0)).problems.map(({ message }) => message).join(), messages[0], 'what is known costs nothing')
  t.notMatch(originRegExpProblems(costly(31))[0]?.message, /up to this one/, 'by itself it is looked at')
})

t.test('ordinary expressions leave room for as many as may be listed', async t => {
  const list = new RegExpList(32)
  const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
  for (let index = 0; index < 32; index++) {
    t.strictSame(list.check(new RegExp(`^https://(?:${label}\\.)*tenant${index}\\.example\\.com(?::\\d{1,5})?$`)), { problems: [], insecure: null, isUnexamined: false })
  }
  t.match(list.check(/^https:\/\/one-more\.example$/), { problems: [{ kind: 'slow', message: /more than 32/ }], insecure: null, isUnexamined: true })
  t.strictSame(list.check(/^https:\/\/another\.example$/), { problems: [], insecure: null, isUnexamined: true }, 'it is said once')
})

t.test('in a long list there is less time for expressions, and still enough for some', async t => {
  const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
  for (const entries of [10_000, 1_000_000]) {
    const list = new RegExpList(entries)
    const found = Array.from({ length: 32 }, (_, index) => list.check(new RegExp(`^https://(?:${label}\\.)*tenant${index}\\.example\\.com(?::\\d{1,5})?$`)).problems)
    t.strictSame(found.slice(0, 10).flat(), [])
    t.match(found[31], [{ kind: 'slow', message: /up to this one are too large/ }])
  }
})

t.test('where looking for an unencrypted origin uses up what there is, the expression is refused', async t => {
  const list = new RegExpList(32)
  const found = Array.from({ length: 10 }, (_, index) => list.check(new RegExp(`^http://(?:(?:[a-z]|-){60}\\.){3}example${index}$`)))
  t.strictSame(found[0]?.problems, [])
  t.match(found[0]?.insecure, /^http:\/\/a/)
  t.match(found[9], { problems: [{ kind: 'slow', message: /up to this one are too large/, fix: /^a list of origins/ }], insecure: null })
  t.ok(found[9]?.isUnexamined)
  t.ok(found.every(checked => checked.insecure !== null || checked.problems.length > 0), 'none is let pass that was not looked at')
})

t.test('however little is left, no expression passes that was not looked at', async t => {
  const kinds = new Set<string>()
  for (let left = 0; left < 4000; left += 10) {
    const work = Work.ofMany(1)
    work.spend(work.left - left)
    const problems = originRegExpProblems(new RegExp(`^https://a.b${left}[a-z]{1,4}\\.example$`), work)
    if (problems.length === 0) t.fail(`it passed with ${left} steps left`)
    kinds.add(problems.map(({ kind, fix }) => `${kind}: ${fix === null ? 'no fix' : 'fix'}`).join(', '))
  }
  t.strictSame([...kinds], ['slow: fix', 'loose: no fix', 'loose: fix'], 'the fix is what is done without first')
})

t.test('what comes of a list is the same when it is checked again', async t => {
  const verdicts = (): unknown[] => {
    const list = new RegExpList(32)
    return Array.from({ length: 32 }, (_, index) => list.check(costly(index)).problems.map(({ message }) => message))
  }
  t.strictSame(verdicts(), verdicts())
})
