import t from 'tap'
import { parseCorsOptions } from '../../../lib/options/parse.js'
import { issuesOf } from '../refused.js'
import { boot, keepsItsPromise, printedIn, type Written } from './printed.js'

const credentials = true

/** What was written, and the pages that were meant; strangers, where any in particular are to be feared. */
interface Mistake {
  readonly written: Written
  readonly letsIn: readonly string[]
  readonly refuses?: readonly string[]
}

const PAGE = 'https://app.example.com'
const LOCAL = ['http://localhost', 'http://localhost:3000', 'http://localhost:5173']

const MISTAKES: Readonly<Record<string, Mistake>> = {
  'leaves the end of localhost open': { written: { origin: /^http:\/\/localhost/ }, letsIn: LOCAL, refuses: ['http://localhost.evil.test'] },
  'leaves the end of localhost open, with credentials': { written: { origin: /^http:\/\/localhost/, credentials }, letsIn: LOCAL, refuses: ['http://localhost.evil.test'] },
  'writes localhost for any port without a colon': { written: { origin: 'http://localhost*' }, letsIn: LOCAL, refuses: ['http://localhost.evil.test', 'https://localhost'] },
  'writes localhost or its address without dots escaped': { written: { origin: /(localhost|127.0.0.1)/ }, letsIn: [...LOCAL, 'http://127.0.0.1:8080'], refuses: ['http://127a0.0.1', 'http://localhost.evil.test'] },
  'means an app\'s own scheme': { written: { origin: /^capacitor:\/\// }, letsIn: ['capacitor://localhost', 'capacitor://app.example.com'], refuses: ['https://localhost'] },
  'means an Electron app': { written: { origin: /^app:\/\// }, letsIn: ['app://.', 'app://obsidian.md'], refuses: ['https://app'] },
  'means any extension': { written: { origin: /chrome-extension:\/\// }, letsIn: ['chrome-extension://abcdefghijklmnop'], refuses: ['https://chrome-extension'] },
  'means the extensions of two browsers': { written: { origin: /^(chrome|moz)-extension:\/\// }, letsIn: ['chrome-extension://abc', 'moz-extension://9e7d'], refuses: ['https://abc'] },
  'means the previews of a team': { written: { origin: /me\.vercel\.app$/ }, letsIn: ['https://me.vercel.app', 'https://x-me.vercel.app'], refuses: ['https://evilme.vercel.app', 'https://other.vercel.app'] },
  'means any origin': { written: { origin: /.*/ }, letsIn: ['https://a.test', 'http://b.test:81'], refuses: [] },
  'means a private network': { written: { origin: 'http://192.168.*' }, letsIn: ['http://192.168.0.12:5173', 'http://192.168.1.1'], refuses: ['http://192.168.1.1.evil.test', 'http://192.169.1.1'] },
  'means a private network and its port': { written: { origin: ['http://10.0.*:3000'] }, letsIn: ['http://10.0.3.4:3000'], refuses: ['http://10.0.3.4:3001', 'http://10.1.3.4:3000'] },
  'means the beginning of an address': { written: { origin: /^http:\/\/10\.0\./ }, letsIn: ['http://10.0.3.4:3000'], refuses: ['http://10.0.3.4.evil.test'] },
  'forgets the scheme': { written: { origin: /^example\.com$/ }, letsIn: ['https://example.com'], refuses: ['https://example.com.evil.test', 'http://example.com'] },
  'ends an expression with a slash': { written: { origin: /^https:\/\/example\.com\/$/ }, letsIn: ['https://example.com'] },
  'writes the default port': { written: { origin: /^https:\/\/example\.com:443$/ }, letsIn: ['https://example.com'] },
  'writes upper case': { written: { origin: /^https:\/\/Example\.com$/ }, letsIn: ['https://example.com'] },
  'has a variable that is not set in the list': { written: { origin: [undefined, 'http://localhost:3000'] }, letsIn: ['http://localhost:3000'] },
  'has a variable that is not set beside an origin that is wrong, too': { written: { origin: ['https://app.example.com/', undefined] }, letsIn: [PAGE] },
  'has nothing right in the list': { written: { origin: [undefined, '', 'https://app.example.com/', 'http://localhost:80'] }, letsIn: [PAGE, 'http://localhost'] },
  'means four digits of a port': { written: { origin: /localhost:\d{4}$/ }, letsIn: ['http://localhost:3000'], refuses: ['http://localhost:80', 'http://localhost:30000', 'http://localhost.evil.test:3000'] },
  'means a private network by its address': { written: { origin: /192\.168\.\d+\.\d+/ }, letsIn: ['http://192.168.0.12:5173', 'http://192.168.1.1'], refuses: ['http://192.168.1.1.evil.test', 'http://192.169.1.1'] },
  'has an empty variable in the list': { written: { origin: ['', 'http://localhost:3000'] }, letsIn: ['http://localhost:3000'] },
  'has several variables that are not set': { written: { origin: [undefined, '', null, false, PAGE, 'undefined'] }, letsIn: [PAGE] },
  'means all previews on Netlify': { written: { origin: /^https:\/\/.*--shop\.netlify\.app$/ }, letsIn: ['https://pr-1--shop.netlify.app'], refuses: ['https://shop.netlify.app.evil.test', 'https://a.b--shop.netlify.app'] },
  'forgets the anchors of a numbered preview': { written: { origin: /https:\/\/pr-\d+\.example\.com/ }, letsIn: ['https://pr-12.example.com'], refuses: ['https://pr-12.example.com.evil.test', 'https://evil.test?https://pr-1.example.com'] },
  'leaves the end of a name open': { written: { origin: /^https:\/\/example\.com/ }, letsIn: ['https://example.com'], refuses: ['https://example.com.evil.test'] },
  'leaves the beginning of a name open': { written: { origin: /example\.com$/ }, letsIn: ['https://example.com', 'https://a.example.com'], refuses: ['https://evilexample.com'] },
  'has a slash after a public http origin, with credentials': { written: { origin: 'http://example.com/', credentials }, letsIn: ['https://example.com'], refuses: ['http://example.com'] },
  'forgets the anchors of a public http origin, with credentials': { written: { origin: /http:\/\/example\.com/, credentials }, letsIn: ['https://example.com'], refuses: ['http://example.com'] },
  'puts a list in one text': { written: { origin: 'https://a.example,https://b.example/' }, letsIn: ['https://a.example', 'https://b.example'] },
  'puts a long list in one text': { written: { origin: Array.from({ length: 40 }, (_, index) => `https://tenant${index}.example.com`).join(' ') }, letsIn: ['https://tenant0.example.com', 'https://tenant39.example.com'] },
  'puts a list in one of a list\'s items': { written: { origin: [PAGE, 'https://a.example;https://b.example', 'https://c.example/'] }, letsIn: [PAGE, 'https://a.example', 'https://b.example', 'https://c.example'] },
  'puts an expression in quotation marks': { written: { origin: '/^https:\\/\\/(?:a|b)\\.example\\.com$/' }, letsIn: ['https://a.example.com', 'https://b.example.com'], refuses: ['https://c.example.com'] },
  'puts an open expression in quotation marks': { written: { origin: '/\\.example\\.com$/' }, letsIn: ['https://a.example.com'], refuses: ['https://example.com.evil.test'] },
  'has a path behind a preview': { written: { origin: 'https://pr-*.example.com/app' }, letsIn: ['https://pr-7.example.com'], refuses: ['https://pr-.example.com', 'https://pr-a.b.example.com'] },
  'means \'*\' with credentials, which never worked': { written: { origin: '*', credentials }, letsIn: [PAGE], refuses: [] },
  'writes null for preflight': { written: { origin: PAGE, preflight: null }, letsIn: [PAGE] },
  'writes null for everything it does not use': { written: { origin: PAGE, maxAge: null, methods: null, allowedHeaders: null, exposedHeaders: null, credentials: null }, letsIn: [PAGE] },
  'lists names that browsers forbid': { written: { origin: PAGE, credentials, allowedHeaders: ['Origin', 'Cookie', 'Content-Length', 'X-Token'], exposedHeaders: ['Set-Cookie', 'ETag'], methods: ['GET', 'TRACE'] }, letsIn: [PAGE] },
  'lists names that browsers forbid in one text': { written: { origin: PAGE, credentials, allowedHeaders: 'Origin, Cookie, X-Token', exposedHeaders: 'Set-Cookie, ETag', methods: 'get, trace, patch' }, letsIn: [PAGE] },
  'misspells a method': { written: { origin: PAGE, methods: ['GET', 'DELTE'] }, letsIn: [PAGE] },
  'misspells origin': { written: { orgin: PAGE }, letsIn: [PAGE] },
  'writes the name of another option': { written: { origin: PAGE, originSuccessStatus: 200 }, letsIn: [PAGE] },
  'misspells https': { written: { origin: 'htps://app.example.com' }, letsIn: [PAGE], refuses: ['http://app.example.com'] },
  'misspells http': { written: { origin: ['htpp://localhost:3000', 'httsp://app.example.com/'] }, letsIn: ['http://localhost:3000', PAGE], refuses: ['https://localhost:3000', 'http://app.example.com'] },
  'misspells https in a pattern': { written: { origin: 'htttps://*.example.com' }, letsIn: [PAGE], refuses: ['https://example.com'] },
  'misspells https in an expression': { written: { origin: /^htps:\/\/app\.example\.com$/ }, letsIn: [PAGE], refuses: ['http://app.example.com'] },
  'misspells one of two schemes in an expression that is not anchored': { written: { origin: /(htps?|http):\/\/app\.example\.com/ }, letsIn: [PAGE], refuses: ['https://app.example.com.evil.test'] },
  'puts a list into the list': { written: { origin: [['https://a.example', /^https:\/\/b\.example$/], PAGE] }, letsIn: ['https://a.example', 'https://b.example', PAGE] },
  'puts lists of names into lists': { written: { origin: PAGE, methods: [['GET', 'PUT']], allowedHeaders: [['X-A'], 'X-B'] }, letsIn: [PAGE] },
  'redirects preflights': { written: { origin: PAGE, optionsSuccessStatus: 302 }, letsIn: [PAGE] },
  'writes a pattern as an expression': { written: { origin: /^https:\/\/\*\.example\.com$/ }, letsIn: [PAGE], refuses: ['https://example.com', 'https://evilexample.com'] },
  'writes a pattern as an expression, without escapes': { written: { origin: [/^https:\/\/*.example.com$/, /^http:\/\/localhost:[*]$/] }, letsIn: [PAGE, 'http://localhost:3000'], refuses: ['https://example.com', 'https://evilexample.com'] },
  'means local files, with the exception': { written: { origin: /^file:\/\//, dangerouslyAllow: ['null-origin'] }, letsIn: ['file://'], refuses: ['null', 'https://stranger.test'] },
  'means any origin by any scheme': { written: { origin: '*://*' }, letsIn: ['http://a.test', 'https://b.test:81'], refuses: [] },
  'copies the name of the variable, too': { written: { origin: ['ORIGIN=https://a.example', 'origin: https://b.example/'] }, letsIn: ['https://a.example', 'https://b.example'] },
  'copies the angle brackets, too': { written: { origin: '<https://app.example.com>' }, letsIn: [PAGE] },
  'means the ports that begin with a digit': { written: { origin: 'http://localhost:3*' }, letsIn: ['http://localhost:3000', 'http://localhost:30001'], refuses: ['http://localhost:4000', 'http://localhost', 'http://localhost:3000.evil.test'] },
  'writes a scheme twice': { written: { origin: ['https://https://a.example', 'http://https://b.example'] }, letsIn: ['https://a.example', 'https://b.example'], refuses: ['https://https', 'http://b.example'] },
  'types another sign in place of the colon': { written: { origin: 'https;//a.example, http,//localhost:3000' }, letsIn: ['https://a.example', 'http://localhost:3000'] },
  'copies the address of an object': { written: { origin: 'blob:https://app.example.com/4a3e' }, letsIn: [PAGE] },
  'means a network, by its prefix': { written: { origin: '192.168.0.0/16' }, letsIn: ['http://192.168.7.20:3000'], refuses: ['http://192.169.1.1', 'http://192.168.1.1.evil.test'] },
  'means a network, by its prefix and a scheme': { written: { origin: ['http://10.0.0.0/8', 'http://192.168.7.0/24'] }, letsIn: ['http://10.7.20.1:3000', 'http://192.168.7.9'], refuses: ['http://192.168.8.9'] },
  'means a network, by a range': { written: { origin: ['http://192.168.1.1-255', 'http://10.0.0.[0-254]:3000'] }, letsIn: ['http://192.168.1.20:5173', 'http://10.0.0.7:3000'], refuses: ['http://192.168.2.1', 'http://10.0.0.7:3001', 'http://192.168.1.1.evil.test'] },
  'means a network, by a placeholder': { written: { origin: ['192.168.x.x', 'http://10.1.2.x'] }, letsIn: ['http://192.168.7.20:3000', 'http://10.1.2.3'], refuses: ['http://192.169.1.1', 'http://10.1.3.3'] },
  'means a network and its port, by its prefix': { written: { origin: ['http://192.168.1.0/24:3000', 'http://192.168.2.0:3000/24'] }, letsIn: ['http://192.168.1.7:3000', 'http://192.168.2.7:3000'], refuses: ['http://192.168.1.7:3001', 'http://192.168.1.7'] },
  'lists its own origin beside a page': { written: { origin: ['self', PAGE, 'same-origin'] }, letsIn: [PAGE] },
  'means its own origin alone': { written: { origin: 'same-origin' }, letsIn: [], refuses: [PAGE, 'https://stranger.test'] },
  'means nobody, in a word': { written: { origin: 'none' }, letsIn: [], refuses: [PAGE] },
  'means every header, or none, in a word': { written: { origin: PAGE, allowedHeaders: ['all'], exposedHeaders: 'none' }, letsIn: [PAGE] },
  'means every header that a page may read, in a word': { written: { origin: PAGE, allowedHeaders: 'none', exposedHeaders: ['Any'] }, letsIn: [PAGE] },
  'writes the address of a WebSocket': { written: { origin: ['wss://app.example.com/socket', 'ws://localhost:3000'] }, letsIn: [PAGE, 'http://localhost:3000'] },
  'means the previews of a team, by the end of a label': { written: { origin: /-myteam\.vercel\.app$/ }, letsIn: ['https://shop-myteam.vercel.app'], refuses: ['https://myteam.vercel.app', 'https://a.shop-myteam.vercel.app'] },
  'has names in JSON': { written: { origin: PAGE, allowedHeaders: '["Content-Type", "X-A"]', methods: '["GET","PUT"]' }, letsIn: [PAGE] },
  'puts names without schemes into one text': { written: { origin: 'app.example.com *.example.org localhost:3000 localhost' }, letsIn: [PAGE, 'https://a.example.org', 'http://localhost:3000', 'http://localhost'] },
  'has spaces in the host': { written: { origin: 'https://a pp .example.com' }, letsIn: [PAGE] },
  'means no header, in three options': { written: { origin: PAGE, maxAge: false, cacheControl: false, exposedHeaders: false }, letsIn: [PAGE] },
  'gives a set': { written: { origin: new Set([PAGE]), methods: new Set(['GET', 'PUT']) }, letsIn: [PAGE] },
  'gives URL objects': { written: { origin: [new URL(`${PAGE}/path`), new URL('http://localhost:80')] }, letsIn: [PAGE, 'http://localhost'] },
  'gives one URL object': { written: { origin: new URL(PAGE) }, letsIn: [PAGE] },
  'means every method, in a word': { written: { origin: PAGE, methods: ['ALL'] }, letsIn: [PAGE] },
  'misspells the name of a hook, and of an exception': { written: { origin: PAGE, hook: 'onRequests', dangerouslyAllow: ['null-orgin'] }, letsIn: [PAGE] },
  'switches any origin off, as in another library': { written: { origin: PAGE, CORS_ALLOW_ALL_ORIGINS: false }, letsIn: [PAGE] },
  'switches any origin on, as in another library': { written: { allowAllOrigins: true }, letsIn: [PAGE, 'https://a.test'], refuses: [] },
  'writes the names of ASP.NET': { written: { WithOrigins: PAGE, WithMethods: ['GET'], WithHeaders: 'X-A', WithExposedHeaders: ['ETag'], AllowCredentials: true, SetPreflightMaxAge: 60 }, letsIn: [PAGE] },
  'writes the options of another library': { written: { allow_origins: [PAGE], allow_credentials: true, allow_methods: ['GET', 'PUT'], allow_headers: ['X-Token'], expose_headers: ['ETag'], max_age: 600 }, letsIn: [PAGE] }
}

for (const [name, { written, ...meant }] of Object.entries(MISTAKES)) {
  t.test(`who ${name} gets fixes that keep their promise, applied as printed`, async t => { await keepsItsPromise(t, written, meant) })
}

t.test('null for preflight means the default, and forbidden names are left out', async t => {
  const fixesOf = async (options: Written): Promise<string[]> => printedIn(String(await boot(options))).map(({ fix }) => fix)
  t.strictSame(await fixesOf({ origin: PAGE, preflight: null, maxAge: null }), ['leave it out', 'leave it out'], 'neither false nor 600')
  t.strictSame(await fixesOf({ origin: PAGE, credentials, allowedHeaders: ['Cookie'] }), ['leave it out'], 'not credentials, which are set')
})

t.test('where nobody can know what was meant, there is no fix, and the message says what to write', async t => {
  const unknown: ReadonlyArray<readonly [Record<string, unknown>, RegExp]> = [
    [{ origin: 'https://*a*.shop.test' }, /a \* directly before a letter.*write each host/],
    [{ origin: 'https://app.*dev.shop.test' }, /a \* directly before a letter/],
    [{ origin: /^https:\/\/[a-z-]+shop\.test$/ }, /names below it are meant, write "\\\." before it/],
    [{ origin: /[a-z0-9]*shop\.test$/ }, /write the origins you mean/],
    [{ origin: /^http:\/\/localhost:\d{4}.*$/ }, /'http:\/\/localhost:\*'/],
    [{ origin: /^http:\/\/localhost:3\d+.*$/ }, /'http:\/\/localhost:\*'/],
    [{ origin: /^https:\/\/pr-/ }, /write the origins you mean/],
    ...[/^https:\/\/undefined$/, /^https:\/\/undefined\.shop\.test$/, /^https:\/\/(?:undefined|app)\.shop\.test$/, /^https:\/\/null$/, /^https:\/\/[object Object]$/, /^http:\/\/localhost:NaN$/, /^https:\/\/NaN/i].map((origin): [Written, RegExp] =>
      [{ origin }, /an environment variable may not be set$/]),
    [{ origin: /^https:\/\/undefined/, dangerouslyAllow: ['unchecked-regexps'] }, /has "undefined" in it; an environment variable may not be set$/],
    ...['http://localhost:undefined', 'http://localhost:NaN', 'undefined://app.test', 'https://[object Object]', 'https://undefined/', 'https://a.test,https://undefined'].map((origin): [Written, RegExp] =>
      [{ origin }, /made with an environment variable that is not set$/]),
    ...[/^null$/, /null/, /^file:\/\//, /^file:\/\/$/, /^(?:null|https:\/\/a\.test)$/, /^(?:null|file:\/\/)/].map((origin): [Written, RegExp] =>
      [{ origin }, /is sent by any sandboxed page.*dangerouslyAllow: \['null-origin'\]$/]),
    [{ origin: /^example\.com$/, dangerouslyAllow: ['unchecked-regexps'] }, /begins with a scheme.*write the origins you mean/],
    [{ origin: /^null$/, dangerouslyAllow: ['unchecked-regexps'] }, /dangerouslyAllow: \['null-origin'\] too$/],
    [{ origin: /\.vercel\.app$/, credentials }, /'https:\/\/\*\.vercel\.app', is refused with the other options.*dangerouslyAllow: \['public-suffixes'\]$/],
    [{ origin: '*.github.io', credentials }, /dangerouslyAllow: \['public-suffixes'\]$/],
    [{ origin: 'any', credentials }, /cookies never worked with it/],
    [{ origin: '192.168.0.0/16', credentials }, /dangerouslyAllow: \['insecure-origins'\]$/],
    [{ origin: /^https:\/\/app\./, credentials }, /or 'http:\/\/localhost:\*'$/],
    [{ origin: /^https:\/\/app\./ }, /write the origins you mean/],
    [{ origin: /^https:\/\// }, /write the origins you mean/],
    [{ origin: /me\.vercel\.app$/, credentials }, /list the names that are yours, or write dangerouslyAllow: \['public-suffixes'\]/],
    [{ origin: 'http://192.168.0.12:5173', credentials }, /dangerouslyAllow: \['insecure-origins'\]/],
    [{ origin: 'http://printer', credentials }, /dangerouslyAllow: \['insecure-origins'\]/],
    [{ origin: '' }, /environment variable/],
    [{ origin: 'https://undefined' }, /environment variable/],
    [{ origin: 'https://api.undefined.example.com' }, /environment variable/],
    [{ origin: true, credentials }, /list the origins/],
    [{ origin: [true] }, /which stands alone: origin: true/],
    [{ origin: [undefined] }, /environment variable/],
    [{ origin: null }, /'\*' for any/],
    [{}, /\['https:\/\/app\.example\.com'\]/],
    [{ origin: [] }, /list the origins/],
    [{ origin: 'https://*' }, /any origin, by http too, is '\*'/],
    [{ origin: 'httpd://app.example.com' }, /looks like https or http/],
    [{ origin: /^httpd:\/\/app\.example\.com$/ }, /looks like https or http; write the origins you mean/],
    [{ origin: [[5]] }, /lists don't nest/],
    [{ origin: '172.16.0.0/12' }, /is a network/],
    [{ origin: '10.1.2.3/32' }, /is a network/],
    [{ origin: '10.16.0.0/12' }, /is a network/],
    [{ origin: 'http://192.168.16.0/20' }, /is a network/],
    ...['http://8.8.*', 'http://8.8.8.*', '8.8.8.0/24', 'http://192.168.1.10-20', 'http://192.168.1.1-192.168.1.9', 'http://172.16-31.*.*', 'http://192.168.*.7', '0.0.0.0/0', 'http://192.168.1.0/255.255.255.0'].map((origin): [Written, RegExp] =>
      [{ origin }, /is a network, for which there is no pattern: write each address that is meant, or an expression$/]),
    ...['ftp://shop.test', 'postgres://localhost:5432/shop', 'mongodb+srv://a.example', 'mailto://a.example', /^ws:\/\/shop\.test$/, /^ftp:\/\//].map((origin): [Written, RegExp] => [{ origin }, /which no page has/]),
    [{ origin: PAGE, allowedHeaders: ['X-*'] }, /write each header by its name$/],
    [{ origin: PAGE, exposedHeaders: 'X-Rate*, ETag' }, /write each header by its name$/],
    [{ origin: PAGE, credentials, exposedHeaders: 'all' }, /every header is '\*'; its right form.*write each header by its name/],
    [{ origin: ['self'] }, /leave it out, or write origin: false/],
    [{ origin: ['none'] }, /which stands alone: origin: false$/],
    [{ origin: 3000 }, /'http:\/\/localhost:3000'/],
    [{ origin: [PAGE, 3000] }, /'http:\/\/localhost:3000'$/],
    [{ origin: '3000' }, /'http:\/\/localhost:'/],
    [{ origin: 'process.env.ORIGIN' }, /has process\.env\.ORIGIN in it, which nothing has filled in/],
    [{ origin: `$${'{ORIGIN}'}` }, /in JavaScript, write a template in backticks/],
    [{ origin: [PAGE, '%ORIGIN%'] }, /has %ORIGIN% in it, which nothing/],
    [{ origin: `${PAGE}, $ORIGIN` }, /has \$ORIGIN in it/],
    [{ origin: 'https://app.example.com prod' }, /has spaces in it/],
    [{ origin: 'example.com or .example.org' }, /has spaces in it/],
    [{ origin: 'capacitor' }, /is a single word/],
    [{ origin: 'ionic:' }, /is a single word/],
    [{ origin: 'http://10.0.0.7/', credentials }, /its right form, 'http:\/\/10\.0\.0\.7', is refused with the other options/],
    [{ origin: 'true', credentials }, /its right form, true, is refused/],
    [{ origin: 'undefined' }, /set it, or leave it out$/],
    [{ origin: PAGE, allowedHeaders: false }, /must be a list of texts/],
    [{ origin: `${PAGE}, .*` }, /a list of 2/],
    [{ origin: '3000' }, /is a number/],
    [{ origin: 'data:' }, /is a single word/],
    [{ origin: 'https://app,example,com' }, /a list of 3/],
    [{ origin: 'http://www.https://app.example.com' }, /has a/],
    [{ origin: [PAGE, () => true] }, /a function, which stands alone/],
    [{ origin: 'https://*.example.com:3*' }, /inside the port/],
    [{ origin: 'null' }, /dangerouslyAllow: \['null-origin'\]/]
  ]
  for (const [written, message] of unknown) t.match(issuesOf(() => parseCorsOptions(written))[0], { fix: null, message }, JSON.stringify(written))
})

t.test('what nothing has filled in is named, wherever it stands, and never taken for a host', async t => {
  const template = (name: string): string => `$${name}`
  const unfilled = [
    template('{HOST}'), template('{process.env.HOST}'), template('{{ vars.HOST }}'), template('(HOST)'), template('TENANT'), '{{domain}}', '{{ domain }}', '{tenant}', '{your domain}', '<your-domain>',
    '<tenant>', '__MSG_@@extension_id__', '%TENANT%', '%{HTTP_HOST}', '#{tenant}', '@@DOMAIN@@', '__DOMAIN__', 'YOUR_DOMAIN'
  ]
  for (const text of unfilled) {
    for (const origin of [text, `https://${text}`, `https://app.${text}.example:8443`, `${PAGE}, https://${text}`]) {
      for (const written of [{ origin }, { origin: [PAGE, origin], credentials }]) {
        t.match(issuesOf(() => parseCorsOptions(written)), [{ code: 'origin-invalid', message: text, fix: null }], origin)
        t.match(issuesOf(() => parseCorsOptions(written))[0]?.message, / in it, which nothing has filled in: .*(?:write|backticks)/, origin)
      }
    }
  }
  for (const origin of [template('{HOST}:3000'), `http://localhost:${template('{PORT}')}`, `app://${template('{HOST}')}`, 'app://{{host}}', 'https://:tenant.example.com', 'https://[tenant].example.com', 'env(CORS_ORIGIN)', 'os.environ[\'ORIGIN\']', 'ENV["ORIGIN"]', 'import.meta.env.VITE_URL', 'https://pr-#.example.com', '"+process.env.HOST+"']) {
    t.match(issuesOf(() => parseCorsOptions({ origin })), [{ code: 'origin-invalid', message: /which nothing has filled in/, fix: null }], origin)
  }
  for (const origin of [/^https:\/\/${DOMAIN}$/, /\$\{DOMAIN\}/, new RegExp(`^https://\\${template('{HOST}')}$`, 'i')]) {
    t.match(issuesOf(() => parseCorsOptions({ origin }))[0], { message: /an expression takes no template: write the origins it stands for$/, fix: null }, String(origin))
  }
})

t.test('what only looks like something to fill in keeps its fix', async t => {
  for (const [origin, fix] of [
    ['<https://a.example>', '\'https://a.example\''], ['[https://a.example]', '\'https://a.example\''], ['{https://a.example}', '\'https://a.example\''], ['https://[2001:DB8::1]', '\'https://[2001:db8::1]\''],
    ['HTTP://NAS:5000', '\'http://nas:5000\''], ['^https://[a-z]{2}\\.a\\.example$', '/^https:\\/\\/[a-z]{2}\\.a\\.example$/'], ['https://MY-APP.example', '\'https://my-app.example\'']
  ] as const) {
    t.match(issuesOf(() => parseCorsOptions({ origin })), [{ fix }], origin)
  }
})

t.test('several ports of one host, and lists with words or escaped breaks between, are lists', async t => {
  const ports = '[\'http://localhost:3000\', \'http://localhost:3001\']'
  for (const written of [':3000,3001', ':3000, 3001', ':3000|3001', ':[3000,3001]', ':(3000|3001)', ':{3000,3001}/', ':3000;:3001']) {
    t.match(issuesOf(() => parseCorsOptions({ origin: `http://localhost${written}` })), [{ fix: ports }], written)
  }
  for (const between of [' and ', ' or ', ' & ', ' + ', '\\n', '\\r\\n', '\\n\\n']) {
    t.match(issuesOf(() => parseCorsOptions({ origin: `${PAGE}${between}https://b.example` })), [{ fix: `['${PAGE}', 'https://b.example']` }], between)
  }
  t.match(issuesOf(() => parseCorsOptions({ origin: `${PAGE}\\n` })), [{ fix: `'${PAGE}'` }])
  t.match(issuesOf(() => parseCorsOptions({ origin: 'and' })), [{ message: /single word.*; write an origin/, fix: null }])
})

t.test('an expression that ends with the colon of a port means any, and one in quotation marks is known by its classes', async t => {
  for (const [origin, fix] of [
    [/^http:\/\/localhost:/, '\'http://localhost:*\''], [/localhost:/, '\'http://localhost:*\''], [/^https:\/\/app\.example\.com:/, '\'https://app.example.com:*\''],
    ['http://localhost:[0-9]+', '/^http:\\/\\/localhost:[0-9]+$/'], ['https://pr-[a-z0-9]+.example.com', '/^https:\\/\\/pr-[a-z0-9]+\\.example\\.com$/']
  ] as const) {
    t.match(issuesOf(() => parseCorsOptions({ origin })), [{ fix }], String(origin))
  }
})

t.test('any host, at one port, is nobody that could be named', async t => {
  for (const origin of [/^http:\/\/.*:3000$/, /^https?:\/\/.+:3000/, /^(http|https):\/\/.*:3000$/, /^https:\/\/(.*):\d+$/, /^http:\/\/.+$/]) {
    t.match(issuesOf(() => parseCorsOptions({ origin }))[0], { message: /write the origins you mean/, fix: null }, String(origin))
  }
})

t.test('the rest of a variable is seen in a part of a label, and at either end', async t => {
  for (const origin of ['https://pr-undefined.example.com', `${PAGE}undefined`, `null${PAGE}`, `undefined${PAGE}`]) {
    t.match(issuesOf(() => parseCorsOptions({ origin })), [{ message: /made with an environment variable that is not set$/, fix: null }], origin)
  }
  t.same(issuesOf(() => parseCorsOptions({ origin: 'https://null-island.example' })), [])
})

t.test('an alternative that anchors would make match nothing leaves no fix', async t => {
  t.match(issuesOf(() => parseCorsOptions({ origin: /^capacitor|ionic:\/\/localhost$/ })), [{ fix: null }])
  t.match(issuesOf(() => parseCorsOptions({ origin: /^capacitor:\/\/localhost|ionic:\/\/localhost$/ })), [{ fix: '/^(?:capacitor:\\/\\/localhost|ionic:\\/\\/localhost)$/' }])
})

t.test('a list in a text of which a variable is not set says so', async t => {
  for (const origin of [`undefined,${PAGE}`, `${PAGE}, undefined`, `${PAGE};NaN`]) {
    t.match(issuesOf(() => parseCorsOptions({ origin })), [{ message: /and an environment variable in it is not set: set it, or leave it out$/, fix: null }], origin)
  }
})

t.test('only the number of a port that an origin can have is read as one', async t => {
  for (const origin of [0, -1, 1.5, NaN, 80, 65_536, 1e9]) t.notMatch(issuesOf(() => parseCorsOptions({ origin }))[0]?.message, /http:\/\/localhost/, String(origin))
})

t.test('a text that no fix can be told from says what to write', async t => {
  for (const origin of ['-', 'http://localhost:[3000-3010]', 'https://app.example.com (prod)', 'http://localhost.3000', ':3000', 'http://:3000', 'capacitor', 'about:blank', '[object Object]', 'Acme Shop', 'https://', 'http://[fe80::1%eth0]', 'https:://app.example.com']) {
    t.match(issuesOf(() => parseCorsOptions({ origin })), [{ message: /; write an origin as browsers send it, such as 'https:\/\/app\.example\.com' or 'http:\/\/localhost:3000'$/, fix: null }], origin)
  }
  for (const origin of ['https://{shop,b}.example.com', 'https://(shop|b).example.com', `${PAGE}+https://b.example`, '{"origins":["https://a.example","https://b.example"]}']) {
    t.match(issuesOf(() => parseCorsOptions({ origin })), [{ message: /; write each origin as an entry of a list, such as \[/, fix: null }], origin)
  }
  for (const origin of ['capacitor://', 'app://', 'chrome-extension://']) t.match(issuesOf(() => parseCorsOptions({ origin })), [{ message: /has no host: write it, or a \* for any$/, fix: null }], origin)
})

t.test('a status that is none of success means the default, and not the nearest number', async t => {
  for (const [optionsSuccessStatus, fix] of [[302, '204'], [404, '204'], [0, '204'], ['200', '200'], [200.5, '200']] as const) {
    t.match(issuesOf(() => parseCorsOptions({ origin: PAGE, optionsSuccessStatus })), [{ fix }], String(optionsSuccessStatus))
  }
  t.match(issuesOf(() => parseCorsOptions({ origin: PAGE, maxAge: 604_800 })), [{ fix: '86400' }], 'a week of memory means as long as can be')
})

t.test('a wrong name hides no wrong value: both are told at once, and what to write under the right name', async t => {
  const both: ReadonlyArray<readonly [Written, ReadonlyArray<readonly [path: string, message: RegExp]>]> = [
    [{ allowedOrigins: `${PAGE}/` }, [['/allowedOrigins', /Did you mean 'origin'\?$/], ['/allowedOrigins', /ends with a slash; write origin: 'https:\/\/app\.example\.com'$/]]],
    [{ orgin: [PAGE, 'a.example', undefined] }, [['/orgin', /'origin'\?$/], ['/orgin/1', /has no scheme; write 'https:\/\/a\.example'$/], ['/orgin/2', /leave it out$/]]],
    [{ whitelist: 'http://shop.test/', credentials }, [['/whitelist', /'origin'\?$/], ['/whitelist', /write origin: 'https:\/\/shop\.test'$/]]],
    [{ 'allow/headers': ['Origin'], origin: PAGE, max_age: '600' }, [['/allow~1headers', /'allowedHeaders'\?$/], ['/allow~1headers/0', /; leave it out$/], ['/max_age', /'maxAge'\?$/], ['/max_age', /write maxAge: 600$/]]],
    [{ origin: PAGE, AllowAnyMethod: true }, [['/AllowAnyMethod', /'methods'\?$/], ['/AllowAnyMethod', /write methods: '\*'$/]]],
    [{ allow_all_origins: true, credentials }, [['/allow_all_origins', /'origin'\?$/], ['/allow_all_origins', /any origin with credentials.*list the origins of your pages$/]]],
    [{ origins: '*', allowCredentials: true }, [['/origins', /'origin'\?$/], ['/origins', /write credentials: false$/], ['/allowCredentials', /'credentials'\?$/]]],
    [{ origin: '*', allowCredentials: true }, [['/origin', /write credentials: false$/], ['/allowCredentials', /'credentials'\?$/]]],
    [{ origins: '*', enforce: 'all' }, [['/origins', /'origin'\?$/], ['/enforce', /would refuse nothing/]]]
  ]
  for (const [written, expected] of both) {
    const issues = issuesOf(() => parseCorsOptions(written))
    t.match(issues, expected.map(([path, message]) => ({ path, message })), JSON.stringify(written))
    t.equal(issues.length, expected.length, JSON.stringify(written))
    t.ok(issues.every(({ code, fix }) => code === 'unknown-option' || fix === null), 'a value has no fix that would have to be put under another name')
  }
})

t.test('what has nothing to do with a misspelled option keeps its fix', async t => {
  t.match(issuesOf(() => parseCorsOptions({ origin: '*', credentials, expose_headers: ['ETag'], maxAge: '5' })), [{ path: '/origin', fix: 'credentials: false' }, { path: '/expose_headers', fix: 'exposedHeaders' }, { path: '/maxAge', fix: '5' }])
})

t.test('a switch that lets anyone in is renamed with its value, unless credentials make that unsafe', async t => {
  for (const name of ['allowAnyOrigin', 'allow_all_origins', 'originAllowAll', 'CORS_ALLOW_ALL_ORIGINS', 'AllowAnyOrigin']) {
    t.match(issuesOf(() => parseCorsOptions({ [name]: true })), [{ message: /Did you mean 'origin'\?$/, fix: 'origin' }], name)
    t.ok(issuesOf(() => parseCorsOptions({ [name]: true, credentials })).every(({ fix }) => fix === null), name)
    t.match(issuesOf(() => parseCorsOptions({ origin: PAGE, [name]: false })), [{ fix: 'leave it out' }], name)
  }
})

t.test('what two problems of one place have in common is printed once', async t => {
  for (const [written, advice] of [
    [{ origin: /https:\/\/app.example.com/ }, /Fix: /g], [{ origin: /http:\/\/app.example.com/g, credentials }, /Fix: /g], [{ origin: PAGE, methods: 'trace, patch, put' }, /Fix: /g],
    [{ origin: [PAGE, /[a-z]+shop\.test$/] }, /write the origins/g], [{ origin: /.*\.vercel\.app$/, credentials }, /list the names/g]
  ] as const) {
    const message = String(await boot(written))
    t.equal(message.match(advice)?.length, 1, message)
    t.ok(message.split('\n').length > 2, 'of several lines')
  }
  t.match(await boot({ origin: /https:\/\/app.example.com/ }), /for more than a dot\. The fix above mends this, too\.$/)
  t.match(await boot({ origin: ['https://a.example/', 'https://a.example/'] }), /\/0: .*Fix: '.*\n.*\/1: .*Fix: '/, 'two places have a fix each')
})

t.test('a fix that is a list says where its entries go', async t => {
  for (const written of [{ origin: ['https://a.example, https://b.example'] }, { origin: [/^https?:\/\/(a|b).example.com$/] }, { origin: PAGE, methods: ['PUT PATCH'] }]) {
    t.match(issuesOf(() => parseCorsOptions(written)), [{ message: /; put the entries of the fix in its place$/, fix: /^\[/ }])
  }
})

t.test('every method in a word is *, whatever method is one letter from it', async t => {
  for (const [methods, fix] of [['ALL', '\'*\''], ['any', '\'*\''], [['GET', 'ALL'], '\'*\'']] as const) t.match(issuesOf(() => parseCorsOptions({ origin: PAGE, methods })), [{ code: 'method-invalid', fix }])
})

t.test('paths as other frameworks write them become expressions', async t => {
  for (const [urls, fix] of [['/api', '/^\\/api(?:\\/|$)/'], ['/api/v1/*', '/^\\/api\\/v1\\//'], ['/api/**', '/^\\/api\\//'], ['/api/', '/^\\/api\\//'], ['/api/(.*)', '/^\\/api\\//'], ['/*', null], ['/api/:id', null]] as const) {
    t.match(issuesOf(() => parseCorsOptions({ origin: PAGE, urls })), [{ fix }], urls)
  }
})

t.test('true in quotation marks is told what true means', async t => {
  t.match(issuesOf(() => parseCorsOptions({ origin: 'true' })), [{ message: /true allows every origin/, fix: 'true' }])
})

t.test('names that only begin like an unset variable are names', async t => {
  for (const origin of ['https://undefined-labs.com', 'https://nullify.com', /^https:\/\/undefinedlabs\.com$/, /^https:\/\/(?:null|app)\.example\.com$/]) t.strictSame(issuesOf(() => parseCorsOptions({ origin })), [], String(origin))
})

t.test('schemes of applications are no misspelling', async t => {
  for (const origin of ['app://localhost', 'tauri://localhost', 'capacitor://localhost', /^(?:capacitor|ionic|https?):\/\/localhost$/, /^[a-z]+:\/\/localhost$/]) {
    t.strictSame(issuesOf(() => parseCorsOptions({ origin })), [], String(origin))
  }
})

t.test('with \'*\', cookies never worked: leaving credentials out loses nothing', async t => {
  t.match(issuesOf(() => parseCorsOptions({ origin: '*', credentials })), [{ message: /cookies never worked/, fix: 'credentials: false' }])
})
