import t from 'tap'
import fc from 'fast-check'
import { diagnoseOrigin } from '../../../lib/options/suggest/origin.js'
import { originRegExpProblems } from '../../regexp/problems.js'
import { isValidOrigin } from '../../../lib/origin/validate.js'
import { parseCorsOptions } from '../../../lib/options/parse.js'
import { issuesOf } from '../refused.js'

const USABLE = [
  'https://example.com', 'http://localhost:5173', 'http://[::1]:8080', 'chrome-extension://abcdefghijklmnopabcdefghijklmnop',
  'moz-extension://0b5d1e4c-5b0a-4e9e-8a6b-2d8f0b1c2d3e', 'capacitor://localhost', 'app://Obsidian.MD', 'app://.', 'http://localhost.:3000', 'https://*.com.', 'chrome-extension://*', 'https://app-*.example.com', 'https://pre*prod.example.com', 'https://*.example.com',
  'https://*.example.com:8443', 'https://*.example.com:*', 'http://localhost:*', 'http://127.0.0.1:*', 'http://[::1]:*', 'http://*.localhost',
  'http://*.localhost:*', 'https://*.com', 'capacitor://localhost:*', 'app://*.example', 'https://xn--bcher-kva.example', 'https://a_b.example',
  'https://*.xn--bcher-kva.example', 'https://axn--b.example', 'https://xn--ls8h.xn--p1ai', 'https://intranet', 'https://192.168.0.10:8443'
]

/** What people write, what is said about it, and what they are told to write. */
const REFUSED: ReadonlyArray<[string, RegExp, string | null]> = [
  ['', /is empty/, 'leave it out'],
  ['  ', /is empty/, 'leave it out'],
  [',', /is empty/, 'leave it out'],
  ['example.com', /has no scheme/, '\'https://example.com\''],
  ['example.com:8080', /has no scheme/, '\'https://example.com:8080\''],
  ['localhost', /has no scheme/, '\'http://localhost\''],
  ['localhost:3000', /has no scheme/, '\'http://localhost:3000\''],
  ['app.localhost:3000/', /has no scheme; ends with a slash/, '\'http://app.localhost:3000\''],
  ['127.0.0.1:8080', /has no scheme/, '\'http://127.0.0.1:8080\''],
  ['[::1]:3000', /has no scheme/, '\'http://[::1]:3000\''],
  ['::1', /has no scheme; has an IPv6 address without brackets/, '\'http://[::1]\''],
  ['//example.com', /has no scheme/, '\'https://example.com\''],
  ['*.example.com', /has no scheme/, '\'https://*.example.com\''],
  ['/api', /has no host/, null],
  ['https://', /has no host/, null],
  ['https://:3000', /has no host/, null],
  ['https://.', /has no host/, null],
  ['https:/example.com', /does not have :\/\/ after the scheme/, '\'https://example.com\''],
  ['https:example.com', /does not have :\/\/ after the scheme/, '\'https://example.com\''],
  ['https//example.com', /does not have :\/\/ after the scheme/, '\'https://example.com\''],
  ['https:///example.com', /does not have :\/\/ after the scheme/, '\'https://example.com\''],
  ['https:\\\\example.com', /has backslashes/, '\'https://example.com\''],
  ['https://example.com/', /ends with a slash/, '\'https://example.com\''],
  ['http://localhost:3000/', /ends with a slash/, '\'http://localhost:3000\''],
  ['https://example.com/path', /has a path/, '\'https://example.com\''],
  ['https://*.example.com/*', /has a path/, '\'https://*.example.com\''],
  ['https://example.com?a=b', /has a query/, '\'https://example.com\''],
  ['https://example.com/#/app?x', /has a fragment/, '\'https://example.com\''],
  ['https://example.com/a?b#c', /has a path; has a query; has a fragment/, '\'https://example.com\''],
  ['https://user:pass@example.com', /has user information/, '\'https://example.com\''],
  ['HTTPS://example.com', /upper case in the scheme/, '\'https://example.com\''],
  ['https://Example.com', /upper case in the host/, '\'https://example.com\''],
  ['https://*.Example.com', /upper case in the host/, '\'https://*.example.com\''],
  ['HTTP://LOCALHOST:3000/', /upper case in the scheme.*ends with a slash.*upper case in the host/, '\'http://localhost:3000\''],
  ['Chrome-Extension://AbC', /upper case in the scheme/, '\'chrome-extension://AbC\''],
  ['chrome-extension://AbC/', /ends with a slash/, '\'chrome-extension://AbC\''],
  ['https://bücher.example', /Punycode/, '\'https://xn--bcher-kva.example\''],
  ['https://BÜCHER.example/', /Punycode/, '\'https://xn--bcher-kva.example\''],
  ['https://*.bücher.example', /Punycode/, '\'https://*.xn--bcher-kva.example\''],
  ['https://example。com', /Punycode/, '\'https://example.com\''],
  ['https://ex%61mple.com', /another form/, '\'https://example.com\''],
  ['https://example.com:443', /spells out port 443/, '\'https://example.com\''],
  ['http://example.com:80', /spells out port 80/, '\'http://example.com\''],
  ['https://example.com:0443', /spells out port 443/, '\'https://example.com\''],
  ['https://example.com:0', /port 0/, null],
  ['https://example.com:00', /port 0/, null],
  ['https://example.com:08443', /leading zeros/, '\'https://example.com:8443\''],
  ['https://example.com:65536', /over 65535/, null],
  ['https://example.com:99999999999999999999', /over 65535/, null],
  ['https://example.com:port', /not a number/, null],
  ['https://example.com:-1', /not a number/, null],
  ['https://a:b:c', /not a number/, null],
  ['https://example.com:', /colon without a port/, '\'https://example.com\''],
  ['http://localhost:300*', /\* inside the port/, '/^http:\\/\\/localhost:300\\d{0,4}$/'],
  ['http*://[::1]:3*', /\* inside the port/, '/^https?:\\/\\/\\[::1\\]:3\\d{0,4}$/'],
  ['http://localhost:*0', /\* inside the port/, null],
  ['http://a_b.example:3*', /\* inside the port/, '/^http:\\/\\/a_b\\.example:3\\d{0,4}$/'],
  ['http://.:3*', /\* inside the port/, null],
  ['https://*.example.com:3*', /\* inside the port/, null],
  ['http://localhost:**', /\* inside the port/, '\'http://localhost:*\''],
  ['https://example..com', /empty label/, '\'https://example.com\''],
  ['.example.com', /begins its host with a dot/, '[\'https://example.com\', \'https://*.example.com\']'],
  ['https://.example.com', /begins its host with a dot/, '[\'https://example.com\', \'https://*.example.com\']'],
  [`https://${'a'.repeat(64)}.example`, /host that is not valid/, null],
  [`https://${'a.'.repeat(127)}com`, /host that is not valid/, null],
  ['https://a|b', /list of 2/, null],
  ['https://a.example|b.example', /list of 2/, '[\'https://a.example\', \'https://b.example\']'],
  ['https://a^b', /host that is not valid/, null],
  ['https://xn--a.example', /host that is not valid/, null],
  ['https://xn--.example', /host that is not valid/, null],
  ['https://*.xn--0.example', /host that is not valid/, null],
  ['https://xn--p1ai.xn--u-ccb', /host that is not valid/, null],
  ['https://xn--abc-.example', /host that is not valid/, null],
  ['http://[:1]', /host that is not valid/, null],
  ['http://[1:2]:3000', /host that is not valid/, null],
  ['https://$' + '{HOST}', /in JavaScript, write a template in backticks/, null],
  ['https://{tenant}.example.com', /has \{tenant\} in it, which nothing has filled in/, null],
  ['http://1.2.3.256', /host that is not valid/, null],
  ['http://127.1', /another form/, '\'http://127.0.0.1\''],
  ['http://0x7f.1', /another form/, '\'http://127.0.0.1\''],
  ['http://[0:0:0:0:0:0:0:1]', /another form/, '\'http://[::1]\''],
  ['http://[::FFFF:127.0.0.1]', /upper case in the host/, '\'http://[::ffff:7f00:1]\''],
  ['http://::1:3000', /without brackets/, '\'http://[::1]:3000\''],
  ['http://2001:db8::1', /without brackets/, '\'http://[2001:db8::1]\''],
  ['http://[::1', /host that is not valid/, null],
  [' https://example.com', /white space around it/, '\'https://example.com\''],
  ['https://example.com\r\n', /white space around it/, '\'https://example.com\''],
  ['https://exam ple.com', /spaces or invisible/, '\'https://example.com\''],
  ['https://example\t.com', /spaces or invisible/, '\'https://example.com\''],
  ['https://example.com\u200b', /invisible/, '\'https://example.com\''],
  [' * ', /white space around it/, '\'*\''],
  ['"https://example.com"', /quotation marks/, '\'https://example.com\''],
  ['\'https://example.com\'', /quotation marks/, '\'https://example.com\''],
  ['https://example.com,', /separators/, '\'https://example.com\''],
  ['https://example.com;', /separators/, '\'https://example.com\''],
  ['\u200b"https://example.com\u200b"', /quotation marks/, '\'https://example.com\''],
  ['“https://example.com”', /quotation marks/, '\'https://example.com\''],
  ['‘https://example.com’,', /quotation marks/, '\'https://example.com\''],
  ['«https://example.com»', /quotation marks/, '\'https://example.com\''],
  ['(https://example.com)', /brackets/, '\'https://example.com\''],
  ['(*.example.com)', /brackets/, '\'https://*.example.com\''],
  ['https://example.com).', /brackets/, '\'https://example.com\''],
  ['[https://example.com]', /brackets/, '\'https://example.com\''],
  ['[http://[::1]:3000]', /brackets/, '\'http://[::1]:3000\''],
  ['{https://example.com}', /brackets/, '\'https://example.com\''],
  ['```https://example.com```', /quotation marks/, '\'https://example.com\''],
  ['**https://example.com**', /separators/, '\'https://example.com\''],
  ['_https://example.com_', /separators/, '\'https://example.com\''],
  ['*http://localhost:*', /separators/, '\'http://localhost:*\''],
  ['[our shop](https://example.com/)', /brackets.*ends with a slash/, '\'https://example.com\''],
  ['- https://example.com', /separators/, '\'https://example.com\''],
  ['• https://a.example\n• https://b.example', /a list of 2/, '[\'https://a.example\', \'https://b.example\']'],
  ['(https://a.example), (https://b.example)', /a list of 2/, '[\'https://a.example\', \'https://b.example\']'],
  ['[https://a.example, https://b.example]', /a list of 2/, '[\'https://a.example\', \'https://b.example\']'],
  ['https://a.example， https://b.example、', /a list of 2/, '[\'https://a.example\', \'https://b.example\']'],
  ['https://a–b\u2011c.example', /typographic/, '\'https://a-b-c.example\''],
  ['https：∕∕example.com', /typographic/, '\'https://example.com\''],
  ['https://example.com…', /separators/, '\'https://example.com\''],
  ['https://example.com&', /host that is not valid/, null],
  ['https://example.com~', /host that is not valid/, null],
  ['https://a.example,https://b.example', /a list of 2/, '[\'https://a.example\', \'https://b.example\']'],
  ['https://a.example/, b.example:443', /a list of 2/, '[\'https://a.example\', \'https://b.example\']'],
  ['https://a.example;https://b.example;', /a list of 2/, '[\'https://a.example\', \'https://b.example\']'],
  ['https://a.example https://*.b.example', /a list of 2/, '[\'https://a.example\', \'https://*.b.example\']'],
  ['https://a.example\nhttps://b.example', /a list of 2/, '[\'https://a.example\', \'https://b.example\']'],
  ['["https://a.example", "https://b.example"]', /a list of 2/, '[\'https://a.example\', \'https://b.example\']'],
  ['["https://a.example"]', /quotation marks/, '\'https://a.example\''],
  ['*,https://a', /a list of 2/, null],
  ['*,https://a.example', /a list of 2/, '[\'*\', \'https://a.example\']'],
  ['https://app,example.com', /a list of 2/, null],
  ['https://*.', /has no host/, null],
  ['https://shop*.test', /anyone can register/, null],
  ['http://app-*.localhost:3000', /not the whole first label/, '/^http:\\/\\/app-[a-z0-9-]+\\.localhost:3000$/'],
  ['https://a.example,.b.example', /a list of 2/, '[\'https://a.example\', \'https://b.example\', \'https://*.b.example\']'],
  ['https://a.example,undefined', /a list of 2/, null],
  ['https://a.example,https://b:port', /a list of 2/, null],
  [Array.from({ length: 501 }, (_, index) => `https://a${index}`).join(), /a list of 501/, null],
  ['https://*', /in place of the whole host: any origin, by http too, is '\*'/, null],
  ['https://*:*', /in place of the whole host/, null],
  ['http*://*', /in place of the whole host/, '\'*\''],
  ['*://*', /in place of the whole host/, '\'*\''],
  ['http://*:3000', /in place of the whole host/, null],
  ['**', /in place of the whole host/, '\'*\''],
  ['*://example.com', /wildcard in the scheme/, '[\'https://example.com\', \'http://example.com\']'],
  ['https?://example.com', /wildcard in the scheme/, '[\'https://example.com\', \'http://example.com\']'],
  ['http(s)://*.example.com', /wildcard in the scheme/, '[\'https://*.example.com\', \'http://*.example.com\']'],
  ['*://app-*.example.com', /wildcard in the scheme/, '[\'https://app-*.example.com\', \'http://app-*.example.com\']'],
  ['https://*.*.example.com', /more than one \*/, '\'https://*.example.com\''],
  ['https://**.example.com', /more than one \*/, '\'https://*.example.com\''],
  ['https://.*.example.com', /more than one \*/, '\'https://*.example.com\''],
  ['https://*.127.0.0.1', /before an address/, '\'https://127.0.0.1\''],
  ['http://*.[::1]:3000', /before an address/, '\'http://[::1]:3000\''],
  ['https://app.*.example.com:8443', /not the whole first label/, '/^https:\\/\\/app\\.[a-z0-9-]+\\.example\\.com:8443$/'],
  ['https://*.app-*.example.com', /not the whole first label/, '/^https:\\/\\/(?:[a-z0-9-]+\\.)+app-[a-z0-9-]+\\.example\\.com$/'],
  ['https://*example.com', /not the whole first label/, '/^https:\\/\\/(?:[a-z0-9-]+\\.)*example\\.com$/'],
  ['http://192.168.1.*:3000', /not the whole first label/, '/^http:\\/\\/192\\.168\\.1\\.\\d{1,3}:3000$/'],
  ['http://192.168.*.*', /not the whole first label/, '/^http:\\/\\/192\\.168\\.\\d{1,3}\\.\\d{1,3}(?::\\d{1,5})?$/'],
  ['https://app-*.example.com:0', /port 0/, null],
  ['http://192.168.1.*:x', /not a number/, null],
  ['http://192.168.999.*', /host that is not valid/, null],
  ['*://app.*.example.com', /wildcard in the scheme/, '/^https?:\\/\\/app\\.[a-z0-9-]+\\.example\\.com$/'],
  ['app://./', /ends with a slash/, '\'app://.\''],
  ['chrome-extension://*/', /ends with a slash/, '\'chrome-extension://*\''],
  ['app://*:3/', /ends with a slash/, '\'app://*:3\''],
  ['/^https:\\/\\/a\\.test$/,/^https:\\/\\/b\\.test$/', /list of 2/, '[/^https:\\/\\/a\\.test$/, /^https:\\/\\/b\\.test$/]'],
  ['/^https://(a$/,https://b.test', /list of 2/, null],
  ['/a\\.test/,/b\\.test/', /list of 2/, null],
  ['https://app-*-*-*-*-*-*-*.example.com', /not the whole first label/, null],
  ['https://app-*.bücher.example', /host that is not valid/, null],
  ['https://example.*', /anyone can register/, null],
  ['https://example-*.com', /anyone can register/, null],
  ['https://*-example.co.uk', /anyone can register/, null],
  ['https://c*', /anyone can register/, null],
  ['https://*.1', /before an address/, '\'https://0.0.0.1\''],
  ['true', /true written as a text/, 'true'],
  ['FALSE', /false written as a text/, 'false'],
  ['any', /is written \*/, '\'*\''],
  ['null ', /not an origin that can be listed/, null],
  ['undefined', /variable that is not set/, 'leave it out'],
  ['[object Object]', /object turned into text/, null],
  ['\'self\'', /own origin/, 'leave it out'],
  ['ws://localhost:3000', /WebSocket/, '\'http://localhost:3000\''],
  ['wss://example.com', /WebSocket/, '\'https://example.com\''],
  ['file:///index.html', /is a file/, null],
  ['file://server', /is a file/, null],
  ['about:blank', /without a host/, null],
  ['mailto:a@example.com', /without a host/, null],
  ['/^https:\\/\\/a\\.test$/', /regular expression in quotation marks/, '/^https:\\/\\/a\\.test$/'],
  ['/^https:\\/\\/a\\.test$/i', /regular expression in quotation marks/, '/^https:\\/\\/a\\.test$/i'],
  ['^https://a\\.test$', /regular expression in quotation marks/, '/^https:\\/\\/a\\.test$/'],
  ['/example\\.com$/', /regular expression in quotation marks/, '[\'https://example.com\', \'https://*.example.com\']'],
  ['^https://(a$', /regular expression in quotation marks/, null],
  [`x://${'a'.repeat(300)}`, /host that is not valid/, null],
  [`https://${'a'.repeat(2000)}`, /at most 300 characters/, null],
  ['a'.repeat(1_000_000), /at most 300 characters/, null]
]

t.test('an origin or a pattern in its right form needs no diagnosis', async t => {
  for (const value of USABLE) t.strictSame(issuesOf(() => parseCorsOptions({ origin: value })), [], value)
})

t.test('everything else is explained, and put right where the right form can be known', async t => {
  for (const [value, message, fix] of REFUSED) {
    const diagnosis = diagnoseOrigin(value)
    const name = JSON.stringify(value.slice(0, 60))
    t.match(diagnosis.message, message, `${name} is explained`)
    t.equal(diagnosis.fixes[0] ?? null, fix, `${name} is put right`)
  }
})

/** What a fix stands for, as a person who pastes it would get it. */
function entriesOf (fix: string): unknown[] {
  // eslint-disable-next-line no-new-func
  const value: unknown = Function(`return ${fix}`)()
  return Array.isArray(value) ? value : [value]
}

function isRight (entry: unknown): boolean {
  if (entry instanceof RegExp) return originRegExpProblems(entry).length === 0
  return typeof entry === 'boolean' || entry === '*' || (typeof entry === 'string' && isValidOrigin(entry))
}

t.test('what is told to be written instead is right', async () => {
  const piece = fc.constantFrom(
    'https', 'http', 'HTTP', 'ws', 'x', ':', '://', '/', '//', '*', '*.', '.', '-', 'a', 'A', 'app', 'example', '.com', '.co.uk', '.vercel.app', 'localhost',
    '127.0.0.1', '1', '[::1]', '::1', ':443', ':80', ':3000', ':*', ':0', '@', '?', '#', ' ', '\t', ',', ';', '|', '"', '\'', '\\', '\\.', '^', '$', '(', ')', 'ü', 'xn--',
    '%', '[', ']', 'null', 'true', '${', '}', '_', '~', '!'
  )
  const text = fc.oneof(
    fc.array(piece, { maxLength: 12 }).map(pieces => pieces.join('')),
    fc.array(piece, { maxLength: 8 }).map(pieces => `https://${pieces.join('')}`),
    fc.string({ unit: 'binary' }),
    fc.webUrl({ withQueryParameters: true, withFragments: true })
  )
  fc.assert(fc.property(text, value => {
    if (isValidOrigin(value)) return true
    const { message, fixes } = diagnoseOrigin(value)
    return message.length > 0 && fixes.every(fix => fix === 'leave it out' || entriesOf(fix).every(isRight))
  }), { numRuns: 3000 })
})

t.test('no list is proposed with more expressions than may be given', async t => {
  const listOf = (count: number): string => Array.from({ length: count }, (_, index) => `https://app.*.tenant${index}.example`).join()
  t.match(issuesOf(() => parseCorsOptions({ origin: listOf(32) })), [{ fix: /tenant31/ }])
  t.match(issuesOf(() => parseCorsOptions({ origin: listOf(33) })), [{ fix: null }])
})

t.test('a port and any port are no pattern', async t => {
  t.notOk(isValidOrigin('https://example.com:8443:*'))
  t.notOk(isValidOrigin('capacitor://*.example:1:*'))
})

t.test('a pattern has a domain name, whatever its scheme', async t => {
  t.ok(isValidOrigin('capacitor://*.app.example'))
  t.notOk(isValidOrigin('capacitor://*.App.example'))
})

t.test('an expression that says more than can be read as texts gets a fix where its examples tell what was meant', async t => {
  const hosts = Array.from({ length: 25 }, (_, index) => `h${index}\\.example\\.com`).join('|')
  const fixed: ReadonlyArray<RegExp> = [
    /^http:\/\/localhost(?::300[0-9])?/, new RegExp(`^https://(?:${hosts})$`, 'g'), /^10\.0\./, /^https:\/\/(a)(?:\1){0}\.example\.com/
  ]
  for (const origin of fixed) t.type(issuesOf(() => parseCorsOptions({ origin }))[0]?.fix, 'string', String(origin))
  for (const origin of [/\.0\.0\.1$/, /^https:\/\/[a-z]*[a-z]*[a-z]*[a-z]*\.example\.com$/, /^https:\/\/(?=[a-z]*){5,}a\.example\.com$/]) t.match(issuesOf(() => parseCorsOptions({ origin })), [{ fix: null }], String(origin))
})

t.test('of an expression with hundreds of alternatives, the first examples tell what was meant', async t => {
  const letters = [...'abcdefghijklmnopqrstuvwxyz']
  const labels = letters.slice(0, 9).flatMap(first => letters.map(second => first + second))
  t.match(issuesOf(() => parseCorsOptions({ origin: new RegExp(`^https://x\\.example\\.(?:${labels.join('|')})`) })), [{ code: 'origin-regexp-unanchored' }])
})

t.test('a host of dots alone has no fix', async t => {
  t.match(issuesOf(() => parseCorsOptions({ origin: 'https://...' })), [{ code: 'origin-invalid', fix: null }])
})

t.test('an expression made of a variable that is not set names nobody, and is not taken for anybody', async t => {
  for (const origin of [/(?:)/, /undefined/, /^undefined$/, /^$/, /^/]) {
    for (const [options, path] of [[{ origin }, '/origin'], [{ origin: ['https://a.example', origin] }, '/origin/1']] as const) {
      const issues = issuesOf(() => parseCorsOptions(options))
      t.ok(issues.length > 0, String(origin))
      for (const issue of issues) t.match(issue, { path, fix: null, message: /an environment variable may not be set$/ }, String(origin))
    }
  }
})

t.test('the fix for an expression lets in no more than was meant', async t => {
  const fixes = [
    [/.*/, '\'*\''],
    [/^https?:\/\/.*/, null],
    [/^[a-z]+:\/\/.*$/, null],
    [/^http:\/\/localhost:3\d{3}.*$/, null],
    [/^http:\/\/localhost:3\d{3}/, '/^http:\\/\\/localhost:3\\d{3}$/'],
    [/^http:\/\/localhost:[0-9]{4}/, '/^http:\\/\\/localhost:[0-9]{4}$/'],
    [/^https:\/\/.{3}\.shop\.test$/, '/^https:\\/\\/[a-z0-9-]{3}\\.shop\\.test$/']
  ] as const
  for (const [origin, fix] of fixes) {
    for (const issue of issuesOf(() => parseCorsOptions({ origin }))) t.equal(issue.fix, fix, String(origin))
  }
  t.match(issuesOf(() => parseCorsOptions({ origin: /^https?:\/\/.*$/ })), [{ message: /or '\*' for any origin$/ }])
})

t.test('a list that contains itself is refused as any list in a list', async t => {
  const circular: unknown[] = []
  circular.push(circular)
  t.match(issuesOf(() => parseCorsOptions({ origin: circular })), [{ path: '/origin/0', fix: null, message: /lists don't nest/ }])
})

t.test('what is no origin, name or choice is not taken for one', async t => {
  const fixes: ReadonlyArray<readonly [options: Record<string, unknown>, fix: string | null]> = [
    [{ origin: 'Access-Control-Allow-Origin: *' }, null],
    [{ origin: 'https&#58;//shop.test' }, null],
    [{ origin: 'https://shop.test@evil.test' }, null],
    [{ origin: 'frontend:3000' }, '\'http://frontend:3000\''],
    [{ origin: 'null', dangerouslyAllow: { 'null-origin': true } }, '[\'null-origin\']'],
    [{ origin: '*', dangerouslyAllow: true }, null],
    [{ origin: '*', dangerouslyAllow: false }, '[]'],
    [{ origin: '*', allowedHeaders: ['Content Type'] }, '\'Content-Type\''],
    [{ origin: '*', allowedHeaders: ['x api key'] }, '\'x-api-key\''],
    [{ origin: '*', exposedHeaders: 'Content Disposition' }, '\'Content-Disposition\''],
    [{ origin: '*', methods: ['G ET'] }, null],
    [{ origin: '*', methods: 'GET|PUT' }, '\'GET, PUT\''],
    [{ origin: '*', methods: '\'GET\',\'PUT\'' }, '\'GET, PUT\''],
    [{ CORS_ORIGIN_ALLOW_ALL: true }, 'origin']
  ]
  for (const [options, fix] of fixes) t.equal(issuesOf(() => parseCorsOptions(options)).find(({ path }) => path !== '/origin' || !('dangerouslyAllow' in options))?.fix, fix, JSON.stringify(options))
})
