import fc from 'fast-check'
import t from 'tap'
import { parseRouteOverride } from '../../../lib/options/parse.js'
import type { CorsOptions } from '../../../lib/options/schema.js'
import { accepts, holds, issuesOf, refuses, type Expected } from '../refused.js'

const credentials = true
const code = 'origin-public-suffix-with-credentials'

/** The label of an expression with the flag that lets classes be sets. */
function withSets (label: string): RegExp {
  return new RegExp(`^https://${label}\\.vercel\\.app$`, 'v')
}

/** Patterns and expressions that let in whoever registers a name. */
const OPEN: ReadonlyArray<string | RegExp> = [
  'https://*.com', 'https://*.com.', 'https://*--shop.netlify.app', 'https://shop-*.vercel.app:*', 'chrome-extension://*', 'https://*.co.uk', 'https://*.github.io', 'https://*.vercel.app:*', 'https://*.whatever.ck', 'https://*.ck', 'https://*.kawasaki.jp',
  /^https:\/\/[a-z0-9-]+\.vercel\.app$/, /^https:\/\/[a-z0-9-]+\.github\.io$/, /^https:\/\/[a-z0-9-]+\.co\.uk$/, /^https:\/\/([a-z0-9-]+\.)+app$/,
  /^https:\/\/[a-z0-9-]+\.xn--p1ai$/, /^https:\/\/[a-z0-9-]+\.s3\.amazonaws\.com$/,
  // Other ways to write any name
  /^https:\/\/[^./:@]+\.vercel\.app$/, /^https:\/\/\w+\.vercel\.app$/, /^https:\/\/[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.fly\.dev$/, /^https:\/\/(?:[a-z]|\d|-)+\.vercel\.app$/,
  /^https:\/\/\p{L}+\.vercel\.app$/u, withSets('[\\w--_]+'), /^https:\/\/(?:ab)+\.vercel\.app$/, /^https:\/\/(?:0|1|2|3|4|5|6|7|8|9){6}\.vercel\.app$/,
  // A part of the name is enough
  /^https:\/\/shop-[a-z0-9]+\.vercel\.app$/, /^https:\/\/[a-z0-9-]+--shop\.netlify\.app$/, /^https:\/\/pr-\d{1,3}\.vercel\.app$/, /^https:\/\/pr-\d\.vercel\.app$/, /^https:\/\/[a-f0-9]{8}\.pages\.dev$/,
  // Beside what is somebody's own
  /^https:\/\/(?:app\.example\.com|[a-z0-9-]+\.netlify\.app)$/, /^https:\/\/app\.example\.com$|^https:\/\/[a-z]+\.netlify\.app$/, /^https:\/\/[a-z0-9-]+\.(?:example|com)$/,
  /^https:\/\/(?:[a-z0-9-]+\.)?vercel\.app$/, /^https:\/\/(?:[a-z0-9-]+\.)*vercel\.app(?::\d+)?$/, /^https:\/\/admin\.[a-z0-9-]+\.vercel\.app$/, /^https:\/\/shop(?:-[a-z]+)?\.(?:vercel|netlify)\.app$/,
  // Ports, schemes, and other letters
  /^https:\/\/[a-z0-9-]+\.vercel\.app:8443$/, /^https:\/\/[a-z0-9-]+\.vercel\.app\.?$/, /^https?:\/\/[a-z]+\.vercel\.app$/, /^[a-z]+:\/\/[a-z0-9-]+\.vercel\.app$/, /^(?:https:\/\/)?[a-z]+\.vercel\.app$/,
  /^HTTPS:\/\/[A-Z]+\.VERCEL\.APP$/i, /^https:\/\/[a-z]+\.(?:v)ercel\.ap[p]$/,
  // Lookarounds and word boundaries
  /^https:\/\/(?=[a-z])[a-z0-9-]+\.vercel\.app$/, /^https:\/\/(?!evil)[a-z0-9-]+\.vercel\.app$/, /^https:\/\/\b[a-z]+\b\.vercel\.app(?<!x)$/,
  // Rules of the list with a *
  /^https:\/\/(?:[a-z0-9-]+\.)+ck$/, /^https:\/\/[a-z0-9-]+\.foo\.kawasaki\.jp$/, /^https:\/\/[a-z]+\.city\d?\.kawasaki\.jp$/,
  // The whole host of another scheme
  /^chrome-extension:\/\/[a-p]{32}$/, /^chrome-extension:\/\/[a-z]+$/, /^moz-extension:\/\/[0-9a-f-]{36}$/, /^(?:chrome|moz)-extension:\/\/[^./:@]+$/, /^app:\/\/\d+$/,
  /^(?:https|safari-web-extension):\/\/[a-z]+$/, /^[a-z-]+:\/\/[a-p]{32}$/, /^httpx?s?:\/\/[a-z]+$/, /^chrome-extension:\/\/abc[a-p]{29}$/, /^app:\/\/[a-z]+\.github\.io$/, /^CHROME-EXTENSION:\/\/[a-p]{32}$/i,
  // The suffix itself
  /^https:\/\/(?:[a-z0-9-]+\.)+[a-z]{2,}$/, /^https:\/\/example\.[a-z]{2,3}$/
]

/** Those that let in what is somebody's own, or nothing that has a name. */
const CLOSED: ReadonlyArray<string | RegExp> = [
  'https://*.example.com', 'https://*.team.github.io', 'https://*.internal', 'https://*.test', 'https://*.www.ck', 'https://*.city.kawasaki.jp', 'https://github.io',
  /^https:\/\/(?:shop|blog)\.vercel\.app$/, /^https:\/\/[ab]\.vercel\.app$/, /^https:\/\/shop[1-9]?\.vercel\.app$/, /^https:\/\/vercel\.app$/,
  /^https:\/\/[a-z0-9-]+\.example\.com$/, /^https:\/\/(?:[a-z0-9-]+\.)*example\.(?:com|org|co\.uk)$/, /^https:\/\/(?:[a-z0-9-]+\.)?(?:shop|blog)\.vercel\.app$/,
  /^https:\/\/[a-z]+\.city\.kawasaki\.jp$/, /^https:\/\/[a-z]+\.www\.ck$/, /^https:\/\/[a-z0-9-]+\.internal$/, /^https:\/\/[a-z-]+\.svc\.cluster\.local$/,
  /^https:\/\/192\.168\.\d{1,3}\.\d{1,3}(?::\d{1,5})?$/, /^https:\/\/\d{1,3}(?:\.\d{1,3}){3}$/, /^http:\/\/localhost(?::\d+)?$/, /^https:\/\/[a-z0-9-]+$/, /^https:\/\/\[[0-9a-f]+\]$/,
  /^https:\/\/[a-z]\.a\.a\.a\.a\.a\.a\.a\.a\.a\.example\.com$/, /^chrome-extension:\/\/(?:abcdefghijklmnopabcdefghijklmnop|ponmlkjihgfedcbaponmlkjihgfedcba)$/, /^capacitor:\/\/localhost(?::\d+)?$/, /^[a-z]+:\/\/localhost$/, 'https://pr-*.example.com', 'https://*--shop.example.com:*'
]

const insecureAllowed = ['insecure-origins']

t.test('with credentials, no pattern or expression may let in whoever registers a name', async t => {
  for (const origin of OPEN) {
    refuses(t, { origin, credentials, dangerouslyAllow: insecureAllowed }, [[code, '/origin', null]], String(origin))
    refuses(t, { origin: ['https://a.example', origin], credentials, dangerouslyAllow: insecureAllowed }, [[code, '/origin/1', null]], `[${String(origin)}]`)
    accepts(t, { origin }, `${String(origin)} without credentials`)
    accepts(t, { origin, credentials, dangerouslyAllow: [...insecureAllowed, 'public-suffixes'] }, `${String(origin)} with the exception`)
  }
  for (const origin of CLOSED) accepts(t, { origin, credentials, dangerouslyAllow: insecureAllowed }, String(origin))
})

t.test('with enforce, neither may they', async t => {
  for (const enforce of ['unsafe', 'all']) {
    for (const origin of OPEN) {
      refuses(t, { origin, enforce }, [[code, '/origin', null]], `${String(origin)} and ${enforce}`)
      accepts(t, { origin, enforce, dangerouslyAllow: ['public-suffixes'] }, `${String(origin)} and ${enforce} with the exception`)
    }
    for (const origin of CLOSED) accepts(t, { origin, enforce }, `${String(origin)} and ${enforce}`)
  }
  for (const origin of OPEN) accepts(t, { origin, enforce: false }, `${String(origin)} and false`)
})

t.test('the message names the suffix, what could happen, and what to write', async t => {
  const messageOf = (options: object): string | undefined => issuesOf(() => parseRouteOverride(options, {}, 'GET /'))[0]?.message
  t.match(messageOf({ origin: /^https:\/\/[a-z]+\.co\.uk$/, credentials }), /below co\.uk, and its pages could act for users.*; list the names/)
  t.match(messageOf({ origin: 'https://*.github.io', enforce: 'all' }), /below github\.io, and enforce would let its pages in; list the names/)
  t.match(messageOf({ origin: /^https:\/\/(?:[a-z]+\.)+[a-z]+$/, credentials }), /a name that this allows, and/)
})

t.test('a route is held to what it makes of the registration\'s options', async t => {
  const anyName = /^https:\/\/[a-z]+\.vercel\.app$/
  const cases: ReadonlyArray<[override: object, base: CorsOptions, expected: readonly Expected[]]> = [
    [{ credentials }, { origin: anyName }, [[code, '/credentials', null]]],
    [{ enforce: 'all' }, { origin: anyName }, [[code, '/enforce', null]]],
    [{ enforce: 'unsafe' }, { origin: ['https://a.example', 'https://*.vercel.app'] }, [[code, '/enforce', null]]],
    [{ origin: anyName }, { origin: 'https://a.example', enforce: 'unsafe' }, [[code, '/origin', null]]],
    [{ dangerouslyAllow: [] }, { origin: anyName, credentials, dangerouslyAllow: ['public-suffixes'] }, [[code, '/dangerouslyAllow', null]]],
    [{ maxAge: 5 }, { origin: anyName, credentials }, []],
    [{ dangerouslyAllow: ['public-suffixes'] }, { origin: anyName, credentials }, []]
  ]
  for (const [override, base, expected] of cases) {
    holds(t, issuesOf(() => parseRouteOverride(override, base, 'GET /')), expected, JSON.stringify(override))
  }
})

t.test('a pattern that is not encrypted either is refused for both', async t => {
  refuses(t, { origin: 'http://*.com', credentials }, [
    ['origin-insecure-with-credentials', '/origin', null],
    [code, '/origin', null]
  ], 'both at once')
})

t.test('what is not checked for its cost is still checked for the names it allows', async t => {
  const dangerouslyAllow = ['unchecked-regexps']
  const open = [
    /^https:\/\/.+\.vercel\.app$/, /\.vercel\.app$/, /vercel\.app/, /^https:\/\/shop\.example\.com/, /^https:\/\/[^.]+\.vercel\.app$/, /^https:\/\/(?:[a-z]+)+\.vercel\.app$/, /^https:\/\/a\.example$|x/
  ]
  for (const origin of open) refuses(t, { origin, enforce: 'all', dangerouslyAllow }, [[code, '/origin', null]], String(origin))
  for (const origin of [/\.example\.com$/, /shop\.example\.com$/, /^https:\/\/(?:[a-z]+)+\.example\.com$/]) accepts(t, { origin, enforce: 'all', dangerouslyAllow }, String(origin))
  for (const origin of [/\.example\.com$/, /^https:\/\/shop\.example\.com/]) {
    refuses(t, { origin, enforce: 'all' }, [['origin-regexp-unanchored', '/origin', /./]], `${String(origin)} without the exception`)
  }
})

t.test('where nobody can tell which names an expression allows, it is refused', async t => {
  const dangerouslyAllow = ['unchecked-regexps']
  const unclear = [
    /^https:\/\/(a)\1\.example\.com$/, withSets('[\\q{abc|d}]'), new RegExp(`^https://${'a'.repeat(3000)}\\.example$`), new RegExp(`^https://${'[a-z]?'.repeat(300)}\\.example$`)
  ]
  for (const origin of unclear) {
    refuses(t, { origin, enforce: 'all', dangerouslyAllow }, [[code, '/origin', null]], String(origin).slice(0, 50))
    accepts(t, { origin, enforce: 'all', dangerouslyAllow: [...dangerouslyAllow, 'public-suffixes'] }, `${String(origin).slice(0, 50)} with both exceptions`)
    refuses(t, { origin, enforce: 'all' }, [['origin-regexp-slow', '/origin', null]], `${String(origin).slice(0, 50)}, checked,`)
  }
  const manyNames = /^https:\/\/(?:[1-9]\.){8}example\.com$/
  refuses(t, { origin: manyNames, enforce: 'all' }, [[code, '/origin', null]], 'one that names too many hosts to go through')
})

t.test('a long list of expressions is examined in bounded time, and what comes too late is refused', async t => {
  const many = Array.from({ length: 400 }, (_, index) => new RegExp(`^https://(?:[a-z0-9-]+\\.)*tenant${index}\\.example\\.com$`))
  const issues = issuesOf(() => parseRouteOverride({ origin: many, enforce: 'all', dangerouslyAllow: ['unchecked-regexps'] }, {}, 'GET /'))
  t.ok(issues.length > 0 && issues.length < 370, 'the first are examined')
  t.match(issues.at(-1), { code, path: '/origin/399', message: /after so many others/ })
  accepts(t, { origin: many.slice(0, 32), enforce: 'all' }, 'as many as may be listed')
  accepts(t, { origin: new Array(10_000).fill(many[0]), enforce: 'all' }, 'one expression, however often')
})

t.test('no expression passes that allows strangers\' names', async t => {
  const label = fc.constantFrom('a', 'shop', 'vercel', '[a-z]+', '[a-z0-9-]{2,}', '[ab]', '(?:x|y)', 'pr-\\d+', '(?:[a-z]+-)?app', '(?=s)shop', '[^.]+')
  const labels = fc.array(fc.tuple(label, fc.constantFrom('\\.', '\\.', '-')), { maxLength: 3 }).map(parts => parts.flat().join(''))
  const end = fc.constantFrom('vercel\\.app', '(?:vercel|netlify)\\.app', 'app', 'co\\.uk', 'foo\\.ck', 'example\\.com', '(?:example\\.)?com', '(?:[a-z]+\\.)?github\\.io')
  const stranger = fc.tuple(fc.constantFrom('', 'a.', 'shop.'), fc.stringMatching(/^(?:pr-\d{2,6}|[a-z]{1,8}(?:-app)?)$/)).map(parts => parts.join(''))
  let open = 0
  fc.assert(fc.property(labels, end, fc.array(stranger, { minLength: 30, maxLength: 60 }), (before, suffix, names) => {
    const origin = new RegExp(`^https://${before}${suffix}$`)
    const suffixes = ['vercel.app', 'app', 'co.uk', 'foo.ck', 'com', 'github.io']
    const most = Math.max(...suffixes.map(suffix => new Set(names.filter(name => origin.test(`https://${name}.${suffix}`)).map(name => name.split('.').at(-1))).size))
    if (most < 5) return true
    open++
    return issuesOf(() => parseRouteOverride({ origin, enforce: 'all' }, {}, 'GET /')).length > 0
  }), { numRuns: 500 })
  t.ok(open > 20)
})
