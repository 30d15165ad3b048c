import t from 'tap'
import { actual, credentials, headers, methods, origin, preflight, redirect } from './cases.js'
import type { Engine } from '../../lib/browser/index.js'
import { eachEngine } from './harness/engines.js'
import { judge, type Case } from './harness/judge.js'
import { startScriptedServer, type Answer } from './harness/scripted-server.js'

const allowed = [origin('{page}'), credentials('true')]
const end = '/case/{id}/end'
const twice = { status: 302, headers: [...allowed, ['Location', `{api}${end}`], ['Location', `{api}${end}`]] as const }

/** A redirect from the page's own server to an API whose preflights are answered as given. */
function deleteFromPage (name: string, asked: Answer): Case {
  const redirected = { status: 307, headers: [['Location', `{api}${end}`]] as const }
  return {
    name,
    request: { method: 'DELETE', url: '{page}/case/{id}/' },
    scripts: { '': { answer: redirected }, end: { preflight: asked, answer: { status: 200, headers: allowed } } }
  }
}

/** A request header that the standard does not ask about, before a server that allows the request and no preflight. */
function unasked (name: string, value: string, differs: Engine[]): [boolean, Engine[], Case] {
  return [true, differs, {
    name: `${name}: ${value}, not asked about`,
    request: { method: 'POST', headers: { [name]: value } },
    scripts: { '': { preflight: { status: 403 }, answer: { status: 200, headers: allowed } } }
  }]
}

/** A GET without credentials for others, which goes from the page's own server by the API to the end, with these lines of the API. */
function byTheApi (name: string, lines: readonly (readonly [string, string])[], credentials: 'omit' | 'same-origin' | 'include', first = '{page}'): Case {
  const asked = (location: string, more: typeof lines): Answer => ({ status: 302, headers: [...more, ['Location', location]] })
  return {
    name: `${name}, ${credentials}`,
    request: { credentials, url: `${first}/case/{id}/` },
    scripts: {
      '': { answer: asked('{api}/case/{id}/next', allowed) },
      next: { answer: asked('{api}/case/{id}/end', lines) },
      end: { answer: { status: 200, headers: credentials === 'include' ? allowed : [origin('*')] } }
    }
  }
}

/** Cases in which engines do not do what the standard says: whether it allows them, and who decides otherwise. */
const differences: [expected: boolean, differs: Engine[], example: Case][] = [
  [false, ['chromium', 'firefox', 'webkit'],
    preflight('Authorization under a wildcard', [...allowed, headers('*')], { headers: { authorization: 'x' } })],
  [false, ['chromium', 'firefox', 'webkit'],
    preflight('Authorization and another header under a wildcard', [...allowed, headers('*')], { headers: { authorization: 'x', 'x-a': '1' } })],
  [false, [],
    preflight('Authorization under a wildcard with credentials', [...allowed, headers('*')], { headers: { authorization: 'x' }, credentials: 'include' })],
  ...([
    ['save-data', 'on'], ['dpr', '1.5'], ['device-memory', '8'], ['width', '640'], ['viewport-width', '640'], ['downlink', '1.5'], ['ect', '4g'],
    ['rtt', '50'], ['intervention', 'x'], ['user-agent', 'x'], ['user-agent', 'x'.repeat(129)]
  ] as const).map(([name, value]): [boolean, Engine[], Case] => [false, ['chromium'],
    preflight(`${name}: ${value.slice(0, 40)} (${value.length} bytes) without a preflight`, [], { headers: { [name]: value } }, 403)]),
  [false, [], preflight('save-data: off, asked about like any header', [], { headers: { 'save-data': 'off' } }, 403)],
  [false, ['chromium'],
    preflight('save-data: on, sent after a preflight that does not list it', [...allowed, methods('PUT')], { method: 'PUT', headers: { 'save-data': 'on' } })],
  [false, ['webkit'], preflight('the unit of a range in capitals', [], { headers: { range: 'Bytes=0-10' } }, 403)],
  [false, ['chromium'], redirect('a redirect to an empty location', { status: 302, headers: [...allowed, ['Location', '']] }, allowed)],
  [false, ['chromium', 'firefox'], redirect('one location on two lines', twice, allowed)],
  [true, ['firefox'], redirect(
    'a preflight of another origin after a redirect, answered for null',
    { status: 307, headers: [...allowed, ['Location', `{other}${end}`]] },
    [origin('null')],
    { method: 'PUT' }
  )],
  [true, [], redirect(
    'a preflight of another origin after a redirect, answered for all',
    { status: 307, headers: [...allowed, ['Location', `{other}${end}`]] },
    [origin('*')],
    { method: 'PUT' }
  )],
  [false, ['webkit'], deleteFromPage('a DELETE that the page redirects to an API without preflights', { status: 404 })],
  [false, ['webkit'], deleteFromPage('a DELETE that the page redirects to an API that does not list it', { status: 204, headers: allowed })],
  [true, [], redirect(
    'a preflight of the page itself after a redirect, answered for null',
    { status: 307, headers: [...allowed, ['Location', `{page}${end}`]] },
    [origin('null')],
    { method: 'PUT' }
  )],
  ...['text/plain; charset=utf-8;', 'text/plain;;', 'multipart/form-data;boundary=x;', 'text/plain;a=b,c'].map(type => unasked('content-type', type, ['firefox'])),
  ...['text/plain;', 'text/plain;;a=b', 'text/plain;a=b;c'].map(type => unasked('content-type', type, [])),
  [true, [], preflight('a type with a semicolon at its end, which the answer to a preflight lists',
    [...allowed, headers('content-type, x-a')], { headers: { 'content-type': 'text/plain;;', 'x-a': '1' } })],
  [true, ['firefox'], preflight('a type with a semicolon at its end, which it does not list',
    [...allowed, headers('x-a')], { headers: { 'content-type': 'text/plain;;', 'x-a': '1' } })],
  ...['bytes=9223372036854775806-', 'bytes=4294967296-9007199254740993'].map(range => unasked('range', range, [])),
  ...['bytes=9223372036854775807-', 'bytes=0-18446744073709551615'].map(range => unasked('range', range, ['chromium'])),
  ...['bytes=18446744073709551616-', 'bytes=0-99999999999999999999'].map(range => unasked('range', range, ['chromium', 'firefox', 'webkit'])),
  [false, ['webkit'], preflight('positions with a plus sign', [], { headers: { range: 'bytes=+0-+1' } }, 403)],
  [false, [], preflight('an end before the start', [], { headers: { range: 'bytes=+1-+0' } }, 403)],
  [false, [], preflight('the unit in capitals and a position without bounds', [], { headers: { range: 'Bytes=18446744073709551616-' } }, 403)],
  ...[['true', ''], ['', 'true']].flatMap(([first = '', second = '']): [boolean, Engine[], Case][] => {
    const lines = [origin('{page}'), credentials(first), credentials(second), methods('PUT')]
    return [
      [false, ['firefox'], actual(`the credentials <${first}> and <${second}>`, lines, { credentials: 'include' })],
      [false, ['firefox'], preflight(`a preflight with the credentials <${first}> and <${second}>`, lines, { method: 'PUT', credentials: 'include' })]
    ]
  }),
  [false, [], actual('credentials twice', [origin('{page}'), credentials('true'), credentials('true')], { credentials: 'include' })],
  [true, ['chromium'], actual('a 407 that allows the page', allowed, {}, 407)],
  [true, ['chromium'], actual('a 407 of the page itself', [], { url: '{page}/case/{id}/' }, 407)],
  [false, [], actual('a 407 that allows nobody', [], {}, 407)],
  [false, [], preflight('a preflight answered 407', [...allowed, methods('PUT')], { method: 'PUT' }, 407)],
  [true, ['chromium'], redirect(
    'user information in a redirect of the page to itself',
    { status: 302, headers: [['Location', `http://u:p@{page-host}${end}`]] },
    [],
    { url: '{page}/case/{id}/' }
  )],
  ...(['omit', 'same-origin', 'include'] as const).flatMap((mode): [boolean, Engine[], Case][] => {
    const differs: Engine[] = mode === 'same-origin' ? ['webkit'] : []
    return [
      [mode !== 'include', differs, byTheApi('a redirect by the page and then by an API that allows all', [origin('*')], mode)],
      [mode !== 'include', differs, byTheApi('a redirect by the page and then by an API without credentials', [origin('{page}')], mode)],
      [true, [], byTheApi('a redirect by the page and then by an API with credentials', allowed, mode)],
      [mode !== 'include', [], byTheApi('two redirects by an API that allows all', [origin('*')], mode, '{api}')]
    ]
  }),
  ...(['POST', 'PUT'] as const).map((method): [boolean, Engine[], Case] => [method === 'POST', [],
    preflight(`an upload by ${method} whose preflight lists other methods`, [...allowed, methods('GET')], { method, upload: true })]),
  [true, ['chromium', 'firefox', 'webkit'], preflight('an upload by PUT whose preflight lists no methods', allowed, { method: 'PUT', upload: true })],
  [true, [], preflight('an upload by POST whose preflight lists nothing', allowed, { method: 'POST', upload: true })],
  [false, [], preflight('an upload by POST where nobody answers the preflight', [], { method: 'POST', upload: true }, 404)],
  [true, [], actual('an upload to the page itself', [], { method: 'POST', upload: true, url: '{page}/case/{id}/' })],
  ...['ftp://b.test/', 'blob:{page}/x', 'blob:{api}/x', 'file:///x', 'mailto:x', 'data:'].map((url): [boolean, Engine[], Case] =>
    [false, [], actual(`the URL ${url}`, [], { url })]),
  [true, [], actual('an ordinary answer', allowed)]
]

eachEngine(t, async (t, browser, engine) => {
  const server = await startScriptedServer()
  t.teardown(() => server.close())
  const judgements = await judge(browser, server, differences.map(([,, example]) => example))
  for (const { example, allowed, failure, verdict } of judgements) {
    const [expected, differs] = differences.find(([,, other]) => other === example) ?? []
    t.equal(verdict.allowed, expected, `${example.name}: the standard`)
    t.strictSame(verdict.differs, differs, `${example.name}: who differs`)
    if (engine.name === 'chromium' && !allowed && !verdict.allowed) t.equal(verdict.reason, failure?.reason ?? null, `${example.name}: the reason`)
    t.equal(allowed, differs?.includes(engine.name) === true ? !expected : expected, `${example.name}: the engine`)
  }
})
