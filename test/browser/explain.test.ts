import t from 'tap'
import { checkCors, type CorsPage } from '../../lib/browser/index.js'
import { fill } from '../../lib/browser/failure-text.js'
import { allowCredentials, allowHeaders, allowMethods, allowOrigin, answers, api, from, page, type ScriptedAnswer } from './scripted.js'

async function told (overrides: Partial<CorsPage>, ...scripted: ScriptedAnswer[]): Promise<{ explanation: string, fix: string }> {
  return checkCors(from(overrides), answers(...scripted).send)
}

t.test('the explanation is one sentence about this very case, with a link', async t => {
  t.equal((await told({}, [200])).explanation,
    `The answer to GET ${api} has no Access-Control-Allow-Origin header, so the script may not read it (docs/errors.md#missingalloworiginheader).`)
  t.equal((await told({ method: 'PUT' }, [401, allowOrigin(page)])).explanation,
    'A login answered the preflight with 401, and the CORS headers on it do not help: browsers never send cookies or tokens with a preflight. ' +
    `The answer to the preflight of PUT ${api} has the status 401 where only 200 to 299 count, so the browser does not send the request (docs/errors.md#preflightinvalidstatus).`)
  t.equal((await told({ headers: { b: '1', a: '1' } }, [204, allowOrigin(page)])).explanation,
    `The answer to the preflight of GET ${api} does not list a, b in Access-Control-Allow-Headers, so the browser does not send the request (docs/errors.md#headerdisallowedbypreflightresponse).`)
  t.equal((await told({}, [200, allowOrigin('https://b.example')])).explanation,
    `The answer to GET ${api} allows the origin https://b.example while the request says Origin: ${page}, so the script may not read it (docs/errors.md#alloworiginmismatch).`)
  t.equal((await told({}, [302, allowOrigin(page), ['Location', 'data:,x']])).explanation,
    `The answer to GET ${api} redirects to data:,x, whose scheme no server may redirect to, so the browser does not follow it (docs/errors.md#unsaferedirect).`)
})

t.test('an Allow-Credentials that is missing is told from one that is wrong', async t => {
  const credentials = 'include'
  t.match((await told({ credentials }, [200, allowOrigin(page)])).explanation, ' has no Access-Control-Allow-Credentials header where a request with credentials needs exactly "true"')
  for (const value of ['', 'TRUE']) {
    t.match((await told({ credentials }, [200, allowOrigin(page), allowCredentials(value)])).explanation, ` has Access-Control-Allow-Credentials "${value}" where`)
  }
})

t.test('the fix is a line of the options and a header', async t => {
  const fix = async (...args: Parameters<typeof told>) => (await told(...args)).fix
  const credentials = 'include'
  t.equal(await fix({}, [200]),
    `With fastify-cors-policy: origin: ['${page}']. From any other server: send Access-Control-Allow-Origin: ${page}.`)
  t.match(await fix({ credentials }, [200, allowOrigin('*')]), `origin: ['${page}'], credentials: true`)
  t.match(await fix({ credentials }, [200, allowOrigin(page)]), 'With fastify-cors-policy: credentials: true. From')
  t.match(await fix({ method: 'PUT' }, [204, allowOrigin(page)]), "methods: ['GET', 'HEAD', 'POST', 'PUT']")
  t.match(await fix({ method: 'PUT' }, [204, allowOrigin(page), allowMethods('DELETE, GET')]), "methods: ['GET', 'HEAD', 'POST', 'DELETE', 'PUT']")
  t.match(await fix({ method: 'PUT', credentials }, [204, allowOrigin(page), allowCredentials('true'), allowMethods('*')]),
    'send Access-Control-Allow-Methods: GET, HEAD, POST, PUT.')
  t.match(await fix({ method: 'PUT' }, [204, allowOrigin(page), allowMethods('PUT DELETE')]), "methods: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE']")
  t.match(await fix({ headers: { 'X-A': '1' } }, [204, allowOrigin(page), allowHeaders('X-B')]), "allowedHeaders: ['x-b', 'x-a']")
  t.match(await fix({ headers: { 'X-A': '1' } }, [204, allowOrigin(page), allowHeaders('x-b;x-c')]), 'send Access-Control-Allow-Headers: x-b, x-c, x-a.')
  t.match(await fix({ headers: { 'x-a': '1' }, credentials }, [204, allowOrigin(page), allowCredentials('true'), allowHeaders('*')]), "allowedHeaders: ['x-a']")
  t.match(await fix({ headers: { 'x-a': '1' } }, [204, allowOrigin(page), allowHeaders('content type, "X-B", (c), X-D')]), "allowedHeaders: ['x-d', 'x-a']", 'no names are made of what is none')
  t.match(await fix({ headers: { authorization: 'x', 'x-a': '1' } }, [204, allowOrigin(page), allowHeaders('*')]), "allowedHeaders: ['authorization', 'x-a']", 'as in the remedy')
  t.match(await fix({ headers: { "it's": '1' } }, [204, allowOrigin(page)]), "allowedHeaders: ['it\\'s']")
  t.match(await fix({ method: 'PUT' }, [204, allowOrigin(page), allowMethods('PUT'), allowHeaders('@')]), 'leave the header Access-Control-Allow-Headers out.')
  t.match(await fix({ method: 'PUT', headers: { 'x-a': '1' } }, [204, allowOrigin(page)]),
    "methods: ['GET', 'HEAD', 'POST', 'PUT'], allowedHeaders: ['x-a']. From any other server: send Access-Control-Allow-Methods: GET, HEAD, POST, PUT, and send Access-Control-Allow-Headers: x-a.")
  t.match(await fix({ method: 'PUT' }, [302, allowOrigin(page)]), 'answer OPTIONS /items with 204')
  t.equal(await fix({}, [302, allowOrigin(page), ['Location', 'ftp://a.example/']]),
    'Serve the resource at an http: or https: URL and call, or redirect to, that one.')
})

t.test('the line names the exception that the plugin demands for the origin', async t => {
  const line = async (origin: string, credentials?: 'include') => {
    const { fix } = await told({ origin, url: api, ...(credentials && { credentials }) }, [401])
    return fix.slice(0, fix.indexOf('. From'))
  }
  t.match(await line('null'), "origin: ['null'], dangerouslyAllow: ['null-origin']")
  t.match(await line('file://'), "dangerouslyAllow: ['null-origin']")
  t.match(await line('http://app.example.com', 'include'), "dangerouslyAllow: ['insecure-origins']")
  t.match(await line('http://localhost.example.com', 'include'), "dangerouslyAllow: ['insecure-origins']")
  for (const origin of ['http://localhost:5173', 'http://a.localhost', 'http://127.0.0.1', 'http://[::1]:80801'.slice(0, -1), page]) {
    t.notMatch(await line(origin, 'include'), 'dangerouslyAllow', origin)
  }
  t.notMatch(await line('http://app.example.com'), 'dangerouslyAllow', 'without credentials')
})

t.test('words in braces without a value stay as they are', async t => {
  t.equal(fill('{a} and {b}', { a: 'x' }), 'x and {b}')
})
