import t from 'tap'
import fc from 'fast-check'
import { isSerialisedOrigin, parseOrigin } from '../../lib/origin/parse.js'
import { isValidOrigin } from '../../lib/origin/validate.js'

const label63 = 'a'.repeat(63)

const ORIGINS = [
  'https://example.com', 'http://example.com', 'http://localhost', 'http://localhost:5173', 'https://a.example:8443',
  'https://a.example:80', 'http://a.example:443', 'https://a.example:1', 'https://a.example:65535', 'https://xn--bcher-kva.example',
  'https://a_b.example', 'https://a-b.c-d.example', 'https://127.0.0.1', 'http://0.0.0.0:3000', 'http://[::1]', 'http://[::1]:8080',
  'https://[2001:db8::ff]', 'http://[::]', 'http://[1::]', 'http://[::ffff:7f00:1]', 'http://[1:2:3:4:5:6:7:8]', 'http://[1:0:2:3:0:4:5:6]',
  'http://[1:0:2::3:0:4]', 'http://[1:0:0:2::3]', 'http://[1::2:0:0:3:4]', 'http://[2001:db8::1:0:0:1]', 'https://a', 'https://1a.example', 'https://a.1b', 'https://a.0xg', 'https://a!b.example', 'https://a.example.',
  'chrome-extension://abcdefghijklmnopabcdefghijklmnop', 'moz-extension://0b5d1e4c-5b0a-4e9e-8a6b-2d8f0b1c2d3e', 'capacitor://localhost',
  'ionic://localhost', 'tauri://localhost', 'app://Obsidian.MD', 'vscode-webview://0abc', 'a+b-c.1://x', 'foo://[::1]:80', 'foo://a:443',
  'ftp://a%20b', 'https://' + [label63, label63, label63, 'a'.repeat(61)].join('.'), 'x://' + 'a'.repeat(296), 'https2://a:443'
]

const OTHERS = [
  '', 'null', 'file://', '*', 'https://', 'https:', 'https:/a', 'https', '://a', '1http://a', 'HTTPS://a', 'Https://a', 'https://A',
  'https://a/', 'https://a?', 'https://a#', 'https://a b', ' https://a', 'https://a ', 'https://a\t', 'https://a\n', 'https://a,https://b',
  'https://a https://b', 'https://u@a', 'https://u:p@a', 'https://a:', 'https://a:0', 'https://a:080', 'https://a:443', 'http://a:80',
  'https://a:65536', 'https://a:99999999999999999999', 'https://a:1a', 'https://a:*', 'https://a:1:2', 'https://a:-1', 'https://a..b', 'https://.a',
  'https://.', 'https://a..', 'https://a%62', 'https://a\\b', 'https://a|b', 'https://a^b', 'https://a<b', 'https://ä.example', 'https://a\u0000',
  'https://a\u007f', 'https://127.1', 'https://1.2.3.4.5', 'https://1.2.3.256', 'https://01.2.3.4', 'https://1.2.3.4.', 'https://0x7f.0.0.1',
  'https://a.0x', 'https://a.1', 'https://a.0xff', 'https://1.2.3', 'https://1.2.3.x.4', 'https://1.2..4', 'https://[::1', 'https://[::G]', 'https://[]', 'https://[:]',
  'https://[::1]a', 'https://[::1]:', 'https://[::1', 'https://[::1%25eth0]', 'foo://', 'foo://:1', 'foo://a b', 'foo://a:0', 'foo:a',
  'http://[:1]', 'http://[1:]', 'http://[1]', 'http://[:::]', 'http://[1:::2]', 'http://[1::2::3]', 'http://[::1::]', 'http://[1:2:3:4:5:6:7]',
  'http://[1:2:3:4:5:6:7:8:9]', 'http://[1:2:3:4:5:6:7:8:]', 'http://[1:2:3:4::5:6:7:8]', 'http://[::12345]', 'http://[::01]', 'http://[::00]', 'http://[::A]',
  'http://[::127.0.0.1]', 'http://[1:0:0:2:3:4:5:6]', 'http://[1::2:3:4:5:6:7]', 'http://[1::0:2]', 'http://[1:0::2]', 'http://[0::1]', 'http://[1::2:0:0:0:3:4]',
  'http://[1:0:0:2::3:4]', 'http://[fe80::1', 'http://[[::1]]', 'foo://[:1]', 'https:://host', 'https//host', 'http:///x', 'http:/x', 'https://://host',
  'foo:///x', 'foo:://x', 'https:\\\\a', 'https://a:://b',
  'https://' + 'a'.repeat(64) + '.example', 'https://' + [label63, label63, label63, label63].join('.'), 'x://' + 'a'.repeat(297),
  'https://' + 'a.'.repeat(130), 'a'.repeat(300)
]

t.test('what browsers send as an origin is a serialised origin', async t => {
  for (const origin of ORIGINS) {
    t.equal(isSerialisedOrigin(origin), true, origin)
    t.not(parseOrigin(origin), null, origin)
  }
})

t.test('any other value of the header is no serialised origin', async t => {
  for (const value of OTHERS) {
    t.equal(isSerialisedOrigin(value), false, JSON.stringify(value))
    t.equal(parseOrigin(value), null, JSON.stringify(value))
  }
})

t.test('an origin has a scheme, a host and perhaps a port', async t => {
  t.same(parseOrigin('https://a.example'), { scheme: 'https', host: 'a.example', port: '' })
  t.same(parseOrigin('http://localhost:3000'), { scheme: 'http', host: 'localhost', port: '3000' })
  t.same(parseOrigin('http://[::1]:8080'), { scheme: 'http', host: '[::1]', port: '8080' })
  t.same(parseOrigin('chrome-extension://AbC'), { scheme: 'chrome-extension', host: 'AbC', port: '' })
})

t.test('the origin of every http(s) URL is a serialised origin, unless its host has empty or over-long labels', async () => {
  fc.assert(fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), fc.option(fc.integer({ min: 1, max: 65535 })), (url, port) => {
    const parsed = new URL(url)
    if (port !== null) parsed.port = String(port)
    return isSerialisedOrigin(parsed.origin) && isValidOrigin(parsed.origin)
  }))
})

t.test('the origin of every address is a serialised origin', async () => {
  fc.assert(fc.property(fc.oneof(fc.ipV4(), fc.ipV4Extended(), fc.ipV6().map(address => `[${address}]`)), host => {
    const { origin } = new URL(`http://${host}`)
    return isSerialisedOrigin(origin) && isValidOrigin(origin)
  }))
})

t.test('a text that is no URL, or not its own origin, is no serialised origin', async () => {
  const near = fc.stringMatching(/^https?:\/\/[a-z0-9.:[\]x@/_ A-Z%-]{0,20}$/)
  fc.assert(fc.property(near, value => isOwnOrigin(value) || !isSerialisedOrigin(value) || value.includes('xn--')), { numRuns: 2000 })
})

t.test('an address in brackets is an origin in the one form that browsers send, and in no other', async () => {
  const piece = fc.oneof({ weight: 3, arbitrary: fc.constantFrom('0', '1', 'ff', 'abcd') }, fc.constantFrom('', '00', '01', 'A', 'g', '12345', '1.2.3.4'))
  const colons = fc.oneof({ weight: 5, arbitrary: fc.constant(':') }, fc.constantFrom('::', '', ':::'))
  const address = fc.tuple(colons, fc.array(fc.tuple(piece, colons), { maxLength: 9 }))
    .map(([first, rest]) => `http://[${first === ':' ? '' : first}${rest.flat().join('').replace(/([^:]):$/, '$1')}]`)
  const zeros = fc.array(fc.constantFrom('0', '1', 'ff'), { minLength: 8, maxLength: 8 }).map(pieces => `http://[${pieces.join(':')}]`)
  fc.assert(fc.property(fc.oneof(address, zeros), value => isSerialisedOrigin(value) === isOwnOrigin(value)), { numRuns: 5000 })
})

function isOwnOrigin (value: string): boolean {
  return URL.canParse(value) && new URL(value).origin === value
}
