import t from 'tap'
import { checkCors, type HeadersLike } from '../../lib/browser/index.js'
import { allowCredentials, allowHeaders, allowMethods, allowOrigin, answers, api, from, page } from './scripted.js'

t.test('a same-origin request needs nothing', async t => {
  const { send, requests } = answers([200, ['X-A', '1'], ['Set-Cookie', 'a=b'], ['Content-Type', 'text/plain']])
  const verdict = await checkCors({ origin: page, url: `${page}/x#part`, method: 'DELETE', headers: { 'X-B': '1' }, credentials: 'include' }, send)
  t.match(verdict, { allowed: true, preflight: 'not-needed', preflightBecause: { length: 0 }, maxAge: null, differs: { length: 0 } })
  t.strictSame(verdict.readableHeaders, ['content-type', 'x-a'])
  t.strictSame(requests, [{
    method: 'DELETE',
    url: `${page}/x`,
    headers: { accept: '*/*', 'x-b': '1', origin: page }
  }])
})

t.test('a same-origin GET sends no Origin', async t => {
  for (const method of ['GET', 'HEAD']) {
    const { send, requests } = answers([200])
    await checkCors({ origin: page, url: '/x', method }, send)
    t.strictSame(requests, [{ method, url: `${page}/x`, headers: { accept: '*/*' } }])
  }
})

t.test('GET and same-origin credentials are the defaults', async t => {
  const { send, requests } = answers([200, allowOrigin('*')])
  t.equal((await checkCors({ origin: page, url: api }, send)).allowed, true)
  t.strictSame(requests, [{ method: 'GET', url: api, headers: { accept: '*/*', origin: page } }])
})

t.test('another port or scheme is another origin', async t => {
  for (const [origin, url] of [[page, 'https://app.example.com:8443/'], ['http://app.example.com', `${page}/`]] as const) {
    t.equal((await checkCors({ origin, url }, answers([200]).send)).reason, 'MissingAllowOriginHeader', url)
  }
})

t.test('origins with other schemes are compared as they are', async t => {
  for (const origin of ['chrome-extension://abcdefgh', 'capacitor://localhost', 'file://']) {
    t.equal((await checkCors({ origin, url: api }, answers([200, allowOrigin(origin)]).send)).allowed, true, origin)
  }
})

t.test('keeps every exchange as it was', async t => {
  const { send } = answers([204, allowOrigin(page), allowMethods('PUT')], [201, allowOrigin(page), ['X-A', ' 1 ']])
  const { exchanges } = await checkCors(from({ method: 'PUT' }), send)
  t.match(exchanges, [
    { kind: 'preflight', request: { method: 'OPTIONS', url: api }, response: { status: 204, headers: [allowOrigin(page), allowMethods('PUT')] } },
    { kind: 'actual', request: { method: 'PUT', url: api }, response: { status: 201, headers: [allowOrigin(page), ['X-A', ' 1 ']] } }
  ])
})

t.test('reads response headers from anything that can be iterated once', async t => {
  const verdict = await checkCors(from(), async () => ({ status: 200, headers: [allowOrigin('*')].values() }))
  t.equal(verdict.allowed, true)
  const { allowed } = await checkCors(from(), async () => ({ status: 200, headers: new Headers({ 'access-control-allow-origin': '*' }) }))
  t.equal(allowed, true)
})

t.test('passes the failures of send on', async t => {
  await t.rejects(checkCors(from(), () => Promise.reject(new Error('connection refused'))), { message: 'connection refused' })
})

t.test('a data URL needs no server', async t => {
  const { send, requests } = answers()
  t.match(await checkCors(from({ url: 'data:,x' }), send), { allowed: true, readableHeaders: ['content-type'] })
  t.equal(requests.length, 0)
})

t.test('other schemes are not fetched, which Chromium does not count as CORS', async t => {
  for (const url of ['ftp://a.example/', 'mailto:a@b.example', 'about:blank', 'ws://a.example/', 'app://x/', 'file:///etc/hosts', `blob:${page}/1234`, 'data:']) {
    const { send, requests } = answers()
    const verdict = await checkCors(from({ url }), send)
    t.match(verdict, { allowed: false, reason: null, parameter: null, remedy: null, exchanges: { length: 0 } }, url)
    t.ok(verdict.explanation.includes(url) && verdict.fix !== '', url)
    t.equal(requests.length, 0)
  }
})

t.test('reads request and response headers in every usual form', async t => {
  const forms: [string, HeadersLike][] = [
    ['an object', { 'X-A': '1', 'x-none': undefined }],
    ['an object of Node', Object.assign(Object.create(null), { 'x-a': ['1'] })],
    ['pairs', [['x-a', '1']]],
    ['a Map', new Map([['x-a', '1']])],
    ['a generator', (function * (): Generator<[string, string]> { yield ['x-a', '1'] })()],
    ['Headers', new Headers({ 'x-a': '1' })]
  ]
  for (const [name, headers] of forms) {
    const { send, requests } = answers([204, allowOrigin(page), allowHeaders('x-a')], [200, allowOrigin(page)])
    t.equal((await checkCors(from({ headers }), send)).allowed, true, name)
    t.equal(requests[1]?.headers['x-a'], '1', name)
  }
  for (const [name, headers] of [
    ['an object', { 'Access-Control-Allow-Origin': '*' }], ['lines of Node', { 'access-control-allow-origin': ['*'] }],
    ['a Map', new Map([['Access-Control-Allow-Origin', '*']])], ['Headers', new Headers({ 'access-control-allow-origin': '*' })]
  ] as const) t.equal((await checkCors(from(), async () => ({ status: 200, headers }))).allowed, true, name)
  const { reason } = await checkCors(from(), async () => ({ status: 200, headers: { 'access-control-allow-origin': ['*', '*'] } }))
  t.equal(reason, 'MultipleAllowOriginValues', 'several lines stay several')
})

t.test('refuses headers in any other form, and says which: none gets lost', async t => {
  class Own { readonly 'x-a' = '1' }
  for (const [headers, message] of [
    ['x-a: 1', 'headers must be an object, pairs, a Map or a Headers, not "x-a: 1"'], [5, /not 5$/], [null, /not null$/],
    [Promise.resolve({}), /not \[object Promise\]$/], [new Date(), /not \[object Date\]$/], [new Own(), /not \[object Object\]$/],
    [['x-a: 1'], 'headers must be pairs of a name and a value, not "x-a: 1"'], [[['x-a']], /pairs/], [[[1, 'a']], /texts for names, not 1$/],
    [{ 'x-a': 1 }, 'headers must have a text for x-a, not 1'], [{ 'x-a': null }, /not null$/], [{ 'x-a': ['1', 2] }, /not 2$/],
    [new Map([['x-a', ['1']]]), /text for x-a, not \[object Array\]$/]
  ] as const) {
    await t.rejects(checkCors(Object.assign(from(), { headers }), answers([200]).send), { name: 'TypeError', message }, String(message))
    await t.rejects(checkCors(from(), async () => Object.assign({ status: 200, headers: [] }, { headers })),
      { name: 'TypeError', message: /^the headers of an answer must / }, String(message))
  }
})

t.test('user information in a URL is not sent', async t => {
  const { send, requests } = answers([302, ['Location', 'https://u:p@app.example.com/x']], [200])
  t.match(await checkCors(from({ url: '/' }), send), { allowed: true, differs: ['chromium'] })
  t.equal(requests[1]?.url, `${page}/x`)
})

t.test('Chromium does not count a 407 as CORS', async t => {
  t.match(await checkCors(from(), answers([407, allowOrigin(page)]).send), { allowed: true, differs: ['chromium'] })
  t.match(await checkCors(from(), answers([407]).send), { allowed: false, reason: null, differs: { length: 0 } })
  t.match(await checkCors(from({ method: 'PUT' }), answers([407, allowOrigin(page)]).send), { allowed: false, reason: null })
})

t.test('Firefox ignores empty lines beside the credentials', async t => {
  const lines = [allowOrigin(page), allowCredentials('true'), allowCredentials(''), allowMethods('PUT')]
  for (const method of ['GET', 'PUT']) {
    t.match(await checkCors(from({ method, credentials: 'include' }), answers([200, ...lines]).send), { allowed: false, differs: ['firefox'] }, method)
  }
})

t.test('refuses what fetch() refuses', async t => {
  const refused = (overrides: object) => t.rejects(checkCors(from(overrides), answers([200]).send), TypeError, JSON.stringify(overrides))
  await refused({ url: 'http://[' })
  await refused({ url: '/x', origin: 'null' })
  await refused({ url: 'https://user@api.example.net/' })
  await refused({ url: 'https://:secret@api.example.net/' })
  await refused({ method: 'GET ' })
  await refused({ method: '' })
  for (const method of ['CONNECT', 'trace', 'TRACK']) await refused({ method })
  await refused({ headers: { 'a b': '1' } })
  await refused({ headers: { a: 'b\nc' } })
  await refused({ headers: { a: '\u20ac' } })
})

t.test('refuses mistakes of scripts without types', async t => {
  for (const credentials of [true, 'yes', 'Include', '', 1, {}]) {
    await t.rejects(checkCors({ ...from(), ...JSON.parse(JSON.stringify({ credentials })) }, answers([200]).send), { name: 'TypeError', message: /^credentials must be/ })
  }
  for (const url of [undefined, null, 5]) {
    await t.rejects(checkCors(Object.assign(from(), { url }), answers([200]).send), { name: 'TypeError', message: /^url must be/ })
  }
})

t.test('refuses an origin that no browser sends', async t => {
  for (const origin of ['', 'app.example.com', `${page}/`, 'https://app.example.com:443', 'HTTPS://app.example.com', 'https://', 'https://a b', 'file:', '*']) {
    await t.rejects(checkCors(from({ origin }), answers([200]).send), { name: 'TypeError', message: /^not an origin as browsers send it/ }, origin)
  }
})

t.test('leaves out the headers that scripts cannot set', async t => {
  const { send, requests } = answers([200, allowOrigin(page)])
  const headers = {
    Cookie: 'a=b', Host: 'x', Origin: 'https://b.example', 'Sec-Fetch-Site': 'same-origin', 'Proxy-A': '1', 'X-HTTP-Method': 'put, TRACE'
  }
  const verdict = await checkCors(from({ headers }), send)
  t.equal(verdict.preflight, 'not-needed')
  t.strictSame(requests[0]?.headers, { accept: '*/*', origin: page })
})

t.test('asks about a method override that is none of the forbidden ones', async t => {
  const { send } = answers([204, allowOrigin(page), allowHeaders('x-http-method-override')], [200, allowOrigin(page)])
  const verdict = await checkCors(from({ headers: { 'X-HTTP-Method-Override': 'PATCH' } }), send)
  t.match(verdict, { allowed: true, preflight: 'passed' })
})
