import t from 'tap'
import { allowCredentials, allowHeaders, allowMethods, allowOrigin, api, page, type ScriptedAnswer } from '../scripted.js'
import { codes, judged, notes, put, withCookies } from './situation.js'

const options = { origin: [page], methods: ['GET', 'HEAD', 'POST', 'PUT'], allowedHeaders: ['content-type'] }
const granted: ScriptedAnswer = [204, allowOrigin(page), allowMethods('PUT'), allowHeaders('content-type')]

t.test('a CORS layer that does not know the origin is recognised, whatever its status', async t => {
  for (const [name, answer] of [
    ['this plugin and Spring', [403, ['Vary', 'Accept-Encoding, Origin']]],
    ['django-cors-headers', [200, ['vary', 'origin']]],
    ['Starlette', [400, ['Vary', 'Origin'], allowMethods('GET, PUT')]],
    ['cors of Express', [204, allowMethods('GET,PUT'), ['Vary', 'Access-Control-Request-Headers']]]
  ] satisfies [string, ScriptedAnswer][]) {
    const verdict = await judged(put, answer)
    t.match(verdict.notes, [{ code: 'origin-refused', message: page, fix: page, where: 'server' }], name)
    t.strictSame(verdict.remedy, { options }, name)
    t.ok(verdict.explanation.startsWith(verdict.notes[0]?.message ?? '-'), 'the explanation begins with it')
    t.ok(verdict.fix.startsWith(verdict.notes[0]?.fix ?? '-'), 'and so does the fix')
    t.match(verdict.fix, 'With fastify-cors-policy', 'with the line to write after it')
  }
  t.strictSame(await codes({}, [200, ['Vary', 'Origin']]), ['origin-refused'], 'a plain GET')
  t.strictSame(await codes({}, [200, ['Access-Control-Expose-Headers', 'etag']]), ['origin-refused'])
  t.strictSame(await codes({}, [200, ['Vary', 'Accept-Encoding']]), [], 'no CORS layer at all')
})

t.test('a login that comes before CORS', async t => {
  for (const status of [401, 403, 407, 511]) {
    const verdict = await judged(put, [status, ['WWW-Authenticate', 'Bearer']])
    t.match(verdict.notes, [{ code: 'authentication-first', message: String(status), fix: 'OPTIONS /items', where: 'server' }])
    t.strictSame(verdict.remedy, { options }, String(status))
  }
  t.strictSame(await codes(put, [401, allowOrigin(page)]), ['authentication-first'], 'headers do not help against the status')
  t.strictSame(await codes({}, [401]), ['authentication-first'])
  t.strictSame(await codes(put, granted, [403]), ['authentication-first'], 'a firewall that lets preflights pass')
  for (const sign of [['Vary', 'Origin'], allowCredentials('true')] satisfies [string, string][]) {
    const found = await notes({}, [401, sign])
    t.match(found, [{ code: 'authentication-first', message: /either that layer does not allow https:\/\/app\.example\.com, or something took the header out/ }])
    t.equal(found.length, 1, 'nothing that contradicts it')
  }
  t.strictSame(await codes({}, [401, allowOrigin(page), ['Vary', 'Origin']]), [], 'a 401 that the page can read')
})

t.test('a login that answers the preflight is the first cause, whatever stands on its answer', async t => {
  const login = { code: 'authentication-first', fix: 'OPTIONS /items', where: 'server' } as const
  for (const [name, overrides, ...lines] of [
    ['with CORS headers', {}, allowOrigin(page), allowMethods('PUT'), allowHeaders('content-type')],
    ['with a wildcard for cookies', withCookies, allowOrigin('*')],
    ['without Allow-Credentials', withCookies, allowOrigin(page)],
    ['with headers of two layers', {}, allowOrigin(page), allowOrigin(page)],
    ['with a way to log in, and with Vary', {}, ['WWW-Authenticate', 'Bearer'], ['Vary', 'Origin']]
  ] satisfies [string, Parameters<typeof judged>[0], ...[string, string][]][]) {
    for (const status of [401, 403]) {
      const verdict = await judged({ ...put, ...overrides }, [status, ...lines])
      t.match(verdict.notes[0], login, `${name}: ${status}`)
      t.ok(verdict.explanation.startsWith(verdict.notes[0]?.message ?? '-') && verdict.fix.startsWith(verdict.notes[0]?.fix ?? '-'), name)
      t.notMatch(verdict.notes[0]?.message, 'before CORS could', 'a CORS layer had its say')
    }
  }
  t.match(await codes({ ...put, ...withCookies }, [503, allowOrigin('*')]), ['server-error'])
  t.strictSame(await codes({ ...put, ...withCookies }, [204, allowOrigin('*')]), [], 'where only the headers are wrong')
  t.strictSame(await codes(put, [403, allowOrigin('https://other.example.org')]), [], 'a CORS layer may refuse another origin with 403')
  t.strictSame(await codes(withCookies, [401, allowOrigin('*')]), [], 'a 401 to the request itself is an answer')
})

t.test('a server where no one answers OPTIONS', async t => {
  for (const [name, status] of [['Express', 404], ['Flask and Fastify', 405], ['http.server of Python', 501]] as const) {
    const verdict = await judged(put, [status])
    t.match(verdict.notes, [{ code: 'preflight-not-handled', message: String(status), fix: 'OPTIONS /items', where: 'server' }], name)
    t.strictSame(verdict.remedy, { options }, name)
  }
  t.strictSame(await codes(put, [404, allowOrigin(page)]), ['preflight-not-handled'])
  t.strictSame(await codes({}, [404]), [], 'a GET that finds nothing is no preflight')
})

t.test('a crash, a gateway, a time-out: not CORS', async t => {
  t.strictSame(await codes({}, [999]), [], 'a status of nobody is no error of the server')
  for (const [status, message] of [[500, /failed/], [502, /gateway/], [503, /down/], [504, /too long/], [520, /520/]] as const) {
    for (const verdict of [await judged(put, granted, [status]), await judged(put, [status])]) {
      t.match(verdict.notes, [{ code: 'server-error', message, fix: /log/, where: 'server' }])
      t.equal(verdict.remedy, null, 'no header helps')
      t.notMatch(verdict.fix, 'Access-Control', 'and none is advised')
      t.match(verdict.explanation, 'docs/errors.md#', 'what the browser saw is told too')
    }
  }
  t.strictSame(await codes({}, [500, allowOrigin('*')]), [], 'a 500 that the page can read')
  const express: [string, string] = ['X-Powered-By', 'Express']
  t.match(await notes({}, [500, express]), [{ code: 'server-error', fix: `If the log says "Not allowed by CORS", add ${page} to the list` }], 'a function for origins that throws')
  t.notMatch((await judged({}, [502, express])).fix, 'Not allowed')
})

t.test('a rate limit that comes before CORS', async t => {
  const verdict = await judged(put, [429, ['Retry-After', '30']])
  t.match(verdict, { notes: [{ code: 'rate-limited', message: 'Retry-After: 30', fix: 'Do not count preflights' }], remedy: null })
  t.match(await notes({}, [429]), [{ code: 'rate-limited', message: /headers\.$/, fix: 'before the rate limit' }])
})

t.test('a body, a URL or headers that are too large for a proxy', async t => {
  for (const [status, what] of [[413, 'body is'], [414, 'URL is'], [431, 'headers are']] as const) {
    const verdict = await judged({ method: 'POST' }, [status, ['Server', 'nginx']])
    t.match(verdict, { notes: [{ code: 'too-large', message: what, where: 'server' }], remedy: null })
  }
})

t.test('a slash, https or a login in a redirect', async t => {
  const redirect = (location: string, ...[status = 301]: number[]): ScriptedAnswer => [status, ['Location', location]]
  const calls = async (overrides: Parameters<typeof notes>[0], ...scripted: ScriptedAnswer[]) => {
    const verdict = await judged(overrides, ...scripted)
    t.match(verdict, { allowed: false, remedy: null, notes: [{ code: 'redirect' }] })
    t.equal(verdict.fix, verdict.notes[0]?.fix)
    return `${verdict.notes[0]?.message} ${verdict.notes[0]?.fix}`
  }
  t.match(await calls({}, redirect(`${api}/`)), /with a slash at the end.*Call https:\/\/api\.example\.net\/items\/ directly/)
  t.match(await calls(put, redirect('/items/', 307)), /the preflight of PUT.*with a slash/)
  t.match(await calls({ url: `${api}/` }, redirect(api)), /without a slash/)
  t.match(await calls({ origin: 'http://localhost:3000', url: 'http://api.example.net/items' }, redirect(api)), /to https:.*Call https:/)
  t.match(await calls({}, redirect('https://www.api.example.net/items')), /with www/)
  t.match(await calls({ url: 'https://www.api.example.net/items' }, redirect(`${api}/`)), /without www and with a slash/)
  t.match(await calls({}, redirect('https://api.example.net:8443/items')), /to another port/)
  t.match(await calls({}, redirect(api, 302)), /which is where it comes from\. .* waits for a cookie/)
  t.match(await calls({}, redirect('https://api.example.net/v2/items')), /redirect \(301\) to https:\/\/api\.example\.net\/v2\/items: CORS/)
  t.match(await calls({}, redirect('https://id.example.org/oauth2/auth', 302)), /looks like a login.*navigation/)
  t.match(await calls(put, redirect('https://id.example.org/oauth2/auth', 302)), /preflights carry no cookies.*put CORS before authentication/)
  t.match(await calls({}, redirect('https://files.example.org/items', 302)), /Call https:\/\/files\.example\.org\/items directly/)
  t.match(await calls({ url: `${page}/api/me` }, redirect('https://sso.example.org/', 302), [200]), /api\/me redirects to https:\/\/sso\.example\.org\/, which looks like a login/)
  t.strictSame(await codes({}, [302]), [], 'a redirect to nowhere')
  t.match(await judged({ headers: { 'x-a': '1' }, url: `${page}/a` }, redirect(api), [204, allowOrigin(page)]),
    { reason: 'HeaderDisallowedByPreflightResponse', notes: { length: 0 }, fix: "allowedHeaders: ['x-a']" }, 'what the last server does not list')
  t.strictSame(await codes({}, [302, allowOrigin(page), ['Location', `${api}/`]], [200]), [], 'one that was followed, and is not at fault')
  t.strictSame(await codes({}, [302, allowOrigin(page), ['Location', 'http://[']]), [], 'one that says all by itself')
})

t.test('a redirect with CORS headers, to a login without', async t => {
  const to = (location: string): ScriptedAnswer => [302, allowOrigin(page), ['Location', location]]
  for (const location of [
    '/login', '/users/sign_in', '/Account/LogOn', '/auth', '/anmelden?next=/items', 'https://accounts.example.org/', 'https://id.example.net/', '/session/new',
    'https://sso.example.net/cas?service=https%3A%2F%2Fapi.example.net%2Fitems', '/realms/x/protocol/openid-connect/auth'
  ]) {
    for (const answer of [[200], [405], [401]] satisfies ScriptedAnswer[]) {
      const verdict = await judged({}, to(location), answer)
      t.match(verdict, { allowed: false, remedy: null, explanation: /^https:\/\/api\.example\.net\/items redirects to .*, which looks like a login/, fix: /^Log in with a link/ }, location)
      t.equal(verdict.notes[0]?.code, 'redirect', location)
    }
    t.match(await judged(put, granted, to(location), [405]), { remedy: null, notes: [{ code: 'redirect', message: 'a login' }] }, 'a PUT that stays one')
    t.match(await notes({}, to(location), [200, allowOrigin('*')]), [{ code: 'redirect', message: 'in place of what it asked for' }], 'a login that the page gets')
  }
  for (const location of ['https://accounts.example.org/items', 'https://cdn.example.org/resize?url=https://api.example.net/items', 'https://files.example.org/x?next=2']) {
    t.strictSame(await codes({}, to(location), [200, allowOrigin('*')]), [], `${location} is no login`)
  }
  for (const location of ['/author', '/items/2', '/identity/items', '/blog/inside', '/?page=2']) {
    t.strictSame(await codes({}, to(location), [200]), [], `${location} is no login`)
    t.strictSame(await codes({}, to(location), [200, allowOrigin('*')]), [], `${location} is no login`)
  }
  t.strictSame(await codes({ url: 'https://api.example.net/oauth/token' }, to('/login'), [200]), [], 'a login itself may go on to another page')
  t.strictSame(await codes({}, to('/login'), [502]), ['server-error'], 'a crash is a fault of its own')
  t.strictSame(await codes({ url: 'https://api.example.net/' }, to('/start?at=/'), [200]), [], 'every path has a slash')
})

t.test('a preflight that is sent elsewhere', async t => {
  const fix = async (status: number, location: string, ...more: [string, string][]) => {
    const verdict = await judged(put, [status, ['Location', location], ...more])
    t.match(verdict, { reason: 'PreflightDisallowedRedirect', notes: [{ code: 'redirect' }], remedy: null })
    t.ok(verdict.explanation.startsWith(verdict.notes[0]?.message ?? '-'), location)
    return verdict.fix
  }
  for (const more of [[], [allowOrigin(page)]]) {
    t.match(await fix(302, '/login', ...more), 'put CORS before authentication')
    t.match(await fix(302, '/', ...more), /^If what the page wants is at https:\/\/api\.example\.net\/, .*redirects OPTIONS \/items/)
    t.equal(await fix(301, '/v2', ...more), 'Call https://api.example.net/v2 directly.')
    t.equal(await fix(302, '/v2/items', ...more), 'Call https://api.example.net/v2/items directly.')
    t.equal(await fix(308, '/items/', ...more), `Call ${api}/ directly.`)
  }
  t.equal(await fix(301, '/items/', ['Location', '/items/']), `Call ${api}/ directly.`, 'told twice')
  t.match(await notes({}, [302, ['Location', '/']]), [{ code: 'redirect', fix: /redirects \/items/ }])
})

t.test('a redirect that is followed, and loses something', async t => {
  const to = (location: string, status = 301): ScriptedAnswer => [status, allowOrigin(page), ['Location', location]]
  const last: ScriptedAnswer = [200, allowOrigin('*')]
  t.match(await notes({ method: 'POST' }, to(`${api}/`), last), [{ code: 'redirect', message: /slash.*with GET/, fix: `Call ${api}/ directly.`, where: 'page' }])
  t.strictSame(await codes({ method: 'POST' }, to(`${api}/1`, 303), last), [], 'what a 303 after a POST is for')
  t.strictSame(await codes({}, to(`${api}/`), last), [])
  const headers = { authorization: 'Bearer x' }
  const asked: ScriptedAnswer = [204, allowOrigin(page), allowHeaders('authorization')]
  t.match(await notes({ headers }, asked, to('https://files.example.org/'), last), [{ code: 'redirect', message: /Authorization/ }])
  t.strictSame(await codes({ headers }, asked, to(`${api}/`), asked, last), [])
})

t.test('a preflight that something else takes for a request of its own', async t => {
  for (const [name, answer] of [
    ['a GraphQL server that wants a query', [400]],
    ['one that allows everybody, and wants a body', [400, allowOrigin('*')]],
    ['one that wants a type', [415]],
    ['one that answers OPTIONS by itself, such as Flask', [200, ['Allow', 'GET, OPTIONS']]],
    ['IIS', [200, ['Public', 'OPTIONS, TRACE, GET, HEAD, POST'], ['Server', 'Microsoft-IIS/10.0']]]
  ] satisfies [string, ScriptedAnswer][]) {
    const verdict = await judged(put, answer)
    t.match(verdict.notes, [{ code: 'preflight-not-handled', fix: 'OPTIONS /items', where: 'server' }], name)
    t.ok(verdict.explanation.startsWith(verdict.notes[0]?.message ?? '-') && verdict.fix.startsWith(verdict.notes[0]?.fix ?? '-'), name)
    t.strictSame(verdict.remedy, { options }, name)
  }
  t.strictSame(await codes(put, [200]), [], 'an answer that says nothing of itself')
  t.strictSame(await codes({}, [400]), [], 'a request of its own that is refused')
  t.strictSame(await codes(put, [400, ['Vary', 'Origin'], ['Allow', 'GET']]), ['origin-refused'], 'Starlette')
  t.strictSame(await codes(put, [204, ['Vary', 'Access-Control-Request-Headers'], ['Allow', 'GET']]), ['origin-refused'], 'what only a CORS layer writes')
})

t.test('a CORS layer that refuses by the status what it does not list', async t => {
  const layer = (...lines: [string, string][]): ScriptedAnswer => [400, allowOrigin(page), ['Vary', 'Origin'], ...lines]
  for (const [why, options, answer] of [
    ['does not allow the method PUT, nor content-type', "methods: ['GET', 'HEAD', 'POST', 'PUT'], allowedHeaders: ['content-type']", layer(allowMethods('GET'))],
    ['does not allow the method PUT', "methods: ['GET', 'HEAD', 'POST', 'PUT']", layer(allowMethods('GET'), allowHeaders('content-type'))],
    ['does not allow content-type', "allowedHeaders: ['x-a', 'content-type']", layer(allowMethods('PUT'), allowHeaders('x-a'))]
  ] satisfies [string, string, ScriptedAnswer][]) {
    const verdict = await judged(put, answer)
    t.match(verdict, { reason: 'PreflightInvalidStatus', notes: { length: 0 } }, why)
    t.match(verdict.explanation, `where only 200 to 299 count (its CORS layer ${why}), so`)
    t.ok(verdict.fix.startsWith(`With fastify-cors-policy: ${options}. From any other server: send Access-Control-Allow-`), verdict.fix)
  }
  t.strictSame(await codes(put, layer(allowMethods('PUT'), allowHeaders('content-type'))), ['preflight-not-handled'], 'that lists all, and refuses for another reason')
  t.strictSame(await codes({ ...put, ...withCookies }, [400, allowOrigin(page), allowCredentials('true'), allowMethods('*')]), [], 'where * is a name')
  const misplaced = { headers: { 'access-control-allow-origin': '*' } }
  t.match(await judged(misplaced, layer(allowHeaders('x-a'))), { notes: [{ code: 'header-misplaced' }], fix: /With fastify-cors-policy: preflight: true/ }, 'a header that no list should have')
  t.match((await judged(put, [400, allowOrigin(page), allowMethods('*'), allowHeaders('*')])).notes, [{ code: 'preflight-not-handled' }])
  t.match((await judged(put, [204, allowOrigin(page), allowMethods('GET, (')])).fix, 'methods:')
})

t.test('a check against forged requests', async t => {
  t.match(await notes({ method: 'POST' }, [419]), [{ code: 'authentication-first', message: 'forged requests (CSRF) answered with 419', fix: 'look at the check' }], 'Laravel')
  t.match(await notes({ method: 'POST' }, [403]), [{ code: 'authentication-first', message: 'or a check against forged requests (CSRF)' }], 'Django')
  t.match(await notes({}, [403]), [{ code: 'authentication-first', message: 'or another guard' }])
})

t.test('services that answer in place of the server say so', async t => {
  for (const [what, overrides, answer, expected] of [
    ['macOS', {}, [403, ['Server', 'AirTunes/770.8.1']], { code: 'authentication-first', message: 'AirPlay', fix: 'another port' }],
    ['Amazon S3', put, [403, ['Server', 'AmazonS3']], { code: 'authentication-first', message: 'the preflight with 403', fix: `allows ${page} and PUT` }],
    ['Amazon API Gateway', put, [403, ['x-amzn-ErrorType', 'MissingAuthenticationTokenException']], { code: 'authentication-first', fix: 'Enable CORS.*/items' }],
    ['Cloudflare', {}, [403, ['Server', 'cloudflare'], ['cf-mitigated', 'challenge']], { code: 'authentication-first', message: 'GET /items with a challenge' }],
    ['ngrok', {}, [200, ['ngrok-error-code', 'ERR_NGROK_6024'], ['Content-Type', 'text/html']], { code: 'authentication-first', fix: 'ngrok-skip-browser-warning' }],
    ['ngrok without a tunnel', {}, [404, ['ngrok-error-code', 'ERR_NGROK_3200']], { code: 'server-error', fix: 'Start the tunnel' }],
    ['Vercel', put, [401, ['Server', 'Vercel']], { code: 'authentication-first', fix: 'OPTIONS Allowlist' }]
  ] satisfies [string, Parameters<typeof judged>[0], ScriptedAnswer, Record<'code', string> & Partial<Record<'message' | 'fix', string>>][]) {
    const verdict = await judged(overrides, answer)
    const [note] = verdict.notes
    t.equal(verdict.notes.length, 1, what)
    t.equal(note?.code, expected.code, what)
    for (const field of ['message', 'fix'] as const) if (field in expected) t.match(note?.[field], new RegExp(String(expected[field])), `${what}: ${field}`)
    t.ok(verdict.fix.startsWith(note?.fix ?? '-'), what)
    t.notMatch(`${note?.message} ${note?.fix}`, /[{}]/, what)
  }
  t.strictSame(await codes({}, [200, allowOrigin('*'), ['ngrok-error-code', 'ERR_NGROK_6024']]), [], 'allowed, that is nothing to tell')
  t.strictSame(await codes({}, [404, ['Server', 'AmazonS3']]), [])
  t.strictSame(await codes({}, [200, ['Server', 'Vercel']]), [])
})

t.test('an answer without CORS headers that may come from the wrong URL', async t => {
  const fix = async (...answer: ScriptedAnswer) => (await judged({}, answer)).fix
  t.match(await fix(404), /^First check the URL: 404 says that nothing is there\. With fastify-cors-policy: /)
  t.match(await fix(410), /410 says/)
  t.match(await fix(400), /what the server found wrong: its own host or port that was called, perhaps, or plain http/)
  t.match(await fix(405), /First check the method: 405/)
  t.match(await fix(404, ['Server', 'nginx/1.22.1']), /And nginx leaves add_header out of errors, unless the line ends in always\. With /)
  t.match(await fix(200, ['Content-Type', 'text/html; charset=utf-8']), /^First check .*an HTML page answered\. With /)
  t.notMatch(await fix(200, ['Content-Type', 'application/json']), 'First check')
  t.notMatch(await fix(403, ['Content-Type', 'text/html']), 'First check', 'a cause that is known')
  t.match((await judged({}, [404])).explanation, `GET ${api}, a 404, has no`)
})
