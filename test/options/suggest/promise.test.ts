import t, { type Test } from 'tap'
import fc from 'fast-check'
import { parseCorsOptions } from '../../../lib/options/parse.js'
import { entriesOf, letsIn } from '../../../lib/options/suggest/entries.js'
import { FixJudge, withFix } from '../../../lib/options/suggest/promise.js'
import { literalIn } from '../../../lib/options/suggest/source.js'
import { issuesOf } from '../refused.js'

/** What a fix promises, for one mistake. */
interface Mistake {
  readonly written: Record<string, unknown>
  readonly letsIn?: readonly string[]
  readonly refuses?: readonly string[]
}

/** Puts the first fix where its issue says, and judges what comes of it; the fix, or `null` where there is none. */
function kept (t: Test, { written, letsIn: wanted = [], refuses = [] }: Mistake): string | null {
  let options: Readonly<Record<string, unknown>> = written
  let first: string | null = null
  for (let round = 0; round < 10; round++) {
    const [issue] = issuesOf(() => parseCorsOptions(options)).filter(({ fix }) => fix !== null)
    if (issue?.fix == null) break
    first ??= issue.fix
    const fixed = withFix(options, issue.path, issue.fix)
    if (fixed === null) throw new Error(`${issue.fix} can't be put at ${issue.path}`)
    options = fixed
  }
  if (first === null) return null
  t.strictSame(issuesOf(() => parseCorsOptions(options)), [], `with ${first}, nothing is wrong`)
  const { origin } = options
  const entries = [origin].flat().filter(entry => typeof entry === 'string' || entry instanceof RegExp)
  for (const page of wanted) t.ok(letsIn(entries, page), `${first} lets in ${page}`)
  for (const stranger of refuses) t.notOk(letsIn(entries, stranger), `${first} refuses ${stranger}`)
  return first
}

const credentials = true
const LOCAL = ['http://localhost', 'http://localhost:3000', 'http://localhost:5173']

/** What was written, the pages that were meant, and strangers. */
const MISTAKES: ReadonlyArray<readonly [string, Mistake]> = [
  ['leaves the end of localhost open', { written: { origin: /^http:\/\/localhost/ }, letsIn: LOCAL, refuses: ['http://localhost.evil.test'] }],
  ['leaves the end of localhost open, with credentials', { written: { origin: /^http:\/\/localhost/, credentials }, letsIn: LOCAL }],
  ['writes localhost or its address without dots escaped', { written: { origin: /(localhost|127.0.0.1)/ }, letsIn: [...LOCAL, 'http://127.0.0.1:8080'], refuses: ['http://127a0.0.1'] }],
  ['means an app\'s own scheme', { written: { origin: /^capacitor:\/\// }, letsIn: ['capacitor://localhost'], refuses: ['https://localhost'] }],
  ['means an Electron app', { written: { origin: /^app:\/\// }, letsIn: ['app://.', 'app://obsidian.md'], refuses: ['https://app'] }],
  ['means any extension', { written: { origin: /chrome-extension:\/\// }, letsIn: ['chrome-extension://abcdefghijklmnop'], refuses: ['https://chrome-extension'] }],
  ['means the previews of a team', { written: { origin: /me\.vercel\.app$/ }, letsIn: ['https://me.vercel.app', 'https://x-me.vercel.app'], refuses: ['https://evilme.vercel.app'] }],
  ['means any origin', { written: { origin: /.*/ }, letsIn: ['https://a.test', 'http://b.test:81'] }],
  ['means a private network', { written: { origin: 'http://192.168.*' }, letsIn: ['http://192.168.0.12:5173', 'http://192.168.1.1'], refuses: ['http://192.168.1.1.evil.test'] }],
  ['means the beginning of an address', { written: { origin: /^http:\/\/10\.0\./ }, letsIn: ['http://10.0.3.4:3000'], refuses: ['http://10.0.3.4.evil.test'] }],
  ['forgets the scheme', { written: { origin: /^example\.com$/ }, letsIn: ['https://example.com'], refuses: ['https://example.com.evil.test'] }],
  ['ends with a slash', { written: { origin: /^https:\/\/example\.com\/$/ }, letsIn: ['https://example.com'] }],
  ['writes the default port', { written: { origin: /^https:\/\/example\.com:443$/ }, letsIn: ['https://example.com'] }],
  ['writes upper case', { written: { origin: /^https:\/\/Example\.com$/ }, letsIn: ['https://example.com'] }],
  ['has a variable that is not set', { written: { origin: ['', 'http://localhost:3000'] }, letsIn: ['http://localhost:3000'] }],
  ['means all previews on Netlify', { written: { origin: /^https:\/\/.*--shop\.netlify\.app$/ }, letsIn: ['https://pr-1--shop.netlify.app'], refuses: ['https://shop.netlify.app.evil.test', 'https://a.b--shop.netlify.app'] }],
  ['forgets the anchors of a numbered preview', { written: { origin: /https:\/\/pr-\d+\.example\.com/ }, letsIn: ['https://pr-12.example.com'], refuses: ['https://pr-12.example.com.evil.test'] }],
  ['leaves the end of a name open', { written: { origin: /^https:\/\/example\.com/ }, letsIn: ['https://example.com'], refuses: ['https://example.com.evil.test'] }],
  ['leaves the beginning of a name open', { written: { origin: /example\.com$/ }, letsIn: ['https://example.com', 'https://a.example.com'], refuses: ['https://evilexample.com'] }],
  ['has a slash after a public http origin, with credentials', { written: { origin: 'http://example.com/', credentials }, letsIn: ['https://example.com'] }],
  ['puts a list in one text', { written: { origin: 'https://a.example,https://b.example/' }, letsIn: ['https://a.example', 'https://b.example'] }],
  ['has a path behind', { written: { origin: 'https://pr-*.example.com/app' }, letsIn: ['https://pr-7.example.com'], refuses: ['https://pr-.example.com'] }]
]

for (const [name, mistake] of MISTAKES) {
  t.test(`who ${name} gets a fix that keeps its promise`, async t => { t.not(kept(t, mistake), null, 'there is one') })
}

t.test('where nobody can know what was meant, there is no fix, and the message says what to write', async t => {
  const unknown: ReadonlyArray<readonly [Record<string, unknown>, RegExp]> = [
    [{ origin: /^https:\/\/pr-/ }, /write the origins you mean/],
    [{ origin: /^https:\/\/app\./ }, /write the origins you mean/],
    [{ origin: /^https:\/\// }, /write the origins you mean/],
    [{ origin: /me\.vercel\.app$/, credentials }, /write the origins you mean/],
    [{ origin: 'http://192.168.0.12:5173', credentials }, /dangerouslyAllow: \['insecure-origins'\]/],
    [{ origin: 'http://printer', credentials }, /dangerouslyAllow: \['insecure-origins'\]/],
    [{ origin: '' }, /environment variable/],
    [{ origin: 'https://undefined' }, /environment variable/],
    [{ origin: 'https://api.undefined.example.com' }, /environment variable/],
    [{ origin: true, credentials }, /list the origins/],
    [{ origin: 'null' }, /dangerouslyAllow: \['null-origin'\]/]
  ]
  for (const [written, message] of unknown) t.match(issuesOf(() => parseCorsOptions(written))[0], { fix: null, message }, JSON.stringify(written))
})

t.test('with \'*\', cookies never worked: leaving credentials out loses nothing', async t => {
  t.match(issuesOf(() => parseCorsOptions({ origin: '*', credentials })), [{ message: /cookies never worked/, fix: 'credentials: false' }])
})

t.test('dead expressions are refused', async t => {
  const dead = [/^example\.com$/, /^https:\/\/example\.com\/$/, /^https:\/\/example\.com:443$/, /^http:\/\/example\.com:80$/, /^HTTPS:\/\/example\.com$/, /^https:\/\/Example\.com$/, /^https:\/\/$/, /^$/]
  for (const origin of dead) t.match(issuesOf(() => parseCorsOptions({ origin })), [{ code: 'origin-regexp-dead' }], String(origin))
  const alive = [/^https:\/\/example\.com(?::443)?$/, /^HTTPS:\/\/Example\.com$/i, /^app:\/\/Obsidian\.md$/, /^https:\/\/example\.com:4430?$/, /^http:\/\/\[::1\]:\d+$/, /^https?:\/\/localhost\/?$/, /^app:\/\/x:443$/]
  for (const origin of alive) t.strictSame(issuesOf(() => parseCorsOptions({ origin })), [], String(origin))
})

t.test('a fix is put where the path points', async t => {
  t.strictSame(withFix({ origin: ['a', 'b', 'c'] }, '/origin/1', '[\'x\', \'y\']'), { origin: ['a', 'x', 'y', 'c'] })
  t.strictSame(withFix({ origin: ['a', 'b'] }, '/origin/1', 'leave it out'), { origin: ['a'] })
  t.strictSame(withFix({ maxAge: 1, origin: 'a' }, '/maxAge', 'leave it out'), { origin: 'a' })
  t.strictSame(withFix({ orgin: 'a' }, '/orgin', 'origin'), { origin: 'a' })
  t.equal(withFix({ orgin: 'a', origin: 'b' }, '/orgin', 'origin'), null, 'both are there')
  t.equal(withFix({ origin: ['a'] }, '/origin/0', 'origin'), null, 'an item has no name')
  t.strictSame(withFix({ origin: '*', credentials: true }, '/origin', 'credentials: false, maxAge: 5'), { origin: '*', credentials: false, maxAge: 5 })
  t.equal(withFix({}, '', '\'a\''), null)
  t.equal(withFix({ a: 1 }, '/a', 'a list of origins'), null, 'advice is no fix')
  t.equal(withFix({ a: 1 }, '/a', 'b: advice'), null)
  t.strictSame(withFix({ origin: 'a' }, '/origin/0', '\'x\''), { origin: 'a' })
})

t.test('a fix that removes nothing, or brings something, is none', async t => {
  const judge = (options: Readonly<Record<string, unknown>>) => Object.entries(options).filter(([, value]) => value === 'bad' || value === 'worse').map(([name, value]) => ({ code: name, path: `/${name}`, value }))
  const problem = { code: 'a', path: '/a', value: 'bad' }
  const keeps = (options: Record<string, unknown>, fix: string): boolean => new FixJudge(options, judge(options), judge).keeps(problem, fix)
  t.ok(keeps({ a: 'bad', b: 'bad' }, '1'), 'what else is wrong stays so')
  t.notOk(keeps({ a: 'bad' }, '\'bad\''))
  t.notOk(keeps({ a: 'bad' }, 'b: \'bad\''))
  t.notOk(keeps({ a: 'bad' }, '\'worse\''))
  t.notOk(keeps({ a: 'bad' }, 'ask somebody'))
})

t.test('printed literals are read as JavaScript reads them', async t => {
  t.strictSame(literalIn(' [\'a\\\'b\\n\\r\\t\\\\\\u0007\', 12, -1.5, true, false, null, []] '), ['a\'b\n\r\t\\\u0007', 12, -1.5, true, false, null, []])
  t.match(literalIn('/^[/]\\/$/i'), /^[/]\/$/i)
  for (const source of ['', 'x', '[1', '[1 2]', '[x]', '/(/', '/a/xx', '\'a', '1 2']) t.equal(literalIn(source), undefined, source)
  t.equal(entriesOf('true'), null)
  t.equal(entriesOf('\'https://a/b\''), null)
})

/** A generator of right options, with the pages that they let in. */
const label = fc.stringMatching(/^[a-z][a-z0-9]{0,6}$/).filter(text => text !== 'nan' && text !== 'null')
const name = fc.tuple(fc.array(label, { minLength: 1, maxLength: 2 }), fc.constantFrom('com', 'org', 'co.uk', 'example', 'dev')).map(([labels, end]) => [...labels, end].join('.'))
const port = fc.constantFrom('', '', ':8443', ':3000')
const right = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(name, port).map(([host, end]) => `https://${host}${end}`) },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom('localhost', '127.0.0.1', '192.168.0.7', '10.1.2.3'), fc.constantFrom('', ':3000', ':5173')).map(parts => `http://${parts.join('')}`) },
  fc.tuple(fc.constantFrom('capacitor', 'ionic', 'app'), label).map(([scheme, host]) => `${scheme}://${host}`)
)

const escaped = (origin: string): string => origin.replace(/[.]/g, '\\.').replaceAll('/', '\\/')

/** Ways to get an origin wrong. */
const WRONG: ReadonlyArray<(origin: string) => unknown> = [
  origin => `${origin}/`,
  origin => `${origin}/path`,
  origin => origin.replace(/^[a-z]+:\/\//, ''),
  origin => origin.replace(/^[a-z]/, letter => letter.toUpperCase()),
  origin => /^https?:/.test(origin) ? origin.replace(/\/\/[a-z]/, letters => letters.toUpperCase()) : `${origin} `,
  origin => `${origin.replace(/:\d+$/, '')}:${origin.startsWith('https') ? '443' : origin.startsWith('http') ? '80' : '0x'}`,
  origin => `${origin}, https://other.example.com`,
  origin => [origin, ''],
  origin => ['undefined', origin],
  origin => `"${origin}"`,
  origin => new RegExp(`^${origin}$`),
  origin => new RegExp(`^${escaped(origin)}`),
  origin => new RegExp(escaped(origin)),
  origin => new RegExp(`${escaped(origin)}$`, 'g'),
  origin => new RegExp(`^${escaped(origin)}\\/$`),
  origin => new RegExp(`^${escaped(origin.replace(/^[a-z]+:\/\//, ''))}$`),
  origin => new RegExp(`${escaped(origin.replace(/^[a-z]+:\/\//, ''))}$`),
  origin => String(new RegExp(`^${escaped(origin)}$`))
]

/** Other mistakes beside it. */
const BESIDE: ReadonlyArray<Record<string, unknown>> = [
  {}, {}, {}, { credentials: true }, { credentials: null }, { maxAge: null }, { maxAge: '600' }, { allowedMethods: ['GET'] }, { allowHeaders: ['x-a'] },
  { exposeHeaders: ['ETag'] }, { allowedHeaders: ['Cookie', 'x-a'] }, { methods: 'get,patch' }, { methods: ['TRACE', 'PUT'] }, { exposedHeaders: ['Set-Cookie'] }, { enforce: 'all' }, { preflight: null }
]

t.test('of 20,000 mistakes, no fix breaks its promise', { timeout: 300_000 }, async t => {
  let fixes = 0
  fc.assert(fc.property(right, fc.constantFrom(...WRONG), fc.constantFrom(...BESIDE), (origin, wrong, beside) => {
    const options: Record<string, unknown> = { ...beside, origin: wrong(origin) }
    const issues = issuesOf(() => parseCorsOptions(options))
    const keyOf = ({ code, value }: { code: string, value: unknown }): string => `${code} ${String(value)}`
    for (const issue of issues) {
      if (issue.fix === null) continue
      fixes++
      const fixed = withFix(options, issue.path, issue.fix)
      if (fixed === null) throw new Error(`${issue.fix} can't be put at ${issue.path}`)
      const before = issues.map(keyOf)
      before.splice(before.indexOf(keyOf(issue)), 1)
      for (const left of issuesOf(() => parseCorsOptions(fixed)).map(keyOf)) {
        // Two rules may be broken by one entry, and be put right by one fix
        if (!before.includes(left)) throw new Error(`${issue.fix} at ${issue.path} brings ${left}`)
      }
      if (!issue.path.startsWith('/origin')) continue
      const entries = [fixed['origin']].flat().filter(entry => typeof entry === 'string' || entry instanceof RegExp)
      const bare = origin.replace(/^[a-z]+/, '')
      const meant = [origin, `http${bare}`, `https${bare}`]
      const lets = (page: string): boolean => entries.some(entry => entry instanceof RegExp ? new RegExp(entry.source, entry.flags.replace(/[gy]/g, '')).test(page) : entriesOf(`'${entry}'`) !== null && letsIn([entry], page))
      if (!meant.some(page => lets(page) || lets(page.replace(/:\d+$/, '')))) throw new Error(`${issue.fix} lets in no page of ${origin}`)
      for (const stranger of [`${origin.replace(/:\d+$/, '')}.stranger.test`, 'https://stranger.test']) if (lets(stranger)) throw new Error(`${issue.fix} lets in ${stranger}`)
    }
  }), { numRuns: 20_000 })
  t.ok(fixes > 10_000, `${fixes} fixes`)
})
