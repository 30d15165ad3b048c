import t from 'tap'
import { accepts, refuses, type Expected } from '../refused.js'

const origin = 'https://a.example'

t.test('methods can be a list, a text with commas, or *', async t => {
  const accepted = [
    [], ['PUT'], ['PUT', 'put', 'Delete', 'get', 'head', 'post', 'options'], 'PUT', 'GET,PUT , DELETE', '*', ['*'], ['PATCH', '*'], 'PURGE', 'M-SEARCH', 'FOO', 'foo', 'Foo!'
  ]
  for (const methods of accepted) accepts(t, { origin, methods }, JSON.stringify(methods))
})

t.test('methods have to be tokens, in the case in which pages write them, and no forbidden ones', async t => {
  const refused: ReadonlyArray<[unknown, readonly Expected[]]> = [
    [['patch'], [['method-invalid', '/methods/0', '\'PATCH\'']]],
    ['GET, Patch', [['method-invalid', '/methods', '\'PATCH\'']]],
    ['m-search', [['method-invalid', '/methods', '\'M-SEARCH\'']]],
    [['PUT', 'GET POST'], [['method-invalid', '/methods/1', '\'GET\', \'POST\'']]],
    [['GET,POST'], [['method-invalid', '/methods/0', '\'GET\', \'POST\'']]],
    [[' PUT '], [['method-invalid', '/methods/0', '\'PUT\'']]],
    [['get/post'], [['method-invalid', '/methods/0', null]]],
    ['', [['method-invalid', '/methods', null]]],
    ['PUT,,', [['method-invalid', '/methods', null]]],
    [['PUT\r\n'], [['method-invalid', '/methods/0', '\'PUT\'']]],
    [['é'], [['method-invalid', '/methods/0', null]]],
    ['CONNECT', [['method-forbidden', '/methods', null]]],
    [['TRACE', 'track', 'PUT'], [['method-forbidden', '/methods/0', null], ['method-forbidden', '/methods/1', null]]],
    [['PUT', 5, null], [['invalid-type', '/methods/1', null], ['invalid-type', '/methods/2', null]]],
    [true, [['invalid-type', '/methods', '\'*\'']]],
    [{ PUT: true }, [['invalid-type', '/methods', '[\'GET\', \'HEAD\', \'POST\', \'PUT\']']]]
  ]
  for (const [methods, issues] of refused) refuses(t, { origin, methods }, issues, JSON.stringify(methods))
})

t.test('headers can be a list, a text with commas, or *', async t => {
  const requests = [
    [], ['Content-Type', 'X-Api-Key'], 'content-type, authorization', '*', ['*', 'Authorization'], 'User-Agent', 'X-HTTP-Method-Override', 'ETag', 'Range', 'Secure', 'Proxyfoo', '!#$%&\'*+.^_`|~'
  ]
  for (const allowedHeaders of requests) accepts(t, { origin, allowedHeaders }, JSON.stringify(allowedHeaders))
  const responses = [[], ['ETag', 'X-Total-Count'], 'Link, ETag', '*', ['*'], 'Content-Length', 'Date', 'Location', 'Access-Control-Allow-Origin', 'Sec-WebSocket-Accept']
  for (const exposedHeaders of responses) accepts(t, { origin, exposedHeaders }, JSON.stringify(exposedHeaders))
})

t.test('headers have to be tokens', async t => {
  const refused: ReadonlyArray<[unknown, string | null]> = [
    ['', null], ['X A', '\'X\', \'A\''], [['X-A: 1'], '\'X-A\''], [['X-A '], '\'X-A\''], [['X-A, X-B'], '\'X-A\', \'X-B\''], [['(x)'], null], [['X-A\n'], '\'X-A\''], [['é'], null]
  ]
  for (const option of ['allowedHeaders', 'exposedHeaders']) {
    for (const [names, fix] of refused) {
      refuses(t, { origin, [option]: names }, [['header-invalid', Array.isArray(names) ? `/${option}/0` : `/${option}`, fix]], `${option}: ${JSON.stringify(names)}`)
    }
    refuses(t, { origin, [option]: ['ETag', 5] }, [['invalid-type', `/${option}/1`, null]], `${option} with a number`)
    refuses(t, { origin, [option]: 5 }, [['invalid-type', `/${option}`, /^\['/]], `${option}: 5`)
  }
})

t.test('a page never sends some headers', async t => {
  const names = [
    'Accept-Charset', 'Accept-Encoding', 'Access-Control-Request-Headers', 'Access-Control-Request-Method', 'Access-Control-Request-Private-Network', 'Connection',
    'Content-Length', 'Cookie2', 'Date', 'DNT', 'Expect', 'Host', 'Keep-Alive', 'Origin', 'Referer', 'Set-Cookie', 'TE', 'Trailer', 'Transfer-Encoding', 'Upgrade', 'Via',
    'Proxy-Authorization', 'Sec-Fetch-Mode', 'sec-x'
  ]
  for (const name of names) refuses(t, { origin, allowedHeaders: ['X-A', name] }, [['header-forbidden', '/allowedHeaders/1', null]], name)
  refuses(t, { origin, allowedHeaders: 'x-a, cookie' }, [['header-forbidden', '/allowedHeaders', 'credentials: true']], 'Cookie')
})

t.test('a page never reads cookies', async t => {
  refuses(t, { origin, exposedHeaders: 'ETag, Set-Cookie, set-cookie2' }, [
    ['header-forbidden', '/exposedHeaders', null], ['header-forbidden', '/exposedHeaders', null]
  ], 'Set-Cookie')
})

t.test('headers of one direction are not listed for the other', async t => {
  for (const name of ['Access-Control-Allow-Origin', 'access-control-allow-headers', 'Access-Control-Max-Age', 'Access-Control-Expose-Headers', 'Timing-Allow-Origin']) {
    refuses(t, { origin, allowedHeaders: [name] }, [['header-misplaced', '/allowedHeaders/0', null]], name)
  }
  for (const name of ['Access-Control-Request-Method', 'access-control-request-headers', 'Origin']) {
    refuses(t, { origin, exposedHeaders: [name] }, [['header-misplaced', '/exposedHeaders/0', null]], name)
  }
})
