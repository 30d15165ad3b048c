import type { CorsPage } from '../../lib/browser/index.js'
import type { Case } from './harness/judge.js'
import type { Answer } from './harness/scripted-server.js'

type Line = [name: string, value: string]
type Request = Partial<Omit<CorsPage, 'origin'>>

export const origin = (value: string): Line => ['Access-Control-Allow-Origin', value]
export const credentials = (value: string): Line => ['Access-Control-Allow-Credentials', value]
export const methods = (value: string): Line => ['Access-Control-Allow-Methods', value]
export const headers = (value: string): Line => ['Access-Control-Allow-Headers', value]
const expose = (value: string): Line => ['Access-Control-Expose-Headers', value]
const location = (value: string): Line => ['Location', value]

const allowed = [origin('{page}'), credentials('true')]
const include: Request = { credentials: 'include' }

/** An actual answer to a request that needs no preflight. */
export function actual (name: string, lines: Line[], request: Request = {}, status = 200): Case {
  return { name, request, scripts: { '': { answer: { status, headers: lines } } } }
}

/** The answer to a preflight; that to the request itself is right. */
export function preflight (name: string, lines: Line[], request: Request = { method: 'PUT' }, status = 204): Case {
  return { name, request, scripts: { '': { preflight: { status, headers: lines }, answer: { status: 200, headers: allowed } } } }
}

/** A redirect, and what is at its end. */
export function redirect (name: string, first: Answer, last: Line[], request: Request = {}): Case {
  const granted = { status: 204, headers: [...last, methods('PUT, POST'), headers('x-a, authorization, content-type')] }
  const asked = { status: 204, headers: [...allowed, methods('PUT, POST'), headers('x-a, authorization, content-type')] }
  return {
    name,
    request,
    scripts: { '': { preflight: asked, answer: first }, end: { preflight: granted, answer: { status: 200, headers: last } } }
  }
}

const to = (target: string, status = 302): Answer => ({ status, headers: [...allowed, location(target)] })

const origins = [
  '{page}', '*', ' {page}\t', '{page}/', '{page},', '{page}, {page}', '{page} {other}', '*, *', ',*', '', 'null', 'NULL',
  'HTTP://localhost', 'http://b.test', 'http://b.test:x', 'localhost', 'foo', 'mailto:x', 'http://', 'http://*.b.test', '"{page}"', '?',
  'file://', 'true', 'http://a b', 'http://b.test/\u00e9'
].map(value => actual(`the origin <${value}>`, [origin(value)]))

const credentialed = [
  ...['true', 'TRUE', '', ' true', '"true"', 'true, true', '1', '*', 'false'].map(value =>
    actual(`credentials <${value}>`, [origin('{page}'), credentials(value)], include)),
  actual('no Allow-Credentials', [origin('{page}')], include),
  actual('credentials for a wildcard', [origin('*'), credentials('true')], include),
  actual('another origin and wrong credentials', [origin('http://b.test'), credentials('no')], include),
  actual('credentials that were not asked for', [origin('{page}'), credentials('no')], { credentials: 'omit' })
]

const lines = [
  actual('no header', []),
  actual('one origin twice', [origin('{page}'), origin('{page}')]),
  actual('an origin and an empty line', [origin('{page}'), origin('')]),
  actual('a name in lower case', [['access-control-allow-origin', '{page}']])
]

const statuses = [204, 299, 304, 400, 401, 404, 500].flatMap(status => [
  actual(`${status} with an origin`, [origin('{page}')], {}, status),
  actual(`${status} without`, [], {}, status),
  preflight(`a preflight answered ${status}`, [origin('{page}'), methods('PUT')], { method: 'PUT' }, status),
  preflight(`a preflight answered ${status} without an origin`, [], { method: 'PUT' }, status)
])

const preflights = [
  ...['*', 'http://b.test', 'a b', 'foo', '', 'null'].map(value =>
    preflight(`a preflight with the origin <${value}>`, [origin(value), methods('PUT')])),
  preflight('a preflight with a wildcard for credentials', [origin('*'), credentials('true'), methods('PUT')], { method: 'PUT', ...include }),
  preflight('a preflight without Allow-Credentials', [origin('{page}'), methods('PUT')], { method: 'PUT', ...include }),
  preflight('a preflight with credentials <TRUE>', [origin('{page}'), credentials('TRUE'), methods('PUT')], { method: 'PUT', ...include }),
  preflight('a login that answers a preflight with a wildcard for credentials', [origin('*'), methods('PUT')], { method: 'PUT', ...include }, 401),
  preflight('a login that answers a preflight with CORS headers and a challenge', [...allowed, methods('PUT'), ['WWW-Authenticate', 'Bearer']], { method: 'PUT' }, 401),
  preflight('a guard that answers a preflight with Vary and a challenge', [['Vary', 'Origin'], ['WWW-Authenticate', 'Bearer']], { method: 'PUT' }, 403),
  ...[301, 302, 303, 307, 308, 300].map(status =>
    preflight(`a preflight redirected with ${status}`, [...allowed, location('{api}/case/{id}/end')], { method: 'PUT' }, status)),
  preflight('a preflight redirected without an origin', [location('{api}/case/{id}/end')], { method: 'PUT' }, 302),
  preflight('a preflight redirected to nowhere', [...allowed, location('')], { method: 'PUT' }, 302),
  preflight('a preflight redirected to no URL', [...allowed, location('http://[')], { method: 'PUT' }, 302)
]

const methodLists = ['PUT', 'put', 'GET, PUT', 'PUT,,', '*', 'PUT GET', '"PUT"', 'PUT, (', '', 'GET'].flatMap(value => [
  preflight(`the methods <${value}>`, [...allowed, methods(value)]),
  preflight(`the methods <${value}> with credentials`, [...allowed, methods(value)], { method: 'PUT', ...include })
])

const headerLists = ['x-a', 'X-A', 'x-b , x-a', '*', 'x-a x-b', '"x-a"', 'x-a;', '', 'x-b'].flatMap(value => [
  preflight(`the headers <${value}>`, [...allowed, headers(value)], { headers: { 'x-a': '1' } }),
  preflight(`the headers <${value}> with credentials`, [...allowed, headers(value)], { headers: { 'x-a': '1' }, ...include })
])

const named = [
  ...['patch', 'PATCH', 'Custom', 'delete'].flatMap(method => ['PATCH, DELETE', 'patch', '*'].map(value =>
    preflight(`the methods <${value}> for ${method}`, [...allowed, methods(value)], { method }))),
  preflight('methods on two lines', [...allowed, methods('GET'), methods('PUT')]),
  preflight('methods on two lines, one broken', [...allowed, methods('PUT'), methods('(')]),
  preflight('two broken lists', [...allowed, methods('('), headers('(')]),
  preflight('a broken header list and another method', [...allowed, methods('GET'), headers('(')]),
  preflight('neither method nor header', allowed, { method: 'PUT', headers: { 'x-a': '1' } }),
  preflight('Authorization listed', [...allowed, headers('*, authorization')], { headers: { authorization: 'x' } }),
  preflight('Authorization not listed', [...allowed, headers('x-a')], { headers: { authorization: 'x' } }),
  {
    ...preflight('no origin after a preflight that passed', [...allowed, methods('PUT')]),
    scripts: { '': { preflight: { status: 204, headers: [...allowed, methods('PUT')] }, answer: { status: 200 } } }
  }
]

/** Several headers that are not allowed, of which Chromium names one. */
const unlisted = ([
  ['x-a x-b'], ['x-c x-b'], ['x-a x-api-key'], ['X-Api-Key X-A'], ['a x-a'], ['q dpop x-client authorization'], ['authorization content-type'],
  ['x-requested-with content-type'], ['authorization content-type x-tenant x-request-id'], ['authorization content-type x-tenant', 'x-tenant'],
  ['b3 x-b3-traceid x-b3-spanid', 'x-b3-spanid'], ['if-match if-none-match idempotency-key'], ['x-amz-date x-amz-content-sha256 authorization'],
  ['x-name-of-thirty-six-characters-long x-name-of-27-characters-long'], ['x-b x-another-name-of-fifty-characters-which-is-long-x'],
  ['user-agent x-a x-api-key'], ['x-l x-k x-j x-i x-h x-g x-f x-e x-d x-c x-b x-a'], ['x-a x-b x-c x-d x-e x-f x-g x-h x-i x-j x-k x-l', 'x-g, x-k, x-a']
] as const).map(([names, value = '']) => {
  const set = names.split(' ').map(name => [name, name === 'content-type' ? 'application/json' : '1'])
  return preflight(`the headers ${names}, where <${value}> are allowed`, [...allowed, headers(value)], { headers: Object.fromEntries(set) })
})

/** The preflight is refused: what is allowed has not been asked about. */
const safelist = ([
  ['accept', 'text/html'], ['accept', 'a:b'], ['accept', 'a'.repeat(128)], ['accept', 'a'.repeat(129)], ['accept-language', 'de, en;q=0.5'],
  ['accept-language', 'en_US'], ['content-language', 'de/at'], ['content-type', 'application/json'], ['content-type', 'TEXT/plain; charset=utf-8'],
  ['content-type', 'text/plain; charset="utf-8"'], ['content-type', 'text/plain,text/plain'], ['content-type', ''], ['content-type', 'multipart/form-data'],
  ['range', 'bytes=0-'], ['range', 'bytes=0-10'], ['range', 'bytes=-10'], ['range', 'bytes=10-9'], ['range', 'bytes=0-1,3-4'],
  ['range', 'bytes= 0-1'], ['x-requested-with', 'x'], ['cache-control', 'no-cache'], ['cookie', 'a=b'], ['sec-x', '1'],
  ['x-http-method', 'TRACE'], ['x-http-method', 'PATCH'], ['last-event-id', '1']
] as const).map(([name, value]) => preflight(`the request header ${name}: ${value.slice(0, 40)} (${value.length} bytes)`, [origin('{page}')], { headers: { [name]: value } }, 418))

const exposed = ['x-a', 'X-A, etag', '*', '*, x-a', 'x-a, (', '', 'set-cookie'].flatMap(value => [{}, include].map(request =>
  actual(`the exposed headers <${value}>${request === include ? ' with credentials' : ''}`,
    [...allowed, expose(value), ['X-A', '1'], ['ETag', '"1"'], ['Set-Cookie', 'a=b'], ['Content-Type', 'text/plain']], request)))

const end = '/case/{id}/end'

const redirects = [
  ...[301, 302, 303, 307, 308].flatMap(status => [
    redirect(`${status} within the API`, to(`{api}${end}`, status), allowed),
    redirect(`${status} to another origin that allows null`, to(`{other}${end}`, status), [origin('null')]),
    redirect(`${status} to another origin that allows the page`, to(`{other}${end}`, status), allowed),
    redirect(`${status} of PUT within the API`, to(`{api}${end}`, status), allowed, { method: 'PUT' }),
    redirect(`${status} of JSON within the API`, to(`{api}${end}`, status), allowed, { method: 'POST', headers: { 'content-type': 'application/json' } })
  ]),
  redirect('a redirect to another origin that allows all', to(`{other}${end}`), [origin('*')]),
  redirect('a redirect with CORS headers to a login without', to(`{api}${end}`), []),
  redirect('a redirect with CORS headers of PUT to a login without', to(`{api}${end}`), [], { method: 'PUT' }),
  redirect('a redirect back to the page', to(`{page}${end}`), allowed),
  redirect('a redirect back to the page that allows null', to(`{page}${end}`), [origin('null')]),
  redirect('a redirect without an origin', { status: 302, headers: [location(`{api}${end}`)] }, allowed),
  redirect('a redirect of the page to the API', { status: 302, headers: [location(`{api}${end}`)] }, allowed, { url: '{page}/case/{id}/' }),
  redirect('a redirect of the page to an API without an origin', { status: 302, headers: [location(`{api}${end}`)] }, [], { url: '{page}/case/{id}/' }),
  redirect('a redirect of Authorization within the API', to(`{api}${end}`), allowed, { headers: { authorization: 'x' } }),
  ...[303, 307].map((status): Case => ({
    name: `${status} to another origin that allows none of the headers`,
    request: { method: 'POST', headers: { authorization: 'x', 'content-type': 'application/json', 'x-a': '1', 'x-api-key': 'x' } },
    scripts: {
      '': { preflight: { status: 204, headers: [...allowed, headers('authorization, content-type, x-a, x-api-key')] }, answer: to(`{other}${end}`, status) },
      end: { preflight: { status: 204, headers: [origin('*')] }, answer: { status: 200, headers: allowed } }
    }
  })),
  redirect('a redirect that goes on for ever', to('{api}/case/{id}/'), allowed),
  redirect('a redirect without a location', { status: 302, headers: allowed }, allowed),
  ...[300, 304, 305].map(status => redirect(`${status} with a location`, to(`{api}${end}`, status), allowed)),
  ...['http://u:p@127.0.0.1/', 'ftp://b.test/', 'mailto:x', 'data:,x', 'blob:x', 'file:///x', 'about:blank', 'http://[', 'intent:x', 'ws://b.test/']
    .map(target => redirect(`a redirect to ${target}`, to(target), allowed))
]

const opaque: Case[] = [
  ...['null', '*', '{page}'].map(value => actual(`a sandboxed page and the origin <${value}>`, [origin(value)])),
  actual('a sandboxed page and its own server', [], { url: '{page}/case/{id}/' }),
  actual('a sandboxed page with credentials', [origin('null'), credentials('true')], include)
].map(sandboxed => ({ ...sandboxed, page: 'opaque' }))

/** Answers, right and broken ones, that every engine judges as the standard does. */
export const cases: Case[] = [
  ...origins, ...credentialed, ...lines, ...statuses, ...preflights, ...methodLists, ...headerLists, ...named, ...unlisted, ...safelist, ...exposed, ...redirects,
  ...opaque, actual('a request to the page itself', [], { url: '{page}/case/{id}/' })
]
