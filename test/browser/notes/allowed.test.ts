import t from 'tap'
import { allowCredentials, allowHeaders, allowMethods, allowOrigin, page, type ScriptedAnswer } from '../scripted.js'
import { codes, judged, notes, put, withCookies } from './situation.js'

type Line = [name: string, value: string]
const any = allowOrigin('*')
const allowed: Line[] = [allowOrigin(page), allowCredentials('true'), ['Vary', 'Origin']]
const cookie = (value: string): Line => ['Set-Cookie', value]

t.test('headers that a page can use, but not read', async t => {
  const told = async (overrides: Parameters<typeof judged>[0], status: number, ...lines: Line[]) => {
    const { notes: [note], remedy } = await judged(overrides, [status, any, ...lines])
    if (note === undefined) return null
    t.match(note, { code: 'headers-not-exposed', where: 'server' })
    t.match(note.fix, "exposedHeaders: ['")
    return remedy?.options.exposedHeaders
  }
  t.strictSame(await told({}, 200, ['Content-Disposition', 'attachment; filename="x.pdf"']), ['content-disposition'], 'a download')
  t.strictSame(await told({}, 200, ['X-Total-Count', '9'], ['Link', '</?page=2>; rel="next"']), ['x-total-count', 'link'], 'a list in pages')
  t.strictSame(await told({ method: 'POST' }, 201, ['Location', '/items/1']), ['location'], 'what was created')
  t.strictSame(await told({}, 206, ['Content-Range', 'bytes 0-1/9']), ['content-range'], 'a part')
  t.strictSame(await told({}, 429, ['Retry-After', '3'], ['X-RateLimit-Remaining', '0'], ['RateLimit', 'x']), ['retry-after', 'x-ratelimit-remaining', 'ratelimit'], 'a rate limit that is reached')
  t.strictSame(await told({}, 500, ['X-Request-Id', '7']), ['x-request-id'], 'an error to be reported')
  t.strictSame(await told({}, 401, ['WWW-Authenticate', 'DPoP']), ['www-authenticate'])
  t.strictSame(await told({ method: 'POST' }, 200, ['ETag', '"1"']), ['etag'], 'for the next write')
  t.equal(await told({}, 200, ['ETag', '"1"'], ['X-RateLimit-Remaining', '99'], ['X-Request-Id', '7'], ['WWW-Authenticate', 'x']), null, 'what the page does not need')
  for (const challenge of ['Bearer', 'Basic realm="Members"', 'basic realm=x charset="UTF-8"']) t.equal(await told({}, 401, ['WWW-Authenticate', challenge]), null, challenge)
  t.strictSame(await told({}, 401, ['WWW-Authenticate', 'Bearer resource_metadata="https://api.example.net/x"']), ['www-authenticate'], 'where a client has to go')
  t.equal(await told({ method: 'POST' }, 200, ['ETag', 'W/"1"']), null, 'a weak one, as Express sends it with every answer')
  t.strictSame(await codes({ headers: { 'if-none-match': 'W/"0"' } }, [204, any, allowHeaders('if-none-match')], [200, any, ['ETag', 'W/"1"']]), ['headers-not-exposed'],
    'but to a page that asks for it')
  t.match((await notes({}, [401, any, ['WWW-Authenticate', 'x'], ['X-CSRF-Token', '1']]))[0]?.message, 'WWW-Authenticate, X-CSRF-Token')
  t.equal(await told({}, 200, ['Link', '</x.css>; rel=preload; as=style']), null, 'a link for the browser')
  t.equal(await told({}, 304, ['Location', '/']), null)
  t.equal(await told({}, 200, ['X-Powered-By', 'Express'], ['Date', 'x'], ['Server', 'x'], ['Strict-Transport-Security', 'max-age=1']), null)
  t.equal(await told({ url: '/x' }, 200, ['X-Total-Count', '1']), null, 'the own server')
  t.strictSame(await codes({}, [200, any, ['X-Total-Count', '1'], ['Access-Control-Expose-Headers', '*']]), [], 'exposed')
})

t.test('the remedy for headers keeps what is granted and needed', async t => {
  const granted: ScriptedAnswer = [204, ...allowed, allowMethods('PUT'), allowHeaders('content-type')]
  const { remedy } = await judged({ ...put, ...withCookies }, granted, [201, ...allowed, ['Access-Control-Expose-Headers', 'ETag'], ['ETag', '"1"'], ['Location', '/1'], ['Content-Type', 'x']])
  t.strictSame(remedy, {
    options: {
      origin: [page], methods: ['GET', 'HEAD', 'POST', 'PUT'], allowedHeaders: ['content-type'], exposedHeaders: ['etag', 'location'], credentials: true
    }
  })
  t.equal((await judged({}, [200, any])).remedy, null, 'where nothing is missing')
  t.strictSame((await judged({}, [200, ['Content-Disposition', 'attachment']])).remedy, { options: { origin: [page], exposedHeaders: ['content-disposition'] } },
    'blocked, all is told at once')
})

t.test('a login whose cookie never comes back', async t => {
  const why = async (overrides: Parameters<typeof judged>[0], ...lines: string[]) => {
    const origin = overrides.origin ?? page
    const note = (await notes({ ...withCookies, ...overrides }, [200, allowOrigin(origin), ...allowed.slice(1), ...lines.map(cookie)]))
      .find(({ code }) => code === 'cookie-not-kept')
    return note === undefined ? null : `${note.where}: ${note.message} ${note.fix}`
  }
  t.match(await why({}, 'sid=1; HttpOnly'), /^server:.*cookie sid,.*no SameSite.*different sites.*under one site, .*: that works in every browser\. .*SameSite=None; Secure; Partitioned/)
  t.match(await why({}, 'sid=1; SameSite=Lax; Secure'), /SameSite=Lax/)
  t.match(await why({}, 'sid=1; samesite=strict'), /SameSite=Strict/)
  t.match(await why({}, 'sid=1; SameSite=None'), /without Secure.*Add Secure and Partitioned/)
  t.match(await why({ url: 'https://api.example.com/' }, 'sid=1; SameSite=None'), /Add Secure, and serve/, 'below one site')
  t.match(await why({ origin: 'http://app.example.com', url: 'http://api.example.net/' }, 'sid=1; SameSite=None; Secure'), /Secure, and the answer came over plain http/)
  t.match(await why({ origin: 'http://app.example.com', url: 'http://api.example.net/' }, 'sid=1'), /serve the API over https/)
  t.match(await why({ origin: 'http://localhost:5173', url: 'https://localhost:8443/' }, 'sid=1'), /http: and https: count as different sites.*serve both over https/)
  t.match(await why({ origin: 'http://app.example.com', url: 'https://api.example.com/' }, 'sid=1'), /serve both over https\.$/)
  t.match(await why({ origin: 'capacitor://localhost', url: 'http://localhost:3000/' }, 'sid=1'), /under one site/, 'a scheme of an app')
  t.match(await why({ origin: 'http://localhost:5173', url: 'http://127.0.0.1:8000/' }, 'sid=1'), /both at 127\.0\.0\.1, or both at localhost/)
  t.match(await why({ origin: 'https://a.github.io', url: 'https://b.github.io/' }, 'sid=1; Secure'), /different sites/)
  t.match(await why({ origin: 'http://app.example.com', url: 'https://api.example.com/' }, 'sid=1'), /different sites/, 'another scheme is another site')
  t.match(await why({ origin: 'null' }, 'sid=1'), /null and https:\/\/api\.example\.net are different sites/)
  t.match(await why({}, 'sid=1; Domain=example.org; SameSite=None; Secure'), /Domain is example\.org, which does not cover/)
  t.match(await why({ origin: page, url: 'https://api.example.co.uk/' }, 'sid=1; Domain=.co.uk; SameSite=None; Secure'), /public suffix/)
  t.match(await why({ url: 'https://api.example.com/' }, '__Secure-sid=1'), /prefix __Secure-/)
  t.match(await why({ url: 'https://api.example.com/' }, '__Host-sid=1; Secure; Path=/; Domain=api.example.com'), /prefix __Host-/)
  t.match(await why({ credentials: 'same-origin' }, 'sid=1'), /^page:.*same-origin.*credentials: 'include'/)
  t.match(await why({ url: '/login', credentials: 'omit' }, 'sid=1'), /'omit'/)
  t.match(await why({}, 'a=1', 'b=2', 'a=1; Path=/x'), /the cookie a and b,/, 'told once')
  for (const [name, overrides, line] of [
    ['across sites, as it should be', {}, 'sid=1; SameSite=None; Secure; HttpOnly'],
    ['below one site', { url: 'https://api.example.com/login' }, 'sid=1; Domain=example.com; HttpOnly; SameSite=Lax'],
    ['the ports of one machine', { origin: 'http://localhost:5173', url: 'http://localhost:8000/' }, 'sid=1; SameSite=Lax; Secure'],
    ['the own server', { url: '/login' }, 'sid=1; SameSite=Strict'],
    ['with its prefixes', { url: 'https://api.example.com/' }, '__Host-sid=1; Secure; Path=/'],
    ['a load balancer', { credentials: 'same-origin' }, 'AWSALB=x; Path=/'],
    ['nothing at all', {}, '; Secure; SameSite=None']
  ] as const) t.equal(await why(overrides, line), null, name)
})

t.test('a preflight comes before the answer that sets the cookie', async t => {
  const granted: ScriptedAnswer = [204, ...allowed, allowMethods('PUT'), allowHeaders('content-type'), cookie('lb=1')]
  t.match(await notes({ ...put, ...withCookies }, granted, [200, ...allowed, cookie('sid=1')]), [{ code: 'cookie-not-kept', message: /the cookie sid,/ }])
  t.strictSame(await codes({ ...put, ...withCookies }, granted, [200, cookie('sid=1')]), [], 'blocked, that is not the first thing to mend')
})

t.test('an image, a script or a font that Helmet keeps from plain elements', async t => {
  const policy = (type: string, value: string): ScriptedAnswer => [200, any, ['Content-Type', type], ['Cross-Origin-Resource-Policy', value]]
  for (const type of ['image/png', 'text/javascript; charset=utf-8', 'application/javascript', 'text/css', 'font/woff2', 'audio/ogg', 'video/mp4']) {
    t.match(await notes({}, policy(type, 'same-origin')), [{ code: 'resource-policy', message: 'same-origin', fix: 'cross-origin', where: 'server' }], type)
  }
  t.strictSame(await codes({}, policy('image/png', 'same-site')), ['resource-policy'])
  t.strictSame(await codes({ url: 'https://cdn.example.com/a.png' }, policy('image/png', 'same-site')), [], 'below one site')
  t.strictSame(await codes({}, policy('image/png', 'cross-origin')), [])
  t.strictSame(await codes({}, policy('application/json', 'same-origin')), [], 'nobody embeds JSON')
  t.strictSame(await codes({ url: '/a.png' }, policy('image/png', 'same-origin')), [])
})

t.test('an answer that a cache may hand to another origin', async t => {
  const cached = (...lines: Line[]): ScriptedAnswer => [200, allowOrigin(page), ...lines]
  for (const lines of [
    [['Cache-Control', 'public, max-age=60']], [['Cache-Control', 's-maxage=5, max-age=0']], [['Cache-Control', 'immutable']], [['Expires', 'Thu, 01 Dec 2033 16:00:00 GMT']],
    [['Last-Modified', 'Thu, 01 Dec 2022 16:00:00 GMT']], [['Age', '7'], ['Vary', 'Accept-Encoding']]
  ] satisfies Line[][]) t.match(await notes({}, cached(...lines)), [{ code: 'vary-missing', message: page, where: 'server' }], JSON.stringify(lines))
  for (const lines of [
    [], [['Cache-Control', 'no-store']], [['Cache-Control', 'no-cache, public']], [['Cache-Control', 'max-age=0'], ['Last-Modified', 'x']], [['Expires', '0']], [['ETag', '"1"']],
    [['Cache-Control', 'max-age=60'], ['Vary', 'accept, ORIGIN']], [['Cache-Control', 'max-age=60'], ['Vary', '*']]
  ] satisfies Line[][]) t.strictSame(await codes({}, cached(...lines)), [], JSON.stringify(lines))
  t.strictSame(await codes({}, [200, any, ['Cache-Control', 'max-age=60']]), [], 'for everybody')
  t.strictSame(await codes({ method: 'POST' }, cached(['Cache-Control', 'max-age=60'])), [], 'caches keep no POST')
  t.strictSame(await codes({ url: '/x' }, [200, ['Cache-Control', 'max-age=60']]), [], 'the own server')
})

t.test('a good API gets no note', async t => {
  const helmet: Line[] = [
    ['Content-Security-Policy', "default-src 'self'"], ['Cross-Origin-Opener-Policy', 'same-origin'], ['Cross-Origin-Resource-Policy', 'same-origin'],
    ['Referrer-Policy', 'no-referrer'], ['Strict-Transport-Security', 'max-age=31536000'], ['X-Content-Type-Options', 'nosniff'], ['X-Frame-Options', 'SAMEORIGIN']
  ]
  const usual: Line[] = [
    ...helmet, ['Content-Type', 'application/json; charset=utf-8'], ['ETag', 'W/"2-vyGp6PvFo4RvsFtPoIWeCReyIC8"'], ['X-RateLimit-Limit', '100'],
    ['X-RateLimit-Remaining', '99'], ['X-RateLimit-Reset', '60'], ['RateLimit-Policy', '100;w=60'], ['X-Request-Id', 'req-1'], ['Date', 'x'], ['Connection', 'keep-alive']
  ]
  for (const overrides of [{}, withCookies]) {
    t.match(await judged(overrides, [200, ...allowed, ...usual]), { allowed: true, notes: { length: 0 }, remedy: null, explanation: '', fix: '' })
  }
  t.match(await judged({}, [200, any, ...usual, ['Cache-Control', 'public, max-age=60']]), { notes: { length: 0 }, remedy: null })
  t.match(await judged({ url: '/api' }, [200, ...usual, cookie('sid=1')]), { notes: { length: 0 }, remedy: null })
})
