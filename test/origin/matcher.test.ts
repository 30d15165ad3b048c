import fc from 'fast-check'
import t from 'tap'
import { originMatcher, type OriginMatcher } from '../../lib/origin/matcher.js'
import { isSerialisedOrigin } from '../../lib/origin/parse.js'
import { parsePattern } from '../../lib/origin/pattern.js'

function matcher (exact: string[], patterns: string[] = [], regexps: RegExp[] = [], wellFormed: OriginMatcher = isSerialisedOrigin): OriginMatcher {
  return originMatcher({ exact, patterns: patterns.map(parsePattern), regexps, wellFormed })
}

t.test('exact origins match byte for byte', t => {
  for (const exact of [['https://a.example'], ['https://a.example', 'http://b.example:8080', 'null']]) {
    const matches = matcher(exact)
    for (const origin of exact) t.ok(matches(origin), origin)
    for (const origin of ['https://A.example', 'http://a.example', 'https://a.example/', 'https://a.example:443', 'https://a.example ', '', 'file://', '__proto__', 'constructor']) {
      t.notOk(matches(origin), origin)
    }
  }
  t.notOk(matcher([])('https://a.example'))
  t.notOk(matcher([])(''))
  t.end()
})

for (const [pattern, yes, no] of [
  ['https://*.example.com',
    ['https://a.example.com', 'https://a.b.example.com', 'https://a-1.example.com', 'https://example.com.example.com'],
    ['https://example.com', 'https://.example.com', 'https://aexample.com', 'http://a.example.com', 'https://a.example.com:8443', 'https://a.example.com.evil', 'https://a.example.org', 'wss://a.example.com', 'xhttps://a.example.com']],
  ['https://*.example.com:8443', ['https://a.example.com:8443'], ['https://a.example.com', 'https://a.example.com:8444', 'https://a.example.com:84430', 'https://a.example.com:18443']],
  ['https://*.example.com:*', ['https://a.example.com', 'https://a.example.com:1', 'https://a.b.example.com:65535'], ['https://example.com', 'https://example.com:1', 'https://a.example.com:65536', 'https://a.example.com:', 'https://a.example.com:443', 'https://a.example.com:0']],
  ['http://localhost:*', ['http://localhost', 'http://localhost:5173'], ['http://a.localhost', 'http://localhost.evil', 'https://localhost', 'http://localhost:80', 'http://localhos:1', 'http://xlocalhost:1']],
  ['http://[::1]:*', ['http://[::1]', 'http://[::1]:8080'], ['http://[::2]', 'http://[::1]:80', 'http://localhost', 'https://[::1]']],
  ['http://127.0.0.1:*', ['http://127.0.0.1:3000'], ['http://127.0.0.2:3000', 'http://1.127.0.0.1:3000']],
  ['app://*.example', ['app://a.example', 'app://a.b.example'], ['app://example', 'https://a.example']]
] as const) {
  t.test(`the pattern ${pattern}`, t => {
    // Alone, and among others that share its host, its end, or nothing.
    for (const others of [[], ['https://*.com.test', 'https://*.other.example', 'ftp://*.example.com', 'http://localhost.test:*']]) {
      const matches = matcher(['https://exact.test'], [...others, pattern])
      for (const origin of yes) t.ok(matches(origin), origin)
      for (const origin of no) t.notOk(matches(origin), origin)
      t.ok(matches('https://exact.test'))
    }
    t.end()
  })
}

t.test('expressions see whole, well-formed origins only', t => {
  const matches = matcher([], [], [/^https:\/\/[a-z]+\.example$/, /^[^]*$/])
  t.ok(matches('https://a.example'))
  for (const origin of ['', 'nonsense', 'https://a.example/', 'null', 'file://', 'https://a.example\n', `https://${'a'.repeat(300)}`]) t.notOk(matches(origin), JSON.stringify(origin))
  t.end()
})

t.test('where null and file:// are wanted, expressions see them, and patterns are not misled by them', t => {
  const wellFormed = (origin: string): boolean => origin === 'null' || origin === 'file://' || isSerialisedOrigin(origin)
  const patterns = ['https://*.example.com', 'http://localhost:*', 'app://*.null']
  for (const origin of ['null', 'file://']) {
    t.notOk(matcher([], patterns, [], wellFormed)(origin), origin)
    t.ok(matcher([], [], [/^(?:null|file:\/\/)$/], wellFormed)(origin), origin)
    t.ok(matcher([], patterns, [/^(?:null|file:\/\/)$/], wellFormed)(origin), origin)
  }
  t.ok(matcher([], patterns, [], wellFormed)('https://a.example.com'))
  t.end()
})

t.test('an expression is copied: what happens to the original later changes nothing', t => {
  const expression = /^https:\/\/a\.example$/
  const matches = matcher([], [], [expression])
  expression.compile('.*')
  t.notOk(matches('https://evil.example'))
  t.ok(matches('https://a.example'))
  t.end()
})

t.test('thousands of patterns, and hosts whose hashes collide', t => {
  // 31 * 'B' + 'b' is 31 * 'C' + 'C': such pairs have the same hash wherever they stand.
  t.equal(31 * 'B'.charCodeAt(0) + 'b'.charCodeAt(0), 31 * 'C'.charCodeAt(0) + 'C'.charCodeAt(0))
  const colliding = matcher([], ['https://*.a1.example', 'https://*.bP.example', 'https://*.ab.example', 'https://*.bc.example'])
  t.ok(colliding('https://x.ab.example'))
  t.ok(colliding('https://x.bc.example'))
  t.notOk(colliding('https://x.ac.example'))

  const many = matcher([], Array.from({ length: 5000 }, (_, i) => `https://*.tenant${i}.example`))
  for (const i of [0, 1, 2500, 4999]) {
    t.ok(many(`https://a.tenant${i}.example`))
    t.ok(many(`https://a.b.tenant${i}.example`))
    t.notOk(many(`https://tenant${i}.example`))
  }
  t.notOk(many('https://a.tenant5000.example'))
  t.end()
})

t.test('patterns say the same as a plain reading of them', async () => {
  const label = fc.constantFrom('a', 'b', 'ab', 'example', 'com', 'x-1')
  const host = fc.array(label, { minLength: 1, maxLength: 4 }).map(labels => labels.join('.'))
  const scheme = fc.constantFrom('http', 'https', 'app')
  const port = fc.constantFrom('', ':8080', ':1')
  const origin = fc.tuple(scheme, host, port).map(parts => ({ scheme: parts[0], host: parts[1], port: parts[2] }))
  const pattern = fc.tuple(scheme, fc.boolean(), host, fc.constantFrom('', ':8080', ':*'))
    .filter(([, wildcard, , port]) => wildcard || port === ':*')
    .map(([scheme, wildcard, host, port]) => ({ scheme, wildcard, host, port }))
  fc.assert(fc.property(fc.array(pattern, { minLength: 1, maxLength: 5 }), origin, (patterns, asked) => {
    const matches = matcher([], patterns.map(({ scheme, wildcard, host, port }) => `${scheme}://${wildcard ? '*.' : ''}${host}${port}`))
    const expected = patterns.some(({ scheme, wildcard, host, port }) => scheme === asked.scheme &&
      (wildcard ? asked.host.endsWith(`.${host}`) : asked.host === host) && (port === ':*' || port === asked.port))
    return matches(`${asked.scheme}://${asked.host}${asked.port}`) === expected
  }), { numRuns: 2000 })
})

t.test('a * inside the first label stands for letters, digits and hyphens, and for no dot', async t => {
  const matches = matcher([], ['https://pr-*.example.com', 'https://*--shop.netlify.app', 'https://a*b.example.org:*', 'https://*.example.net', 'https://x-*.example.net', 'app://*', 'http://localhost.:*'])
  const allowed = [
    'https://pr-1.example.com', 'https://pr-a-b.example.com', 'https://x--shop.netlify.app', 'https://ab1b.example.org:81', 'https://acb.example.org', 'https://x.example.net', 'app://.',
    'app://localhost', 'http://localhost.:3000', 'https://x-1.example.net'
  ]
  for (const origin of allowed) t.ok(matches(origin), origin)
  const refused = [
    'https://pr-.example.com', 'https://pr-1.a.example.com', 'https://a.pr-1.example.com', 'https://pr-_.example.com', 'https://pr-1.example.com:81', 'https://--shop.netlify.app', 'https://ab.example.org',
    'https://xpr-1.example.com', 'http://pr-1.example.com', 'https://pr-1.example.com.evil.test', 'https://app', 'app://x:1', 'http://localhost:3000', `https://${'a.'.repeat(40)}--shop.netlify.app`
  ]
  for (const origin of refused) t.notOk(matches(origin), origin)
})

t.test('ten thousand patterns with one end, one port or one beginning take no walk over them', async t => {
  const sets = [
    Array.from({ length: 10_000 }, (_, i) => `https://pr-${i}-*.example.com`),
    Array.from({ length: 10_000 }, (_, i) => `https://*.example.com:${i + 1000}`),
    Array.from({ length: 10_000 }, (_, i) => `s${i}://*.example.com`)
  ]
  for (const patterns of sets) {
    const few = matcher([], patterns.slice(0, 10))
    const many = matcher([], patterns)
    const cost = (matches: (origin: string) => boolean): number => {
      const started = performance.now()
      for (let i = 0; i < 20_000; i++) matches(`https://pr-${i}x.example.com:99`)
      return performance.now() - started
    }
    cost(few)
    t.ok(cost(many) < 50 * cost(few) + 200, `${patterns[0]} and the like`)
  }
})
