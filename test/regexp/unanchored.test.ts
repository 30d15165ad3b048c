import t from 'tap'
import { originRegExpProblems, urlsRegExpProblems } from './problems.js'

function unanchored (regexp: RegExp) {
  return originRegExpProblems(regexp).find(({ kind }) => kind === 'unanchored')
}

t.test('an expression anchored at both ends of every alternative is accepted', async t => {
  const accepted = [
    /^https:\/\/a\.test$/,
    /^(?:a|b)$/,
    /(?:^a$|^b$)/,
    /^a$|^b$/,
    /(^a|^b)(?:c$|d$)/,
    /(?:^a$){1}/,
    /(?=h)^a$/,
    /^a$(?!x)/,
    /^(?<!x)a\b$/,
    /^$/
  ]
  for (const regexp of accepted) t.equal(unanchored(regexp), undefined, String(regexp))
})

t.test('an expression that is open at an end is refused, and the fix is its anchored form', async t => {
  const fixes = [
    [/https:\/\/a\.test/, '/^https:\\/\\/a\\.test$/'],
    [/^https:\/\/a\.test/, '/^https:\\/\\/a\\.test$/'],
    [/https:\/\/a\.test$/i, '/^https:\\/\\/a\\.test$/i'],
    [/https:\/\/a\.test/g, '/^https:\\/\\/a\\.test$/'],
    [/^https:\/\/a\.test|https:\/\/b\.test$/, '/^(?:https:\\/\\/a\\.test|https:\\/\\/b\\.test)$/'],
  ] as const
  for (const [regexp, fix] of fixes) t.match(unanchored(regexp), { message: /\^ and \$/, fix }, String(regexp))
})

t.test('where an expression names no origin, it has no anchored form that would match one', async t => {
  for (const regexp of [/^a$|^b/, /(?:^a|b)$/, /\ba\b/, /(?=^a)a$/, /^\^a\$/, /^[$]/, /(?!)|^a$/, /(?:^a$)?/]) t.match(unanchored(regexp), { message: /\^ and \$/, fix: null }, String(regexp))
  t.match(unanchored(/(?:)/), { fix: '\'*\'' }, 'which anybody matches')
})

t.test('an expression without a scheme gets the pattern that it was written for', async t => {
  const fixes = [
    [/example\.com$/, "['https://example.com', 'https://*.example.com']"],
    [/\.example\.com$/, "'https://*.example.com'"],
    [/^shop\.test/, "'https://shop.test'"],
    [/localhost/, "'http://localhost:*'"],
    [/127\.0\.0\.1/, "'http://127.0.0.1:*'"]
  ] as const
  for (const [regexp, fix] of fixes) t.match(unanchored(regexp), { fix }, String(regexp))
})

t.test('where the expression is also loose, both problems have the fix that removes both', async t => {
  const fix = "'https://*.shop.test'"
  t.match(originRegExpProblems(/https:\/\/.*\.shop\.test/), [{ kind: 'unanchored', fix }, { kind: 'loose', fix }])
  const literal = '/^https:\\/\\/app-[a-z0-9-]*\\.shop\\.test$/'
  t.match(originRegExpProblems(/https:\/\/app-.*\.shop\.test/), [{ kind: 'unanchored', fix: literal }, { kind: 'loose', fix: literal }])
  t.match(originRegExpProblems(/https:\/\/.*/), [{ kind: 'unanchored', fix: null }, { kind: 'loose', fix: null }])
})

t.test('urls need not be anchored', async t => {
  t.strictSame(urlsRegExpProblems(/api/), [])
})
