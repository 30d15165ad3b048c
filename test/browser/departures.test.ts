import t from 'tap'
import { judged } from '../../lib/browser/check-cors.js'
import type { Departure } from '../../lib/browser/departures.js'
import type { CorsPage, Engine } from '../../lib/browser/index.js'
import { allowCredentials, allowHeaders, allowMethods, allowOrigin, answers, api, from, page, type ScriptedAnswer } from './scripted.js'

const all: Engine[] = ['chromium', 'firefox', 'webkit']
const any: ScriptedAnswer = [200, allowOrigin('*')]
const refused: ScriptedAnswer = [403]
const to = (location: string, status = 307): ScriptedAnswer => [status, allowOrigin(page), ['Location', location]]

/** One case of each way in which engines depart; test/browsers holds them against the engines. */
const cases: Record<Departure, [differs: Engine[], overrides: Partial<CorsPage>, ...ScriptedAnswer[]]> = {
  wildcardAuthorization: [all, { headers: { authorization: 'x' } }, [204, allowOrigin('*'), allowHeaders('*')]],
  clientHints: [['chromium'], { headers: { 'save-data': 'on' } }, refused],
  userAgent: [['chromium'], { headers: { 'user-agent': 'x' } }, refused],
  rangeSpelling: [['webkit'], { headers: { range: 'Bytes=0-1' } }, refused],
  rangeNumbers: [all, { headers: { range: 'bytes=18446744073709551616-' } }, any],
  contentTypeParameters: [['firefox'], { method: 'POST', headers: { 'content-type': 'text/plain;;' } }, any],
  taintedPreflight: [['firefox'], { method: 'PUT' }, [204, allowOrigin(page), allowMethods('PUT')], to('https://files.example.org/'), [204, allowOrigin('null'), allowMethods('PUT')], any],
  redirectCredentials: [['webkit'], { url: '/x' }, to(api), to('/y'), any],
  redirectedDelete: [['webkit'], { method: 'DELETE', url: '/x' }, to(api), refused],
  repeatedCredentials: [['firefox'], { credentials: 'include' }, [200, allowOrigin(page), allowCredentials('true'), allowCredentials('')]],
  proxyAuthentication: [['chromium'], {}, [407, allowOrigin('*')]],
  userInformation: [['chromium'], { url: '/x' }, to('https://u:p@app.example.com/')],
  uploadMethods: [all, { method: 'PUT', upload: true }, [204, allowOrigin(page)], any],
  secureLoopback: [['webkit'], { url: 'http://localhost:3000/' }, any],
  insecureLocalNetwork: [['chromium'], { origin: 'http://app.example.com', url: 'http://10.0.0.1/' }, any],
  emptyLocation: [['chromium'], {}, to('', 302)],
  repeatedLocation: [['chromium', 'firefox'], {}, [302, allowOrigin(page), ['Location', '/x'], ['Location', '/x']]]
}

for (const [departure, [differs, overrides, ...scripted]] of Object.entries(cases)) {
  t.test(`where engines differ, the reason is known: ${departure}`, async t => {
    const { verdict, departures } = await judged(from(overrides), answers(...scripted).send)
    t.strictSame(verdict.differs, differs)
    t.strictSame([...departures], [departure])
  })
}

t.test('where nobody departs, there is no reason', async t => {
  const { verdict, departures } = await judged(from(), answers(any).send)
  t.strictSame([verdict.differs, departures.size], [[], 0])
})
