import t from 'tap'
import { parseCorsOptions } from '../../../lib/options/parse.js'
import { accepts, issuesOf, refuses, type Expected } from '../refused.js'

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
    ['GET, Patch', [['method-invalid', '/methods', '\'GET, PATCH\'']]],
    ['m-search', [['method-invalid', '/methods', '\'M-SEARCH\'']]],
    [['PUT', 'GET POST'], [['method-invalid', '/methods/1', '[\'GET\', \'POST\']']]],
    [['GET,POST'], [['method-invalid', '/methods/0', '[\'GET\', \'POST\']']]],
    [[' PUT '], [['method-invalid', '/methods/0', '\'PUT\'']]],
    [['get/post'], [['method-invalid', '/methods/0', null]]],
    ['', [['method-invalid', '/methods', null]]],
    ['PUT,,', [['method-invalid', '/methods', '\'PUT\'']]],
    [['PUT', ''], [['method-invalid', '/methods/1', 'leave it out']]],
    [['', ' '], [['method-invalid', '/methods/0', null], ['method-invalid', '/methods/1', null]]],
    [['PUT\r\n'], [['method-invalid', '/methods/0', '\'PUT\'']]],
    [['é'], [['method-invalid', '/methods/0', null]]],
    ['CONNECT', [['method-forbidden', '/methods', '[]']]],
    [['TRACE', 'track', 'PUT'], [['method-forbidden', '/methods/0', 'leave it out'], ['method-forbidden', '/methods/1', 'leave it out']]],
    [['PUT', 5, null], [['invalid-type', '/methods/1', null], ['invalid-type', '/methods/2', 'leave it out']]],
    [true, [['invalid-type', '/methods', '\'*\'']]],
    [{ PUT: true }, [['invalid-type', '/methods', null]]]
  ]
  for (const [methods, issues] of refused) refuses(t, { origin, methods }, issues, JSON.stringify(methods))
})

t.test('a method that is misspelled by one letter is refused, one of the application\'s own is not', async t => {
  const misspelled: ReadonlyArray<[string, string | null]> = [
    ['DELTE', '\'DELETE\''], ['DELEET', '\'DELETE\''], ['delte', '\'DELETE\''], ['PSOT', '\'POST\''], ['PATHC', '\'PATCH\''], ['PUTT', '\'PUT\''], ['OPTION', '\'OPTIONS\''], ['GTE', '\'GET\''],
    ['POT', null], ['TRACES', 'leave it out']
  ]
  for (const [method, fix] of misspelled) refuses(t, { origin, methods: ['PUT', method] }, [['method-invalid', '/methods/1', fix]], method)
  t.match(issuesOf(() => parseCorsOptions({ origin, methods: ['POT'] }))[0]?.message, /'POT' is no known method\. Did you mean 'POST' or 'PUT'\?/)
  for (const method of ['PUSH', 'LIST', 'BREW', 'QUERY', 'REPORT', 'X', 'GETALL', 'PUBLISH']) accepts(t, { origin, methods: [method] }, method)
})

t.test('the fix for a name in a text is the whole text', async t => {
  refuses(t, { origin, methods: 'GET, patch, DELTE, TRACE' }, [
    ['method-invalid', '/methods', '\'GET, PATCH, DELETE\''], ['method-invalid', '/methods', '\'GET, PATCH, DELETE\''], ['method-forbidden', '/methods', '\'GET, PATCH, DELETE\'']
  ], 'methods')
  refuses(t, { origin, methods: 'patch, POT' }, [['method-invalid', '/methods', null], ['method-invalid', '/methods', null]], 'one that can\'t be known')
  refuses(t, { origin, allowedHeaders: 'Content-Type Authorization; X-Id, Origin, Cookie' }, [
    ['header-invalid', '/allowedHeaders', '\'Content-Type, Authorization, X-Id\''], ['header-forbidden', '/allowedHeaders', '\'Content-Type, Authorization, X-Id\''],
    ['header-forbidden', '/allowedHeaders', '\'Content-Type, Authorization, X-Id\'']
  ], 'headers')
  refuses(t, { origin, methods: ['get post;delte'] }, [['method-invalid', '/methods/0', '[\'get\', \'post\', \'DELETE\']']], 'a text in a list')
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
    ['', null], ['X A', '\'X, A\''], [['X-A: 1'], '\'X-A\''], [['X-A '], '\'X-A\''], [['X-A, X-B'], '[\'X-A\', \'X-B\']'], [['(x)'], null], [['X-A\n'], '\'X-A\''], [['é'], null]
  ]
  for (const option of ['allowedHeaders', 'exposedHeaders']) {
    for (const [names, fix] of refused) {
      refuses(t, { origin, [option]: names }, [['header-invalid', Array.isArray(names) ? `/${option}/0` : `/${option}`, fix]], `${option}: ${JSON.stringify(names)}`)
    }
    refuses(t, { origin, [option]: ['ETag', 5] }, [['invalid-type', `/${option}/1`, null]], `${option} with a number`)
    refuses(t, { origin, [option]: 5 }, [['invalid-type', `/${option}`, null]], `${option}: 5`)
    t.match(issuesOf(() => parseCorsOptions({ origin, [option]: 5 }))[0]?.message, /, not 5; for example \['\w/)
  }
})

t.test('a page never sends some headers', async t => {
  const names = [
    'Accept-Charset', 'Accept-Encoding', 'Access-Control-Request-Headers', 'Access-Control-Request-Method', 'Access-Control-Request-Private-Network', 'Connection',
    'Content-Length', 'Cookie2', 'Date', 'DNT', 'Expect', 'Host', 'Keep-Alive', 'Origin', 'Referer', 'Set-Cookie', 'TE', 'Trailer', 'Transfer-Encoding', 'Upgrade', 'Via',
    'Proxy-Authorization', 'Sec-Fetch-Mode', 'sec-x'
  ]
  for (const name of names) refuses(t, { origin, allowedHeaders: ['X-A', name] }, [['header-forbidden', '/allowedHeaders/1', 'leave it out']], name)
  refuses(t, { origin, allowedHeaders: 'x-a, cookie' }, [['header-forbidden', '/allowedHeaders', '\'x-a\'']], 'Cookie')
  const remark = (credentials: boolean): string | undefined => issuesOf(() => parseCorsOptions({ origin, allowedHeaders: ['Cookie'], credentials }))[0]?.message
  t.match(remark(false), /credentials: true/)
  t.notMatch(remark(true), /credentials: true/, 'where it is set, it is not asked for')
})

t.test('a page never reads cookies', async t => {
  refuses(t, { origin, exposedHeaders: 'ETag, Set-Cookie, set-cookie2' }, [
    ['header-forbidden', '/exposedHeaders', '\'ETag\''], ['header-forbidden', '/exposedHeaders', '\'ETag\'']
  ], 'Set-Cookie')
})

t.test('headers of one direction are not listed for the other', async t => {
  for (const name of ['Access-Control-Allow-Origin', 'access-control-allow-headers', 'Access-Control-Max-Age', 'Access-Control-Expose-Headers', 'Timing-Allow-Origin']) {
    refuses(t, { origin, allowedHeaders: [name] }, [['header-misplaced', '/allowedHeaders/0', 'leave it out']], name)
  }
  for (const name of ['Access-Control-Request-Method', 'access-control-request-headers', 'Origin']) {
    refuses(t, { origin, exposedHeaders: [name] }, [['header-misplaced', '/exposedHeaders/0', 'leave it out']], name)
  }
})

t.test('a variable that nothing has filled in is no name, though it may be a token', async t => {
  for (const text of ['undefined', 'NaN', 'process.env.NAMES', '$NAMES', '%NAMES%', `$${'{NAMES}'}`, '{{names}}']) {
    for (const option of ['methods', 'allowedHeaders', 'exposedHeaders']) {
      const code = option === 'methods' ? 'method-invalid' : 'header-invalid'
      for (const value of [text, [text], [text, 'PUT'], `PUT, ${text}`]) {
        const issues = issuesOf(() => parseCorsOptions({ origin: 'https://a.example', [option]: value }))
        t.match(issues, [{ code, message: /looks like a variable that nothing has filled in: write the name of each/, fix: null }], `${option}: ${text}`)
        t.equal(issues.length, 1)
      }
    }
  }
})

t.test('a list without a name in it says what may have happened, and to leave it out', async t => {
  for (const value of ['', ' ', ',', [''], ['', '']]) {
    t.match(issuesOf(() => parseCorsOptions({ origin: 'https://a.example', allowedHeaders: value }))[0], { message: /is empty: an environment variable may not be set; leave it out$/, fix: null })
  }
})
