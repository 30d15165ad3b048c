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
  [true, [], actual('an ordinary answer', allowed)]
]

eachEngine(t, async (t, browser, engine) => {
  const server = await startScriptedServer()
  t.teardown(() => server.close())
  const judgements = await judge(browser, server, differences.map(([,, example]) => example))
  for (const { example, allowed, verdict } of judgements) {
    const [expected, differs] = differences.find(([,, other]) => other === example) ?? []
    t.equal(verdict.allowed, expected, `${example.name}: the standard`)
    t.strictSame(verdict.differs, differs, `${example.name}: who differs`)
    t.equal(allowed, differs?.includes(engine.name) === true ? !expected : expected, `${example.name}: the engine`)
  }
})
