import t from 'tap'
import { checkCors, type CorsPage } from '../../lib/browser/index.js'
import { allowHeaders, allowMethods, allowOrigin, answers, api, from, page, type ScriptedAnswer } from './scripted.js'

const other = 'https://other.example/'

const to = (location: string, status = 302): ScriptedAnswer => [status, allowOrigin(page), ['Location', location]]
const yes = (origin = page): ScriptedAnswer => [200, allowOrigin(origin)]
const granted = (origin = page): ScriptedAnswer => [204, allowOrigin(origin), allowMethods('PUT, POST, DELETE'), allowHeaders('x-a, content-type, authorization')]

async function follow (overrides: Partial<CorsPage>, ...scripted: ScriptedAnswer[]) {
  const { send, requests } = answers(...scripted)
  const verdict = await checkCors(from(overrides), send)
  return { verdict, requests, course: requests.map(({ method, url, headers }) => `${method} ${url} ${headers.origin ?? '-'}`) }
}

t.test('a redirect within the foreign origin keeps the page\'s origin', async t => {
  for (const status of [301, 302, 303, 307, 308]) {
    const { verdict, course } = await follow({}, to('/b', status), yes())
    t.equal(verdict.allowed, true)
    t.strictSame(course, [`GET ${api} ${page}`, `GET https://api.example.net/b ${page}`])
  }
})

t.test('a redirect from one foreign origin to another makes it null', async t => {
  const { verdict, course } = await follow({}, to(other), yes('null'))
  t.equal(verdict.allowed, true)
  t.strictSame(course, [`GET ${api} ${page}`, `GET ${other} null`])
  const { verdict: refused } = await follow({}, to(other), yes())
  t.match(refused, { reason: 'AllowOriginMismatch', parameter: page, fix: /^Call https:\/\/other\.example\/ directly/ })
  t.equal((await follow({}, to(other), yes('*'))).verdict.allowed, true)
})

t.test('a redirect back to the page is still foreign', async t => {
  const { verdict, course } = await follow({}, to(`${page}/b`), yes())
  t.equal(verdict.reason, 'AllowOriginMismatch')
  t.equal(course[1], `GET ${page}/b null`)
  t.strictSame((await follow({}, to(`${page}/b`), yes('null'))).verdict.readableHeaders, [])
})

t.test('a redirect from the page to another origin is an ordinary cross-origin request', async t => {
  const { verdict, course } = await follow({ url: '/a' }, [302, ['Location', api]], yes())
  t.equal(verdict.allowed, true)
  t.strictSame(course, [`GET ${page}/a -`, `GET ${api} ${page}`])
  t.equal((await follow({ url: '/a' }, [302, ['Location', api]], [200])).verdict.reason, 'MissingAllowOriginHeader')
  t.equal((await follow({ url: '/a' }, [302, ['Location', '/b']], [200])).verdict.allowed, true, 'but not within the page')
})

t.test('a cross-origin redirect needs permission itself', async t => {
  const { verdict, requests } = await follow({}, [302, ['Location', '/b']], yes())
  t.equal(verdict.reason, 'MissingAllowOriginHeader')
  t.equal(requests.length, 1)
})

t.test('every URL is asked for its own permission', async t => {
  const { verdict, course } = await follow({ method: 'PUT' }, granted(), to('/b', 307), granted(), yes())
  t.match(verdict, { allowed: true, preflight: 'passed' })
  t.strictSame(course.map(line => line.split(' ')[0]), ['OPTIONS', 'PUT', 'OPTIONS', 'PUT'])
  const refused = await follow({ method: 'PUT' }, granted(), to('/b', 308), [403])
  t.match(refused.verdict, { reason: 'PreflightMissingAllowOriginHeader', preflight: 'failed', preflightBecause: { length: 1 } })
  const late = await follow({ url: '/a', method: 'PUT' }, [307, ['Location', api]], [204, allowOrigin(page)])
  t.match(late.verdict, { reason: 'MethodDisallowedByPreflightResponse', parameter: 'PUT', exchanges: { length: 2 } })
})

t.test('Firefox announces the true origin in a preflight that the others announce as null', async t => {
  const { verdict } = await follow({ method: 'PUT' }, granted(), to(other, 307), granted('null'), yes('null'))
  t.strictSame([verdict.allowed, verdict.differs], [true, ['firefox']])
  const opaque = await follow({ method: 'PUT', origin: 'null' }, granted('null'), [307, allowOrigin('null'), ['Location', other]], granted('null'), yes('null'))
  t.strictSame([opaque.verdict.allowed, opaque.verdict.differs], [true, []], 'unless that is null anyway')
  const any = await follow({ method: 'PUT' }, granted(), to(other, 307), granted('*'), yes('*'))
  t.strictSame([any.verdict.allowed, any.verdict.differs], [true, []])
})

t.test('WebKit turns DELETE into GET where the page itself redirects to another origin', async t => {
  const away: ScriptedAnswer = [307, ['Location', api]]
  const own = { url: '/a', method: 'DELETE' }
  const differs = async (overrides: Partial<CorsPage>, ...scripted: ScriptedAnswer[]) => (await follow(overrides, ...scripted)).verdict.differs
  t.strictSame(await differs(own, away, [403]), ['webkit'])
  t.strictSame(await differs(own, away, [204, allowOrigin(page)]), ['webkit'])
  t.strictSame(await differs({ ...own, headers: { 'x-a': '1' } }, away, [403]), [], 'but not its headers')
  t.strictSame(await differs({ ...own, method: 'PUT' }, away, [403]), [], 'nor other methods')
  t.strictSame(await differs({ method: 'DELETE' }, granted(), to(other, 307), [403]), [], 'nor where another origin redirects')
})

t.test('POST becomes GET after 301, 302 and 303, and loses the headers of its body', async t => {
  const headers = { 'content-type': 'application/json', 'content-language': 'de', accept: 'text/html' }
  for (const [status, method] of [[301, 'GET'], [302, 'GET'], [303, 'GET'], [307, 'POST'], [308, 'POST']] as const) {
    const again = method === 'POST' ? [granted()] : []
    const { verdict, requests } = await follow({ method: 'POST', headers }, granted(), to('/b', status), ...again, yes())
    t.equal(verdict.allowed, true)
    t.equal(requests.at(-1)?.method, method, String(status))
    t.equal('content-type' in (requests.at(-1)?.headers ?? {}), method === 'POST')
    t.equal(requests.at(-1)?.headers.accept, 'text/html')
  }
})

t.test('other methods become GET after 303 only', async t => {
  const last = async (method: string, status: number, ...scripted: ScriptedAnswer[]) =>
    (await follow({ method }, ...scripted, to('/b', status), granted(), yes())).requests.at(-1)?.method
  t.equal(await last('PUT', 302, granted()), 'PUT')
  t.equal(await last('PUT', 303, granted()), 'GET')
  t.equal(await last('HEAD', 303), 'HEAD')
  t.equal(await last('GET', 303), 'GET')
})

t.test('Authorization ends at the first other origin', async t => {
  const headers = { Authorization: 'Bearer x' }
  const same = await follow({ headers }, granted(), to('/b'), granted(), yes())
  t.equal(same.requests.at(-1)?.headers.authorization, 'Bearer x')
  const foreign = await follow({ headers }, granted(), to(other), yes('null'))
  t.equal(foreign.verdict.allowed, true, 'without a second preflight')
  t.notOk('authorization' in (foreign.requests.at(-1)?.headers ?? {}))
})

t.test('twenty redirects are followed, not more', async t => {
  const loop = Array.from({ length: 21 }, () => to('/items'))
  const enough = await follow({}, ...loop.slice(1), yes())
  t.equal(enough.verdict.allowed, true)
  const { verdict } = await follow({}, ...loop)
  t.match(verdict, { allowed: false, reason: null, parameter: null, exchanges: { length: 21 }, explanation: /twenty-first redirect/ })
})

t.test('a URL with a user name or password is not followed across origins', async t => {
  for (const location of ['https://u:p@other.example/x', 'https://u@api.example.net/x', 'https://:p@app.example.com/x']) {
    const { verdict } = await follow({}, to(location))
    t.match(verdict, { reason: 'RedirectContainsCredentials', parameter: '' }, location)
    t.match(verdict.fix, location.replace(/\/\/.*@/, '//'))
  }
  t.equal((await follow({ url: '/a' }, to('https://u:p@other.example/x'))).verdict.reason, 'RedirectContainsCredentials')
  t.equal((await follow({ url: '/a' }, to('https://u:p@app.example.com/x'), yes())).verdict.allowed, true, 'within the page it is')
})

t.test('other schemes are not followed', async t => {
  for (const location of ['ftp://a.example/', 'mailto:a@b.example', 'ws://a.example/', 'javascript:1', 'intent:x']) {
    t.match((await follow({}, to(location))).verdict, { reason: 'CorsDisabledScheme', parameter: '' }, location)
  }
  for (const location of ['data:,x', 'blob:x', 'file:///x', 'about:blank', 'chrome-extension://x/']) {
    t.match((await follow({}, to(location))).verdict, { allowed: false, reason: null, parameter: null }, location)
  }
})

t.test('other statuses, and a redirect without a location, are answers like any', async t => {
  for (const status of [300, 304, 305, 306]) t.equal((await follow({}, to('/b', status))).verdict.allowed, true, String(status))
  t.equal((await follow({}, [302, allowOrigin(page)])).verdict.allowed, true)
})

t.test('an invalid location ends the fetch', async t => {
  for (const locations of [['http://['], ['/a', '/b']]) {
    const lines = locations.map((location): [string, string] => ['Location', location])
    t.match((await follow({}, [302, allowOrigin(page), ...lines])).verdict, { allowed: false, reason: null, differs: { length: 0 } })
    t.match((await follow({}, [302, ...lines])).verdict, { allowed: false, reason: null }, 'before the CORS check')
  }
})

t.test('one location on two lines is followed by Chromium and Firefox only', async t => {
  const lines: [string, string][] = [['Location', '/b'], ['Location', '/b']]
  t.match((await follow({}, [302, allowOrigin(page), ...lines], yes())).verdict, { allowed: false, reason: null, differs: ['chromium', 'firefox'] })
  t.match((await follow({}, [302, ...lines], yes())).verdict, { reason: 'MissingAllowOriginHeader', differs: { length: 0 } })
})

t.test('an empty location leads to the same URL, but in Chromium nowhere', async t => {
  const again = await follow({}, to(''), yes())
  t.strictSame(again.course, [`GET ${api} ${page}`, `GET ${api} ${page}`])
  t.strictSame([again.verdict.allowed, again.verdict.differs], [true, []])
  const loop = await follow({}, ...Array.from({ length: 21 }, () => to('')))
  t.strictSame([loop.verdict.allowed, loop.verdict.differs], [false, ['chromium']])
})

t.test('fragments stay in the browser, whichever URL they come from', async t => {
  const { course } = await follow({ url: `${api}#a` }, to('/b'), to('/c#d'), yes())
  t.strictSame(course.map(line => line.split(' ')[1]), [api, 'https://api.example.net/b', 'https://api.example.net/c'])
})
