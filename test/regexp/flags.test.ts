import t from 'tap'
import { originRegExpProblems, urlsRegExpProblems } from './problems.js'

t.test('the flags g, y and m are refused, and the fix is the same expression without them', async t => {
  const fixes = [
    [/^https:\/\/a\.test$/g, '/^https:\\/\\/a\\.test$/'],
    [/^https:\/\/a\.test$/y, '/^https:\\/\\/a\\.test$/'],
    [/^https:\/\/a\.test$/m, '/^https:\\/\\/a\\.test$/'],
    [/^https:\/\/a\.test$/dgimsuy, '/^https:\\/\\/a\\.test$/disu']
  ] as const
  for (const [regexp, fix] of fixes) {
    t.match(originRegExpProblems(regexp), [{ kind: 'flags', fix }], String(regexp))
    t.match(urlsRegExpProblems(regexp), [{ kind: 'flags', fix }], String(regexp))
  }
  t.match(originRegExpProblems(/^a$/gy), [{ message: /"g", "y"/ }])
})

t.test('the flags i, u, v, s and d are accepted', async t => {
  for (const flags of ['', 'i', 'u', 'v', 's', 'd', 'disu', 'disv']) {
    t.strictSame(originRegExpProblems(new RegExp('^https:\\/\\/a\\.test$', flags)), [], flags)
    t.strictSame(urlsRegExpProblems(new RegExp('^\\/api', flags)), [], flags)
  }
})

t.test('flags are reported beside everything else', async t => {
  t.strictSame(originRegExpProblems(/(a|a)*.b/g).map(({ kind }) => kind), ['flags', 'unanchored', 'loose', 'slow'])
  t.strictSame(urlsRegExpProblems(/(a|a)*.b/g).map(({ kind }) => kind), ['flags', 'slow'])
})

t.test('the fix does not repeat an expression that is too long', async t => {
  t.match(originRegExpProblems(new RegExp('a'.repeat(5000), 'g')), [{ kind: 'flags', fix: null }, { kind: 'slow' }])
})
