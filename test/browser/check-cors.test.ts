import t from 'tap'
import { checkCors } from '../../lib/browser/index.js'
import { allowHeaders, allowMethods, allowOrigin, answers, api, from, page } from './scripted.js'

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
  for (const url of ['https://app.example.com:8443/', 'http://app.example.com/']) {
    t.equal((await checkCors({ origin: page, url }, answers([200]).send)).reason, 'MissingAllowOriginHeader', url)
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

t.test('other schemes are not fetched', async t => {
  for (const url of ['ftp://a.example/', 'mailto:a@b.example', 'about:blank', 'ws://a.example/', 'app://x/']) {
    const { send, requests } = answers()
    t.match(await checkCors(from({ url }), send), { allowed: false, reason: 'CorsDisabledScheme', parameter: '', exchanges: { length: 0 } }, url)
    t.equal(requests.length, 0)
  }
  for (const url of ['file:///etc/hosts', `blob:${page}/1234`]) {
    const { reason, parameter, explanation } = await checkCors(from({ url }), answers().send)
    t.strictSame([reason, parameter], [null, null], 'no matter of CORS')
    t.match(explanation, url)
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

t.test('refuses what scripts without types get wrong, in place of taking it for nothing', async t => {
  for (const credentials of [true, 'yes', 'Include', '', 1, {}]) {
    await t.rejects(checkCors({ ...from(), ...JSON.parse(JSON.stringify({ credentials })) }, answers([200]).send), { name: 'TypeError', message: /^credentials has to be/ })
  }
  for (const url of [undefined, null, 5]) {
    await t.rejects(checkCors(Object.assign(from(), { url }), answers([200]).send), { name: 'TypeError', message: /^url has to be/ })
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
