import t from 'tap'
import { parseCorsOptions } from '../../../lib/options/parse.js'
import { accepts, issuesOf, refuses, type Expected } from '../refused.js'

t.test('origin has to be given', async t => {
  refuses(t, undefined, [['origin-missing', '/origin', null]], 'nothing')
  refuses(t, {}, [['origin-missing', '/origin', null]], 'an empty object')
  refuses(t, { origin: undefined, methods: ['PUT'] }, [['origin-missing', '/origin', null]], 'origin: undefined')
  refuses(t, { origin: [] }, [['origin-missing', '/origin', null]], 'an empty list')
  refuses(t, { origin: [], delegator: () => ({}) }, [['origin-missing', '/origin', null]], 'an empty list beside a delegator')
  accepts(t, { delegator: () => ({ origin: false }) }, 'a delegator that will give it')
  accepts(t, { origin: false }, 'false')
})

t.test('origin can be many things', async t => {
  const accepted: unknown[] = [
    'https://app.example.com', ['https://app.example.com'], ['https://app.example.com', 'https://app.example.com'], 'https://*.example.com',
    'http://localhost:*', '*', ['https://a.example', '*'], true, false, /^https:\/\/(?:[a-z0-9-]+\.)?a\.example$/, [/^https:\/\/a\.example$/i, 'https://b.example'],
    () => true, async () => true, async () => {}, function () { return false }, class Origins {}, 'chrome-extension://abcdefghijklmnopabcdefghijklmnop'
  ]
  for (const origin of accepted) accepts(t, { origin }, String(origin))
})

t.test('origin can be nothing else', async t => {
  const form = /'https:\/\/app\.example\.com' for one origin, '\*' for any, or false to switch CORS off$/
  for (const origin of [null, 5, {}, new Set([5]), Symbol('a'), 1n]) {
    refuses(t, { origin }, [['invalid-type', '/origin', null]], String(origin))
    t.match(issuesOf(() => parseCorsOptions({ origin }))[0]?.message, form)
  }
  refuses(t, { origin: ['https://a.example', true] }, [['invalid-type', '/origin/1', null]], 'true in a list')
  refuses(t, { origin: [() => true, ['https://a.example'], null, undefined, 5] }, [0, 1, 2, 3, 4].map(index => ['invalid-type', `/origin/${index}`, index === 1 ? '[\'https://a.example\']' : null]), 'a list of others')
})

t.test('each entry is checked, and all are reported in their order', async t => {
  refuses(t, { origin: ['https://a.example/', 5, 'null', 'b.example', /x/] }, [
    ['origin-invalid', '/origin/0', '\'https://a.example\''],
    ['invalid-type', '/origin/1', null],
    ['origin-null', '/origin/2', null],
    ['origin-invalid', '/origin/3', '\'https://b.example\''],
    ['origin-regexp-unanchored', '/origin/4', null]
  ], 'a list of mistakes')
  refuses(t, { origin: 'https://a.example, b.example/' }, [
    ['origin-invalid', '/origin', '[\'https://a.example\', \'https://b.example\']']
  ], 'a list in one text')
})

t.test('null and file:// have to be allowed by name', async t => {
  for (const origin of ['null', 'file://']) {
    refuses(t, { origin }, [['origin-null', '/origin', null]], origin)
    refuses(t, { origin: ['https://a.example', origin] }, [['origin-null', '/origin/1', null]], `${origin} in a list`)
    accepts(t, { origin, dangerouslyAllow: ['null-origin'] }, `${origin} with the exception`)
  }
})

t.test('a regular expression has to be anchored, narrow, fast and without state', async t => {
  const refused: ReadonlyArray<[RegExp, readonly Expected[]]> = [
    [/^https:\/\/a\.example$/g, [['origin-regexp-flags', '/origin', '/^https:\\/\\/a\\.example$/']]],
    [/https:\/\/a\.example$/, [['origin-regexp-unanchored', '/origin', '/^https:\\/\\/a\\.example$/']]],
    [/^https:\/\/.+\.a\.example$/, [['origin-regexp-loose', '/origin', '\'https://*.a.example\'']]],
    [/^https:\/\/(?:[a-z]+)+\.a\.example$/, [['origin-regexp-slow', '/origin', /./]]]
  ]
  for (const [origin, issues] of refused) refuses(t, { origin }, issues, String(origin))
  const exception = { dangerouslyAllow: ['unchecked-regexps'] }
  accepts(t, { origin: [/a/, /^https:\/\/.+$/, /^https:\/\/(?:[a-z]+)+$/], ...exception }, 'what is not to be checked')
  refuses(t, { origin: /^(?:[a-z]+)+$/, ...exception }, [['origin-regexp-dead', '/origin', null]], 'what matches no origin at all')
  refuses(t, { origin: [/a/g], ...exception }, [['origin-regexp-flags', '/origin/0', /./]], 'a flag, in what is not to be checked,')
})

t.test('an origin made with a variable that is not set is one problem', async t => {
  for (const value of ['https://undefined', 'http://undefined:3000', 'https://undefined.example.com', 'https://app.undefined', 'https://*.undefined', 'https://null', 'https://nan:8080']) {
    refuses(t, { origin: ['https://a.example', value], credentials: true }, [['origin-invalid', '/origin/1', null]], value)
    t.match(issuesOf(() => parseCorsOptions({ origin: value }))[0]?.message, `'${value}' looks like it was made with an environment variable that is not set`)
  }
  for (const value of ['https://undefined-behaviour.example', 'https://null.example', 'https://nan.example.com', 'https://www.nullundefined.example']) accepts(t, { origin: value }, value)
})

t.test('of many regular expressions only so many are tried', async t => {
  const regexps = Array.from({ length: 34 }, (_, index) => new RegExp(`^https://a${index}\\.example$`))
  refuses(t, { origin: regexps }, [['origin-regexp-slow', '/origin/32', null]], 'the first of the rest')
  accepts(t, { origin: [...regexps.slice(0, 32), ...regexps.slice(0, 32)] }, 'the same again')
  const known = /^https:\/\/a0\.example$/
  refuses(t, { origin: [...regexps.slice(0, 33), known, 'https://A.example', regexps[0], regexps[33], /a/] }, [['origin-regexp-slow', '/origin/32', null], ['origin-invalid', '/origin/34', /./]], 'the same, with others after it,')
  refuses(t, { origin: [...regexps, ...regexps], credentials: true, enforce: 'all' }, [['origin-regexp-slow', '/origin/32', null]], 'the rest, with credentials,')
  const exception = { dangerouslyAllow: ['unchecked-regexps'] }
  accepts(t, { origin: regexps, ...exception }, 'any number that is not to be checked')
  const flags = regexps.map(({ source }) => new RegExp(source, 'g'))
  refuses(t, { origin: flags, ...exception }, flags.map((_, index) => ['origin-regexp-flags', `/origin/${index}`, /./]), 'any number of flags')
})

t.test('of very many mistakes all are reported and put right', async t => {
  const origin = Array.from({ length: 5000 }, (_, index) => `a${index}.example`)
  const issues = issuesOf(() => parseCorsOptions({ origin }))
  t.equal(issues.length, 1000)
  t.ok(issues.every(({ code, path }, index) => code === 'origin-invalid' && path === `/origin/${index}`))
  t.equal(issues[500]?.fix, '\'https://a500.example\'')
  t.equal(issues[999]?.fix, '\'https://a999.example\'')
})
