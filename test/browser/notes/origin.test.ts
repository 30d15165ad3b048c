import t from 'tap'
import { allowCredentials, allowMethods, allowOrigin, page, type ScriptedAnswer } from '../scripted.js'
import { codes, judged, notes, withCookies } from './situation.js'

t.test('two layers that each add CORS headers', async t => {
  const verdict = await judged({}, [200, allowOrigin(page), allowOrigin('*')])
  t.match(verdict, { notes: [{ code: 'answered-twice', message: `${page} and *`, where: 'server' }], remedy: null }, 'another layer would add a third')
  t.match(verdict.fix, /^Let only one of them send .*take CORS out of the application, .*proxy_hide_header Access-Control-Allow-Origin;\)\.$/)
  t.strictSame(await codes({}, [200, allowOrigin(`${page}, ${page}`)]), ['answered-twice'], 'joined to one line')
  t.strictSame(await codes({ method: 'PUT' }, [204, allowOrigin(page), allowOrigin(page)]), ['answered-twice'])
  t.strictSame((await judged({ method: 'PUT' }, [204, allowOrigin(page), allowOrigin(page)])).remedy,
    { options: { origin: [page], methods: ['GET', 'HEAD', 'POST', 'PUT'] } }, 'where both lack the same')
  t.equal((await judged({ method: 'PUT' }, [204, allowOrigin(page), allowOrigin(page), allowMethods('PUT')])).remedy, null)
  t.match(await notes(withCookies, [200, allowOrigin(page), allowCredentials('true'), allowCredentials('true')]),
    [{ code: 'answered-twice', message: /^Access-Control-Allow-Credentials has 2 values/ }])
  t.strictSame(await codes({}, [200, allowOrigin(`${page},`)]), [], 'one value and a comma')
  t.strictSame(await codes(withCookies, [200, allowOrigin(page), allowCredentials('TRUE')]), [])
})

t.test('an origin that is almost the page\'s', async t => {
  for (const [allowed, origin, difference] of [
    [`${page}/`, page, 'a slash at the end'],
    ['HTTPS://app.example.com', page, 'letter case'],
    ['https://App.example.com', page, 'letter case'],
    ['http://app.example.com', page, 'http:// in place of https://'],
    ['https://app.example.com:8443', page, 'port 8443 in place of no port (443)'],
    [`${page}?`, page, 'spelled https://app.example.com?'],
    ['https://app.example.com:443', page, 'the default port :443, which browsers leave out'],
    ['http://localhost:3000', 'http://localhost:5173', 'port 3000 in place of port 5173'],
    ['http://localhost', 'http://localhost:5173', 'no port (80) in place of port 5173'],
    ['http://127.0.0.1:5173', 'http://localhost:5173', '127.0.0.1 in place of localhost'],
    ['http://localhost:3000', 'http://127.0.0.1:5173', 'localhost in place of 127.0.0.1, which is another host for browsers, and port 3000 in place of port 5173'],
    ['https://example.com', 'https://www.example.com', 'www. is missing'],
    ['https://www.example.com', 'https://example.com', 'www. is not in the address'],
    ['app.example.com', page, 'https:// is missing'],
    ['localhost:5173', 'http://localhost:5173', 'http:// is missing'],
    [`"${page}"`, page, 'the marks around it'],
    [`${page}/home?x`, page, 'the path /home?x'],
    ['https://*.example.com', page, 'a pattern'],
    ['http://localhost:*', 'http://localhost:5173', 'a pattern'],
    ['"https://app.*"', page, 'the marks around it, and a pattern'],
    ['http://localhost:1234', 'http://localhost:5173', "the API's own address"],
    [`${page}.`, page, 'the dot after the host'],
    [page, `${page}.`, 'the dot after the host']
  ] as const) {
    const verdict = await judged({ origin, url: 'http://localhost:1234/x' }, [200, allowOrigin(allowed)])
    const note = verdict.notes.find(({ code }) => code === 'origin-near-miss')
    t.match(note, { message: difference, fix: `Allow ${origin}, byte for byte.`, where: 'server' }, allowed)
    t.strictSame(verdict.remedy, { options: { origin: [origin] } }, allowed)
  }
  t.strictSame(await codes({ method: 'PUT' }, [204, allowOrigin(`${page}/`)]), ['origin-near-miss'], 'in a preflight')
  for (const allowed of ['https://other.example.org', 'null', 'foo bar:', 'https://*.example.net', 'http://[', 'https://*.*', '*.example.com', 'https://app.example.*.com']) {
    t.strictSame((await codes({}, [200, allowOrigin(allowed)])).filter(code => code === 'origin-near-miss'), [], allowed)
  }
})

t.test('an API that allows itself in place of the page', async t => {
  t.match(await notes({}, [200, allowOrigin('https://api.example.net')]), [{ code: 'origin-near-miss', message: "the API's own address" }])
})

t.test('a value that a setting left which is missing', async t => {
  for (const value of ['undefined', '', 'false', '$ORIGIN', '$'.concat('{ORIGIN}'), '%ORIGIN%', 'process.env.ORIGIN', 'None']) {
    t.match((await judged({}, [200, allowOrigin(value)])).explanation, `value "${value}", which is no origin (it looks like a setting that is missing), so`, value)
  }
  t.notMatch((await judged({}, [200, allowOrigin('foo')])).explanation, 'setting')
})

t.test('a cache that answers with what was made for another origin', async t => {
  const other = allowOrigin('https://www.example.org')
  for (const sign of [['Age', '31'], ['X-Cache', 'Hit from cloudfront'], ['cf-cache-status', 'HIT']] satisfies [string, string][]) {
    const verdict = await judged({}, [200, other, sign])
    t.match(verdict, { notes: [{ code: 'vary-missing', message: `${sign[0].toLowerCase() === 'age' ? 'Age' : sign[0].toLowerCase()}: ${sign[1]}`, fix: 'empty the cache', where: 'server' }] })
    t.ok(verdict.fix.startsWith(verdict.notes[0]?.fix ?? '-'))
  }
  t.strictSame(await codes({}, [200, other, ['Age', '31'], ['Vary', 'Origin']]), [], 'an origin that is refused')
  for (const sign of [['Age', '0'], ['X-Cache', 'MISS'], ['Cache-Control', 'max-age=60']] satisfies [string, string][]) t.strictSame(await codes({}, [200, other, sign]), [], String(sign))
  t.strictSame(await codes({}, [200, ['Age', '31']]), [], 'a server without CORS')
})

t.test('a page that sends a header of answers', async t => {
  const headers = { 'Access-Control-Allow-Origin': '*', 'x-api-key': '1' }
  const granted: ScriptedAnswer = [204, allowOrigin(page), ['Access-Control-Allow-Headers', 'x-api-key']]
  const only = await judged({ headers }, granted)
  t.match(only, { reason: 'HeaderDisallowedByPreflightResponse', remedy: null, notes: [{ code: 'header-misplaced', where: 'page' }] })
  t.equal(only.fix, 'Leave access-control-allow-origin out of the request: the server has to send it.')
  const both = await judged({ headers }, [204, allowOrigin(page)])
  t.match(both, { notes: [{ code: 'header-misplaced' }], remedy: { options: { origin: [page], allowedHeaders: ['x-api-key'] } } })
  t.match(both.fix, /^Leave access-control-allow-origin out of the request: .* With fastify-cors-policy: allowedHeaders: \['x-api-key'\]\./)
  const closed = await judged({ headers: { 'access-control-max-age': '1' } }, [404])
  t.match(closed, { notes: [{ code: 'preflight-not-handled' }, { code: 'header-misplaced' }] })
  t.strictSame(closed.remedy, { options: { origin: [page] } })
  t.strictSame(await codes({ headers }, [204, allowOrigin(page), ['Access-Control-Allow-Headers', '*']], [200, allowOrigin(page)]), [], 'allowed, it harms nobody')
})

t.test('a page without an origin of its own', async t => {
  for (const origin of ['null', 'file://']) {
    const verdict = await judged({ origin }, [200])
    t.match(verdict, { notes: [{ code: 'null-origin', message: `Origin: ${origin}`, fix: /Serve the page over http/, where: 'page' }], remedy: null })
    t.notMatch(verdict.fix, 'dangerouslyAllow')
    t.strictSame(await codes({ origin }, [200, allowOrigin(origin)]), ['null-origin'], 'allowed, and everybody with it')
    t.strictSame(await codes({ origin }, [200, allowOrigin('*')]), [], 'what is for everybody anyway')
  }
  t.strictSame(await codes({ origin: 'null' }, [200, ['Vary', 'Origin']]), ['null-origin'], 'a CORS layer that refuses null is right')
  t.strictSame(await codes({ origin: 'null' }, [502]), ['server-error', 'null-origin'], 'the likeliest cause comes first')
  t.strictSame(await codes({ origin: 'null', url: 'data:,x' }), [])
  const tainted = await judged({}, [302, allowOrigin(page), ['Location', 'https://files.example.org/x']], [200, allowOrigin(page)])
  t.match(tainted, { notes: [{ code: 'redirect' }, { code: 'null-origin', fix: 'Call https://files.example.org/x directly.' }], remedy: null })
})

t.test('a redirect by another origin and back leaves no origin to allow', async t => {
  const by = (location: string, origin: string): ScriptedAnswer => [302, allowOrigin(origin), ['Location', location]]
  const { notes: [note], fix } = await judged({}, by('https://files.example.org/x', page), by('https://api.example.net/y', 'null'), [401])
  t.match(note, { code: 'redirect', message: 'by way of another origin' })
  t.equal(fix, 'Call https://api.example.net/y directly.')
})

t.test('a note tells patch from PATCH', async t => {
  const verdict = await judged({ method: 'patch' }, [204, allowOrigin(page), allowMethods('GET, PATCH')])
  t.match(verdict, { notes: [{ code: 'method-case', fix: "Write method: 'PATCH' in the page.", where: 'page' }], remedy: null })
  t.equal(verdict.fix, verdict.notes[0]?.fix)
  t.strictSame(await codes({ method: 'patch' }, [204, allowOrigin(page), allowMethods('GET')]), [])
  t.strictSame(await codes({ method: 'PATCH' }, [204, allowOrigin(page), allowMethods('patch')]), [], "the server's to mend")
  t.strictSame(await codes({ method: 'patch' }, [204, allowOrigin(page)]), [])
})
