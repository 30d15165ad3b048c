import t from 'tap'
import { originRegExpProblems, urlsRegExpProblems } from './problems.js'

function slowOrigin (source: string, flags = '') {
  return originRegExpProblems(new RegExp(`^(?:${source})$`, flags)).find(({ kind }) => kind === 'slow')
}

function slowUrls (regexp: RegExp) {
  return urlsRegExpProblems(regexp).find(({ kind }) => kind === 'slow')
}

t.test('an expression that can take exponential time is refused', async t => {
  const refused = [
    '(a|a)*',
    '(a|ab|b)*',
    '(ab|ab)*',
    '([a-z]+)+',
    '([a-z]*)*',
    '(a*)*',
    '(?:\\w+-?)+',
    '(?:[a-z0-9-]+\\.?)+shop\\.test',
    '(x+x+)+y',
    '(?:[a-z]{1,30}){1,30}',
    '(?:(?:a|b)|(?:a|b))*',
    '(?=(a+)+$)a*',
    '(?!(a+)+$)a*',
    'b*(?<=(a|a)+)c',
    '(?:a?b?)*c',
    '(?:(?:a?)+b)*',
    '(?:(?:a{5}){5})+a{60}|(?:a{2}|a{3})*',
    'https:\\/\\/(?:[a-z0-9]+[.-]?)+',
    '(?:(?:||)a)*'
  ]
  for (const source of refused) t.match(slowOrigin(source), { message: /exponentially many ways/ }, source)
})

t.test('a finite expression is refused where its optional parts multiply', async t => {
  const refused = [
    '(a?){12}a{12}',
    `${'a?'.repeat(12)}a{12}`,
    '(?:a|a){30}',
    '(?:||){30}',
    '(?:(?:|)(?:|)(?:|)(?:|)(?:|)(?:|)(?:|)(?:|)(?:|)(?:|)){2}',
    `[a-z]*[a-z0-9]*${'(?:a|a)'.repeat(8)}`,
    '(?:(?:a|a){4}-){4}'
  ]
  for (const source of refused) t.match(slowOrigin(source), { message: /too many ways/ }, source)
  t.ok(slowOrigin('(a?){30}a{30}'))
  t.ok(slowOrigin(`${'a?'.repeat(30)}a{30}`))
  t.match(slowOrigin('(?:a?b?){40}'), { message: /exponentially many ways, since "\(\?:a\?b\?\)" can also be empty/ })
})

t.test('an expression that takes cubic time is refused, and the message names the loops', async t => {
  const refused: Array<readonly [string, RegExp]> = [
    ['\\w*\\w*\\w*\\w*z', /"\\w\*" can share out .* power of 4/],
    ['\\w+[a-z]+[^.]+z', /"\\w\+" and "\[a-z\]\+" and "\[\^\.\]\+" can share out .* power of 3/],
    ['[a-z]+a[a-z]+b[a-z]+', /power of 3/],
    ['a*(?:b|a)[ab]*b?[ab]*-', /power of 3/],
    ['a*-[bc]*(?=c*c*c*d)', /power of 4/],
    ['a*a*-b*b*b*c', /power of 4/],
    ['a*a*-b*c*c*', /power of 3/]
  ]
  for (const [source, message] of refused) t.match(slowOrigin(source), { message }, source)
})

t.test('an expression that takes linear or quadratic time is accepted for origins', async t => {
  const accepted = [
    '(?:[a-z0-9-]+\\.)+',
    '(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)+example\\.com',
    '[a-z0-9-]{1,63}',
    '[\\w-]+(\\.[\\w-]+)*\\.example\\.com',
    '(?:\\d{1,3}\\.){3}\\d{1,3}',
    '[a-z0-9]+[a-z0-9-]*\\.example\\.com',
    '[a-z0-9-]+-[a-z0-9-]+\\.vercel\\.app',
    '(?:a|b)*',
    '(?:ab|ac)*',
    '(?:a?b)*',
    '(?:(?:a?){0,4}b)*',
    '(?:a?b?){2}c',
    '(?:(?:a|b){5}-){5}',
    '(?:[0-9a-f]{8}){4}',
    'a*b*c*d*e*',
    'a*-a*-a*-a*',
    '(?:)+x(?:){7}',
    'x{0}y(?:)*',
    '(?:(?=a)){0,3}x',
    '(?:\\b|x)y\\B',
    '(?=[a-z]+$)[a-z]*',
    '(?:(?=a+b)a)*',
    '(?<!x)a+(?<=a)',
    '[é-ü]*[é-ü]*[é-ü]*',
    'https:\\/\\/(?:shop|store|start|stop|step)(?:-(?:shop|store|start|stop))*\\.test'
  ]
  for (const source of accepted) t.equal(slowOrigin(source), undefined, source)
})

t.test('letter case and sets are taken as the engine takes them', async t => {
  t.equal(slowOrigin('(?:a|A)*'), undefined)
  t.ok(slowOrigin('(?:a|A)*', 'i'))
  t.ok(slowOrigin('(?:\\u{212a}|k)*', 'iu'))
  t.equal(slowOrigin('(?:\\u{1f600}|k)*', 'iu'), undefined)
  t.equal(slowOrigin('(?:\\u212a|k)*', 'i'), undefined)
  t.ok(slowOrigin('(?:\\p{L}|k)*', 'u'))
  t.equal(slowOrigin('(?:\\p{Lu}|k)*', 'u'), undefined)
  t.ok(slowOrigin('(?:[\\w--k]|j)*', 'v'))
  t.equal(slowOrigin('(?:[\\w--k]|k)*', 'v'), undefined)
})

t.test('what the automaton cannot express is refused', async t => {
  t.match(slowOrigin('(a)\\1'), { message: '"\\1" makes it impossible to tell how long a match can take' })
  t.match(slowOrigin('[\\q{abc|d}]+', 'v'), { message: /\[\\q\{abc\|d\}\]/ })
  t.equal(slowOrigin('[\\\\q]+', 'v'), undefined)
})

t.test('an expression too large to be analysed is refused', async t => {
  const refused = [
    `^${'a?'.repeat(990)}$`,
    `^(?:${'a|'.repeat(900)}b)*$`,
    `^${'(?:'.repeat(50)}a${'){4}'.repeat(50)}$`,
    `^${'a*b*c*'.repeat(300)}$`,
    `${'('.repeat(200)}${')'.repeat(200)}`,
    'a'.repeat(2001)
  ]
  for (const source of refused) {
    t.match(originRegExpProblems(new RegExp(source)).at(-1), { kind: 'slow', message: /to be checked/, fix: null }, source.slice(0, 30))
  }
  t.equal(slowOrigin('a'.repeat(1900)), undefined)
  t.equal(slowOrigin(`\\(${'[([]'.repeat(20)}`), undefined, 'brackets that nest nothing')
})

t.test('the fix of a loop around a loop is a single loop', async t => {
  const fixes = [
    [/^https:\/\/([a-z]+)+\.a\.test$/, '/^https:\\/\\/[a-z]+\\.a\\.test$/'],
    [/^https:\/\/a(?:[a-z]*)+\.a\.test$/g, '/^https:\\/\\/a[a-z]*\\.a\\.test$/'],
    [/^https:\/\/a([a-z]+)*\.a\.test$/i, '/^https:\\/\\/a[a-z]*\\.a\\.test$/i'],
    [/^https:\/\/a(?:[a-z]*){9,}\.a\.test$/, '/^https:\\/\\/a[a-z]*\\.a\\.test$/'],
    [/^https:\/\/(?:[a-z-]+)+\.shop\.test$/, '/^https:\\/\\/[a-z-]+\\.shop\\.test$/']
  ] as const
  for (const [regexp, fix] of fixes) t.match(originRegExpProblems(regexp).at(-1), { kind: 'slow', fix }, String(regexp))

  const withoutRewriting = ['(?:a+|b)+(?:a+|b)+', '(?:a+){1,9}', '(?:a{1,9})+', '(a|a)*', '(?:ab?a+)+', '(?:(?:a+)+)+', '([a-z.]+)+']
  for (const source of withoutRewriting) t.match(slowOrigin(`https://${source}\\.a\\.test`), { fix: null }, source)
  t.match(slowUrls(/(a+)+$/), { fix: '/a+$/' })
  t.match(slowUrls(/^(?:a|a)+$/), { fix: '/^(?:a|a)+$/' }, 'the same, which is no fix: whoever judges it says so')
})

t.test('urls are held to quadratic time, the search for a place to start included', async t => {
  for (const regexp of [/^\/api\//, /\.json$/, /\/api\/.*\.json$/, /\s+$/, /a+$/, /^\/(?!admin)/, /^(?!\/admin\/.*).*$/, /^\/[^/]+\/items\/[^/]+$/]) {
    t.equal(slowUrls(regexp), undefined, String(regexp))
  }
  t.match(slowUrls(/.*a.*b/), { message: /^the search for a place to start and "\.\*" can share out .* power of 3$/ })
  t.match(slowUrls(/^\/api\/.*\/.*\/.*$/), { message: /power of 3/ })
  t.match(slowUrls(/a*(?=a+b)/), { message: /power of 3/ })
  t.match(slowUrls(/(?:a*)(?<=a+b)$/), { message: /power of 3/ })
  t.match(slowUrls(/(?<=(?=b+c)b*)/), { message: /power of 3/ }, 'the lookahead is tried at each step of the lookbehind')
  t.equal(slowUrls(/(?<=b*(?=b+c))/), undefined, 'and here once')
})

t.test('what cannot fail any more adds nothing to the time', async t => {
  t.equal(slowUrls(/^\/api\/.*\/.*\/.*/), undefined)
  t.equal(slowUrls(/^\/(?:x|\/.*\/.*\/.*(?:y?z*)?)/), undefined)
  t.match(slowUrls(/^\/api\/.*\/.*\/.*(?=x)/), { message: /power of 3/ })
  t.match(slowUrls(/^\/api\/.*\/.*\/.*\b/), { message: /power of 3/ })
})
