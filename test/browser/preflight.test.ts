import t from 'tap'
import { checkCors, type CorsPage } from '../../lib/browser/index.js'
import { allowCredentials, allowHeaders, allowMethods, allowOrigin, answers, api, from, page, type ScriptedAnswer } from './scripted.js'

const yes: ScriptedAnswer = [200, allowOrigin(page), allowCredentials('true')]
const preflight = (...headers: [string, string][]): ScriptedAnswer => [204, allowOrigin(page), allowCredentials('true'), ...headers]

async function judge (overrides: Partial<CorsPage>, ...headers: [string, string][]) {
  const { reason, parameter } = await checkCors(from(overrides), answers(preflight(...headers), yes).send)
  return reason === null ? 'passed' : `${reason} ${parameter ?? ''}`.trim()
}

t.test('asks with the method, and with the unsafe names in order and without spaces', async t => {
  const { send, requests } = answers(preflight(allowMethods('PUT'), allowHeaders('x-b,x-a')), yes)
  const verdict = await checkCors(from({ method: 'put', headers: { 'X-B': '1', accept: 'text/html', 'x-a': '2' } }), send)
  t.strictSame(requests, [
    {
      method: 'OPTIONS',
      url: api,
      headers: {
        accept: '*/*',
        'access-control-request-method': 'PUT',
        'access-control-request-headers': 'x-a,x-b',
        origin: page
      }
    },
    { method: 'PUT', url: api, headers: { accept: 'text/html', 'x-b': '1', 'x-a': '2', origin: page } }
  ])
  t.match(verdict, { allowed: true, preflight: 'passed', reason: null, parameter: null, explanation: '', fix: '', differs: [] })
  t.strictSame(verdict.preflightBecause, [
    'the method PUT is not GET, HEAD or POST',
    'the header x-a is not CORS-safelisted',
    'the header x-b is not CORS-safelisted'
  ])
  t.strictSame(verdict.exchanges.map(({ kind, response }) => [kind, response.status]), [['preflight', 204], ['actual', 200]])
})

t.test('names no headers where only the method is unsafe', async t => {
  const { send, requests } = answers(preflight(allowMethods('DELETE')), yes)
  await checkCors(from({ method: 'DELETE' }), send)
  t.notOk('access-control-request-headers' in (requests[0]?.headers ?? {}))
})

t.test('needs a status from 200 to 299, after the CORS check', async t => {
  for (const status of [200, 204, 299]) {
    t.equal((await checkCors(from({ method: 'PUT' }), answers([status, allowOrigin('*'), allowMethods('PUT')], yes).send)).allowed, true)
  }
  for (const status of [199, 300, 304, 400, 401, 403, 404, 500]) {
    const { send } = answers([status, allowOrigin('*'), allowMethods('PUT')])
    t.match(await checkCors(from({ method: 'PUT' }), send), { reason: 'PreflightInvalidStatus', parameter: '' }, String(status))
    t.equal((await checkCors(from({ method: 'PUT' }), answers([status]).send)).reason, 'PreflightMissingAllowOriginHeader')
  }
})

t.test('may not be redirected, CORS headers or not', async t => {
  for (const status of [301, 302, 303, 307, 308]) {
    const { send } = answers([status, ['Location', '/other']])
    const verdict = await checkCors(from({ method: 'PUT' }), send)
    t.match(verdict, { reason: 'PreflightDisallowedRedirect', parameter: '', exchanges: { length: 1 } }, String(status))
    t.match(verdict.fix, 'https://api.example.net/other')
  }
  const judged = async (...headers: [string, string][]) =>
    (await checkCors(from({ method: 'PUT' }), answers([302, allowOrigin(page), ...headers]).send)).reason
  t.equal(await judged(), 'PreflightInvalidStatus', 'no Location')
  t.equal(await judged(['Location', '']), 'PreflightInvalidStatus', 'an empty Location')
  t.equal(await judged(['Location', '/a'], ['Location', '/a']), 'PreflightDisallowedRedirect', 'the same Location twice')
  t.equal(await judged(['Location', 'http://[']), null, 'an invalid Location is no matter of CORS')
})

t.test('must list the method, by its exact name', async t => {
  for (const list of ['PUT', 'GET, PUT', 'PUT,,', ' PUT\t,GET', '*', 'GET, *']) {
    t.equal(await judge({ method: 'PUT' }, allowMethods(list)), 'passed', list)
  }
  t.equal(await judge({ method: 'PUT' }, allowMethods('GET'), allowMethods('PUT')), 'passed', 'in a second line')
  for (const list of ['put', 'GET', '', 'PUTS']) {
    t.equal(await judge({ method: 'PUT' }, allowMethods(list)), 'MethodDisallowedByPreflightResponse PUT', list)
  }
  t.equal(await judge({ method: 'PUT' }), 'MethodDisallowedByPreflightResponse PUT', 'no header')
  t.equal(await judge({ method: 'patch' }, allowMethods('PATCH')), 'MethodDisallowedByPreflightResponse patch')
  t.equal(await judge({ method: 'patch' }, allowMethods('patch')), 'passed')
  t.equal(await judge({ method: 'PUT', credentials: 'include' }, allowMethods('*')), 'MethodDisallowedByPreflightResponse PUT')
})

t.test('need not list a safelisted method', async t => {
  for (const method of ['GET', 'HEAD', 'POST']) {
    t.equal(await judge({ method, headers: { 'x-a': '1' } }, allowMethods('PUT'), allowHeaders('x-a')), 'passed', method)
  }
})

t.test('must list every unsafe header, in any case', async t => {
  const headers = { 'X-A': '1' }
  for (const list of ['x-a', 'X-A', 'x-b , X-a', '*']) {
    t.equal(await judge({ headers }, allowHeaders(list)), 'passed', list)
  }
  for (const list of ['x-b', '']) {
    t.equal(await judge({ headers }, allowHeaders(list)), 'HeaderDisallowedByPreflightResponse x-a', list)
  }
  t.equal(await judge({ headers }), 'HeaderDisallowedByPreflightResponse x-a', 'no header')
  t.equal(await judge({ headers, credentials: 'include' }, allowHeaders('*')), 'HeaderDisallowedByPreflightResponse x-a')
  t.equal(await judge({ headers, credentials: 'include' }, allowHeaders('*, x-a')), 'passed')
  t.equal(await judge({ method: 'PUT', headers }), 'MethodDisallowedByPreflightResponse PUT', 'the method comes first')
})

t.test('must be two lists of tokens, whatever else they hold', async t => {
  for (const list of ['PUT GET', '"PUT"', 'PUT, (', 'PUT;q=1', 'PÜT']) {
    t.equal(await judge({ method: 'PUT' }, allowMethods(list)), 'InvalidAllowMethodsPreflightResponse', list)
  }
  t.equal(await judge({ method: 'PUT' }, allowMethods('PUT'), allowHeaders('a b')), 'InvalidAllowHeadersPreflightResponse')
  t.equal(await judge({ method: 'PUT' }, allowMethods('GET'), allowHeaders('a b')), 'InvalidAllowHeadersPreflightResponse', 'before the method')
  t.equal(await judge({ method: 'PUT' }, allowMethods('a b'), allowHeaders('a b')), 'InvalidAllowMethodsPreflightResponse', 'methods first')
})

t.test('Authorization is not covered by a wildcard, though every engine lets it pass', async t => {
  const headers = { Authorization: 'Bearer x', 'x-a': '1' }
  const verdict = await checkCors(from({ headers }), answers(preflight(allowHeaders('*'))).send)
  t.match(verdict, { reason: 'HeaderDisallowedByPreflightResponse', parameter: 'authorization' })
  t.strictSame(verdict.differs, ['chromium', 'firefox', 'webkit'])
  t.match(verdict.fix, "allowedHeaders: ['authorization', 'x-a']")
  t.equal(await judge({ headers }, allowHeaders('*, AUTHORIZATION')), 'passed')
  const listed = await checkCors(from({ headers }), answers(preflight(allowHeaders('x-a'))).send)
  t.strictSame(listed.differs, [], 'no engine does without a wildcard')
})

t.test('Chromium does not ask about its client hints', async t => {
  const hints = { 'save-data': 'on', dpr: '1.5', 'user-agent': 'x' }
  t.strictSame((await checkCors(from({ headers: hints }), answers([403]).send)).differs, ['chromium'])
  t.strictSame((await checkCors(from({ method: 'PUT', headers: hints }), answers([403]).send)).differs, [], 'but about the method')
  t.strictSame((await checkCors(from({ headers: { ...hints, 'x-a': '1' } }), answers([403]).send)).differs, [], 'but about others')
  t.strictSame((await checkCors(from({ headers: { 'save-data': 'off' } }), answers([403]).send)).differs, [], 'not with other values')
  t.strictSame((await checkCors(from({ headers: { 'user-agent': 'x'.repeat(129) } }), answers([403]).send)).differs, ['chromium'], 'whatever it replaces')
  t.strictSame((await checkCors(from({ headers: { intervention: 'x'.repeat(129) } }), answers([403]).send)).differs, [], 'not if long')
  const put = from({ method: 'PUT', headers: hints })
  t.strictSame((await checkCors(put, answers(preflight(allowMethods('PUT'))).send)).differs, ['chromium'], 'nor look for them in the list')
  const mixed = from({ headers: { ...hints, 'x-a': '1' } })
  t.equal((await checkCors(mixed, answers(preflight()).send)).parameter, 'x-a', 'nor name one')
})

t.test('WebKit takes the unit of a range in any case', async t => {
  const unit = (range: string) => checkCors(from({ headers: { range } }), answers([403]).send)
  t.strictSame((await unit('Bytes=0-1')).differs, ['webkit'])
  t.strictSame((await unit('bytes=-1')).differs, [])
})

t.test('WebKit takes a plus sign before the positions of a range, up to 64 bits', async t => {
  const range = async (value: string) => (await checkCors(from({ headers: { range: value } }), answers([403]).send)).differs
  t.strictSame(await range('bytes=+0-+1'), ['webkit'])
  t.strictSame(await range('bytes=+0-'), ['webkit'])
  t.strictSame(await range('bytes=+1-+0'), [])
  t.strictSame(await range('Bytes=18446744073709551616-'), [])
})

t.test('a header that only some engines ask about counts as refused there, unless an answer lists it', async t => {
  const differs = async (headers: Record<string, string>, ...scripted: ScriptedAnswer[]) =>
    (await checkCors(from({ method: 'POST', headers }), answers(...scripted).send)).differs
  t.strictSame(await differs({ 'content-type': 'text/plain; charset=utf-8;' }, yes), ['firefox'])
  t.strictSame(await differs({ 'content-type': 'text/plain;' }, yes), [])
  t.strictSame(await differs({ range: 'bytes=9223372036854775807-' }, yes), ['chromium'])
  t.strictSame(await differs({ range: 'bytes=0-99999999999999999999' }, yes), ['chromium', 'firefox', 'webkit'])
  const both = { 'content-type': 'text/plain;;', 'x-a': '1' }
  t.strictSame(await differs(both, preflight(allowHeaders('x-a')), yes), ['firefox'])
  t.strictSame(await differs(both, preflight(allowHeaders('x-a, Content-Type')), yes), [])
  t.strictSame(await differs(both, preflight(allowHeaders('*')), yes), [])
})

t.test('an upload whose progress is followed asks first, whatever its method and headers', async t => {
  const upload = from({ method: 'POST', upload: true })
  const { send, requests } = answers(preflight(), yes)
  t.match(await checkCors(upload, send), { allowed: true, preflight: 'passed', preflightBecause: [/upload/] })
  t.equal(requests[0]?.headers['access-control-request-method'], 'POST')
  t.match(await checkCors(upload, answers([404]).send), { allowed: false, preflight: 'failed', differs: { length: 0 } })
  t.match(await checkCors({ ...upload, method: 'PUT' }, answers(preflight(), yes).send),
    { allowed: true, differs: ['chromium', 'firefox', 'webkit'] }, 'the standard takes no list for any method')
  t.match(await checkCors({ ...upload, url: '/x' }, answers([200]).send), { allowed: true, preflight: 'not-needed' })
})

t.test('max-age is 5 seconds unless one line of digits says otherwise', async t => {
  const maxAge = async (...lines: string[]) => {
    const given = lines.map((line): [string, string] => ['Access-Control-Max-Age', line])
    return (await checkCors(from({ method: 'PUT' }), answers(preflight(allowMethods('PUT'), ...given), yes).send)).maxAge
  }
  t.equal(await maxAge(), 5)
  t.equal(await maxAge('0'), 0)
  t.equal(await maxAge('86400'), 86400)
  t.equal(await maxAge('-1'), 0, 'in every engine')
  t.equal(await maxAge('+600'), 600, 'in Chromium and WebKit')
  t.equal(await maxAge('100000000000000000000'), 5, 'in Chromium and WebKit')
  t.equal(await maxAge('10s'), 5)
  t.equal(await maxAge('1', '2'), 5)
  const { maxAge: none } = await checkCors(from({ method: 'PUT' }), answers(preflight(['Access-Control-Max-Age', '60'])).send)
  t.equal(none, null, 'nothing is remembered of a preflight that failed')
})

t.test('the actual answer needs its own permission', async t => {
  const verdict = await checkCors(from({ method: 'PUT' }), answers(preflight(allowMethods('PUT')), [200]).send)
  t.match(verdict, { allowed: false, reason: 'MissingAllowOriginHeader', preflight: 'passed', readableHeaders: { length: 0 } })
})
