import t from 'tap'
import { originRegExpProblems } from './problems.js'

function loose (regexp: RegExp) {
  return originRegExpProblems(regexp).find(({ kind }) => kind === 'loose')
}

/** With a flag that is newer than the language these tests are compiled to. */
function sets (source: string) {
  return new RegExp(source, 'v')
}

t.test('what people write for their own origins is accepted', async t => {
  const accepted = [
    /^https:\/\/shop\.test$/,
    /^https:\/\/shop[.]test$/,
    /^https:\/\/(?:www[.])?shop[.]test$/i,
    /^https?:\/\/(?:www\.)?shop\.test$/,
    /^https?:\/\/(?:[a-z]+\.)?shop\.test(?::\d+)?$/,
    /^https:\/\/(?:[a-z0-9-]+\.)+shop\.test$/,
    /^https:\/\/(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+example\.com$/,
    /^https:\/\/(?:app|admin|api)\.shop\.(?:test|example)$/,
    /^https:\/\/deploy-preview-\d+--mysite\.netlify\.app$/,
    /^https:\/\/[a-f0-9]{24}--mysite\.netlify\.app$/,
    /^https:\/\/[a-z0-9-]+-team\.vercel\.app$/,
    /^https:\/\/my-app-(?:git-)?[a-z0-9-]+-my-team\.vercel\.app$/,
    /^https:\/\/pr-\d+\.preview\.shop\.test$/,
    /^https:\/\/[^.:/@]+\.shop\.test$/,
    /^http:\/\/localhost:\d{1,5}$/,
    /^http:\/\/localhost(?::\d+)?$/,
    /^http:\/\/localhost:(?:3000|5173|80[0-9]{2})$/,
    /^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\]):\d+$/,
    /^http:\/\/192\.168\.\d{1,3}\.\d{1,3}(?::\d+)?$/,
    /^http:\/\/10\.(?:\d{1,3}\.){2}\d{1,3}$/,
    /^http:\/\/(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)$/,
    /^chrome-extension:\/\/[a-p]{32}$/,
    /^moz-extension:\/\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
    /^(?:capacitor|ionic|https?):\/\/localhost$/,
    /^[a-z]+:\/\/shop\.test$/,
    /^https:\/\/(?=[^/]+$)(?![^/]*evil)[a-z-]+\.shop\.test$/,
    /^https:\/\/[a-z]+(?=shop)\.test$/,
    /^https:\/\/[^]\.shop\.test$/
  ]
  for (const regexp of accepted) t.strictSame(originRegExpProblems(regexp), [], String(regexp))
})

t.test('an unescaped dot is refused, and the fix has the dot alone', async t => {
  const fixes = [
    [/^https:\/\/shop.test$/, "'https://shop.test'"],
    [/^https:\/\/shop.test$/s, "'https://shop.test'"],
    [/^https:\/\/Shop.test$/i, "'https://shop.test'"],
    [/^https:\/\/(a|b).shop.test$/, "['https://a.shop.test', 'https://b.shop.test']"],
    [sets('^https:\\/\\/(?:www.)?shop[.]test$'), "['https://shop.test', 'https://www.shop.test']"],
    [/^https:\/\/(?:www){1}.shop\.test$/, "'https://www.shop.test'"],
    [/^https:\/\/[a-z0-9-]+.shop.test$/, '/^https:\\/\\/[a-z0-9-]+\\.shop\\.test$/'],
    [/^https:\/\/(?:\d+.){3}shop\.test$/, '/^https:\\/\\/(?:\\d+\\.){3}shop\\.test$/'],
    [/^https:\/\/a{2}.shop\.test$/, '/^https:\\/\\/a{2}\\.shop\\.test$/'],
    [/^https:\/\/[ab].shop\.test$/, '/^https:\\/\\/[ab]\\.shop\\.test$/'],
    [/^https:\/\/\ba.shop\.test$/, '/^https:\\/\\/\\ba\\.shop\\.test$/'],
    [/^https:\/\/(?:(?=a)){2}a.shop\.test$/, '/^https:\\/\\/(?:(?=a)){2}a\\.shop\\.test$/'],
    [/^https:\/\/(?:a|b|c|d|e|f|g|h|i).shop\.test$/, '/^https:\\/\\/(?:a|b|c|d|e|f|g|h|i)\\.shop\\.test$/'],
    [/^https:\/\/(?:a|b|c)(?:d|e|f).shop\.test$/, '/^https:\\/\\/(?:a|b|c)(?:d|e|f)\\.shop\\.test$/'],
    [/^https:\/\/(a|b).\1\.test$/, null],
    [/^https:\/\/(a)(?:\1)?.test$/, null],
    [/^https:\/\/(a)\1+.test$/, null],
    [/^(?=a)*https:\/\/shop.test$/, '/^(?=a)*https:\\/\\/shop\\.test$/'],
    [/^https:\/\/shop.test\/path$/, '\'https://shop.test\'']
  ] as const
  for (const [regexp, fix] of fixes) t.match(loose(regexp), { message: /unescaped "\."/, fix }, String(regexp))
  t.match(loose(/^(?=.)https:\/\/a\.test$/), { message: /unescaped "\."/ })
})

t.test('repeated text that can leave its label is refused, and the fix is the pattern that says the same', async t => {
  const fixes = [
    [/^https:\/\/.*\.shop\.test$/, "'https://*.shop.test'"],
    [/^https:\/\/.+\.shop\.test$/, "'https://*.shop.test'"],
    [/^https:\/\/.*?\.shop\.test$/s, "'https://*.shop.test'"],
    [/^https:\/\/[^/]+\.shop\.test$/, "'https://*.shop.test'"],
    [/^https:\/\/\S+\.shop\.test$/, "'https://*.shop.test'"],
    [/^https:\/\/[\w.-]+\.shop\.test$/, "'https://*.shop.test'"],
    [sets('^https:\\/\\/[\\p{L}.]+\\.shop\\.test$'), "'https://*.shop.test'"],
    [/^https:\/\/(.*\.)?shop\.test$/, "['https://shop.test', 'https://*.shop.test']"],
    [/^https:\/\/(?:.+\.)?shop\.test$/, "['https://shop.test', 'https://*.shop.test']"],
    [/^https:\/\/(?:.+\.)*shop\.test$/, "['https://shop.test', 'https://*.shop.test']"],
    [/^https:\/\/(?:[^.]+\.)+shop\.test$/, "'https://*.shop.test'"],
    [/^https:\/\/.*shop\.test$/, "['https://shop.test', 'https://*.shop.test']"],
    [/^https:\/\/.+shop\.test$/, "'https://*.shop.test'"],
    [/^https?:\/\/.*\.shop\.test$/, "['http://*.shop.test', 'https://*.shop.test']"],
    [/^https:\/\/.*\.shop\.test(:\d+)?$/, "'https://*.shop.test:*'"],
    [/^https:\/\/.*\.shop\.test:8443$/, "'https://*.shop.test:8443'"],
    [/^http:\/\/localhost:.*$/, "'http://localhost:*'"],
    [/^http:\/\/localhost.*$/, "'http://localhost:*'"],
    [/^.*\.shop\.test$/, "'https://*.shop.test'"],
    [/^https:\/\/[^.]+\.shop\.test$/, '/^https:\\/\\/[a-z0-9-]+\\.shop\\.test$/'],
    [/^https:\/\/app-.*\.shop\.test$/, '/^https:\\/\\/app-[a-z0-9-]*\\.shop\\.test$/'],
    [/^https:\/\/(?:[^/])*\.shop\.test$/, '/^https:\\/\\/(?:[a-z0-9-])*\\.shop\\.test$/'],
    [/^https:\/\/[.:]+\.shop\.test$/, null],
    [/^https:\/\/.*(?:a|b|c|d|e)\.test$/, null],
    [/^https:\/\/.*$/, null],
    [/^https:\/\/[\w.]+$/, null],
    [/^https:\/\/([a-z.])+$/, null],
    [/^.*$/, '\'*\''],
    [/^.*:\/\/shop\.test$/, '[\'http://shop.test\', \'https://shop.test\']'],
    [/^https:\/\/shop\.[^/]+$/, null]
  ] as const
  for (const [regexp, fix] of fixes) t.match(loose(regexp), { message: /hosts that belong to others/, fix }, String(regexp))
  t.equal(loose(/^[a-z.]{300,}https:\/\/[.a]{8,}(?:[@b])?$/)?.fix, null)
})

t.test('a repeated class before the letters of a name is refused', async t => {
  const fixes = [
    [/^https:\/\/[a-z]+shop\.test$/, null],
    [/^https:\/\/[a-z0-9-]*shop\.test$/, null],
    [/^https:\/\/([a-z]+)?shop\.test$/, null],
    [/^https:\/\/\w+(?:shop|store)\.test$/, null],
    [/^https:\/\/(?:www|[a-z]+)shop\.test$/, null],
    [/^https:\/\/[a-z]+[a-z]shop\.test$/, null],
    [/^https:\/\/[a-z]+\d?shop\.test$/, null],
    [/^https:\/\/[a-z]+(?:\.|)shop\.test$/, null],
    [/^https:\/\/[a-z]+(?=x)-?shop\.test$/, null],
    [/^https:\/\/(?:[a-z])+shop\.test$/, null],
    [/^https:\/\/[a-z]{3}shop\.test$/, null],
    [/^https:\/\/[A-Z]+shop\.test$/i, null],
    [/^https:\/\/[a-z]+[s]hop\.test$/, null]
  ] as const
  for (const [regexp, fix] of fixes) t.match(loose(regexp), { message: /is directly followed by "/, fix }, String(regexp))
  t.match(loose(/^https:\/\/[a-z]+shop\.test$/), { message: '"[a-z]+" is directly followed by "shop", so that it matches any name that ends in it: where names below it are meant, write "\\." before it' })
  t.match(loose(/^https:\/\/[a-z]+[s]hop\.test$/), { message: /followed by "\[s\]"/ })
})

t.test('an expression that would become too long has no fix', async t => {
  t.match(loose(new RegExp(`^https:\\/\\/${'.'.repeat(1500)}test$`)), { fix: null })
})

t.test('each thing that is loose is named once', async t => {
  const problems = originRegExpProblems(/^https:\/\/.*\.[a-z]+shop.test.(?:.*)$/).filter(({ kind }) => kind === 'loose')
  t.equal(problems.length, 1)
  t.equal(problems[0]?.message.split('; ').length, 3)
})

t.test('long parts are shortened in messages', async t => {
  t.match(loose(new RegExp(`^https:\\/\\/[${'a-z'.repeat(40)}.]+$`)), { message: /^"\[[a-z-]{59}…" can match/ })
})
