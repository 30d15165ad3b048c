import type { IncomingMessage } from 'node:http'
import t from 'tap'
import { run, serve } from './terminal.js'
import { createApp } from '../helpers.js'

const origin = 'http://localhost:5173'

t.test('an allowed request shows both exchanges and what the page can read', async t => {
  const app = createApp({ origin, methods: ['GET', 'PUT'], exposedHeaders: ['X-Total'], maxAge: 60 })
  app.put('/users', (_request, reply) => reply.header('x-total', '1').send('saved'))
  const url = `${await app.listen({ port: 0, host: '127.0.0.1' })}/users`
  t.teardown(() => app.close())
  const { exitCode, output, errors } = await run(['check', url, '--origin', origin, '--method', 'PUT', '--header', 'x-a: 1', '--header', 'X-A: 2'])
  t.equal(exitCode, 0)
  t.equal(errors, '')
  t.equal(output, `A page of ${origin} calls PUT ${url}

→ OPTIONS ${url}  preflight
    Access-Control-Request-Method: PUT
    Access-Control-Request-Headers: x-a
    Origin: ${origin}
← 204 No Content
    vary: Origin, Access-Control-Request-Headers
    access-control-allow-origin: ${origin}
    access-control-allow-methods: GET, PUT
    access-control-allow-headers: x-a
    access-control-max-age: 60

→ PUT ${url}
    X-A: 1, 2
    Origin: ${origin}
← 200 OK
    vary: Origin
    access-control-allow-origin: ${origin}
    access-control-expose-headers: X-Total

✓ Allowed

  Readable    The status, the body, content-length, content-type, x-total
  Preflight   Sent because the method PUT is not GET, HEAD or POST; the header x-a is not CORS-safelisted
              Its answer counts for 60 seconds
`)
})

t.test('a server without CORS is told all that it has to answer', async t => {
  const url = `${await serve(t, (_request, response) => response.writeHead(404).end())}/users`
  const { exitCode, output } = await run(['check', url, '--origin', origin, '--method', 'PUT', '--header', 'content-type: application/json', '--credentials'])
  t.equal(exitCode, 1)
  t.match(output, `A page of ${origin} calls PUT ${url} with credentials\n`)
  t.match(output, '← 404 Not Found\n    no CORS header\n')
  t.match(output, '✗ Blocked: PreflightMissingAllowOriginHeader\n')
  t.ok(output.endsWith(`
  In full     With fastify-cors-policy: app.register(corsPlugin, { origin: '${origin}', methods: ['GET', 'HEAD', 'POST', 'PUT'], credentials: true })
              From any other server:
                OPTIONS /users → 204
                  Access-Control-Allow-Origin: ${origin}
                  Access-Control-Allow-Credentials: true
                  Access-Control-Allow-Methods: GET, HEAD, POST, PUT
                  Access-Control-Allow-Headers: content-type
                PUT /users
                  Access-Control-Allow-Origin: ${origin}
                  Access-Control-Allow-Credentials: true
                  Vary: Origin
`), output)
})

t.test('a server that does all that it is told is allowed', async t => {
  let told = new Map<string, Array<[string, string]>>()
  const url = await serve(t, ({ method = '' }, response) => {
    for (const [name, value] of told.get(method) ?? []) response.setHeader(name, value)
    response.writeHead(method === 'OPTIONS' ? 204 : 200).end()
  })
  for (const more of [['--credentials'], ['--method', 'DELETE'], ['--header', 'x-a: 1', '--credentials'], ['--method', 'PUT', '--header', 'authorization: x']]) {
    const args = ['check', url, '--origin', origin, ...more]
    told = new Map()
    const { output } = await run(args)
    const [, full = ''] = output.split('From any other server:\n')
    for (const block of full.split(/^ {16}(?! )/m).slice(1)) {
      const [request = '', ...lines] = block.trim().split('\n')
      told.set(request.split(' ')[0] ?? '', lines.map(line => line.trim().split(': ')).map(([name = '', value = '']) => [name, value]))
    }
    t.equal((await run(args)).exitCode, 0, more.join(' '))
  }
})

t.test('a request that needs one header only gets one line', async t => {
  const url = await serve(t, (_request, response) => response.end())
  const { output } = await run(['check', url, '--origin', origin])
  t.match(output, `  Fix         With fastify-cors-policy: origin: ['${origin}']. From any other server: send Access-Control-Allow-Origin: ${origin}.\n`)
  t.notMatch(output, 'In full')
})

t.test('what the server lists already stays in what it is told, and its own parameter is shown', async t => {
  const url = await serve(t, (_request, response) => {
    response.writeHead(204, { 'Access-Control-Allow-Origin': origin, 'Access-Control-Allow-Methods': 'GET, PATCH, *', 'Access-Control-Allow-Headers': 'x-b' }).end()
  })
  const { output } = await run(['check', url, '--origin', origin, '--method', 'DELETE', '--header', 'x-a: 1', '--credentials'])
  t.match(output, '✗ Blocked: PreflightInvalidAllowCredentials\n')
  t.match(output, 'Access-Control-Allow-Methods: GET, PATCH, HEAD, POST, DELETE\n')
  t.match(output, 'Access-Control-Allow-Headers: x-b, x-a\n')
  t.match((await run(['check', url, '--origin', origin, '--header', 'x-a: 1'])).output, '✗ Blocked: HeaderDisallowedByPreflightResponse (x-a)\n')
})

t.test('lists that are none are written anew', async t => {
  const url = await serve(t, (_request, response) => {
    response.writeHead(204, { 'Access-Control-Allow-Origin': origin, 'Access-Control-Allow-Methods': 'GET; PATCH' }).end()
  })
  const { output } = await run(['check', url, '--origin', origin, '--method', 'DELETE'])
  t.match(output, 'Access-Control-Allow-Methods: GET, HEAD, POST, DELETE\n')
})

t.test('exceptions that the plugin wants named are named; without any options, none are shown', async t => {
  const url = await serve(t, (_request, response) => response.end())
  const registration = async (from: string, ...more: string[]): Promise<string | undefined> => {
    const { output } = await run(['check', url, '--origin', from, '--credentials', ...more])
    t.match(output, 'From any other server:')
    return /app\.register\(corsPlugin, (.*)\)/.exec(output)?.[1]
  }
  t.equal(await registration('http://shop.example'), '{ origin: \'http://shop.example\', credentials: true, dangerouslyAllow: [\'insecure-origins\'] }')
  t.equal(await registration('null'), '{ origin: \'null\', credentials: true, dangerouslyAllow: [\'null-origin\'] }')
  t.equal(await registration('chrome-extension://abc'), '{ origin: \'chrome-extension://abc\', credentials: true }')
  t.equal(await registration('ws://page.example'), undefined)
  t.equal(await registration(origin, '--method', 'patch'), undefined)
})

t.test('--json prints the verdict as checkCors gives it', async t => {
  const url = await serve(t, (_request, response) => response.end())
  const { exitCode, output, errors } = await run(['check', url, '--origin', origin, '--json'])
  t.equal(exitCode, 1)
  t.equal(errors, '')
  const verdict = JSON.parse(output)
  t.match(verdict, { allowed: false, reason: 'MissingAllowOriginHeader', parameter: '', preflight: 'not-needed', differs: [] })
  t.match(verdict.exchanges, [{ kind: 'actual', request: { method: 'GET', headers: { origin } }, response: { status: 200 } }])
})

t.test('an answer that never ends is judged by its head, and not read on', async t => {
  let leave: () => void
  const left = new Promise<void>(resolve => { leave = resolve })
  const url = await serve(t, (_request, response) => {
    response.once('close', leave)
    response.writeHead(200, { 'content-type': 'text/event-stream', 'access-control-allow-origin': '*' }).write('data: 1\n\n')
  })
  t.equal((await run(['check', url, '--origin', origin])).exitCode, 0)
  await left
})

t.test('a server that allows everybody, as the package cors does by default, is told what credentials need', async t => {
  const url = await serve(t, ({ method, headers }, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*')
    if (method !== 'OPTIONS') return response.end()
    response.setHeader('Vary', 'Access-Control-Request-Headers')
    response.setHeader('Access-Control-Allow-Headers', headers['access-control-request-headers'] ?? '')
    response.writeHead(204, { 'Access-Control-Allow-Methods': 'GET,HEAD,PUT,PATCH,POST,DELETE' }).end()
  })
  const args = ['check', `${url}/a`, '--origin', origin, '--method', 'PATCH', '--header', 'Content-Type: application/json']
  t.equal((await run(args)).exitCode, 0)
  const { exitCode, output } = await run([...args, '--credentials'])
  t.equal(exitCode, 1)
  t.match(output, '✗ Blocked: PreflightWildcardOriginNotAllowed\n')
  t.match(output, `{ origin: '${origin}', methods: ['GET', 'HEAD', 'PUT', 'PATCH', 'POST', 'DELETE'], credentials: true }`)
})

t.test('header lines are shown as they came, and controls in them as escapes', async t => {
  const url = await serve(t, ({ socket }) => socket.end(
    'HTTP/1.1 299\r\nACCESS-Control-Allow-Origin: a\x9b31m\r\nAccess-Control-Allow-Origin: b\r\nContent-Length: 0\r\n\r\n', 'latin1'))
  const { output } = await run(['check', url, '--origin', origin])
  t.match(output, '← 299\n    ACCESS-Control-Allow-Origin: a\\u009b31m\n    Access-Control-Allow-Origin: b\n')
  t.match(output, '✗ Blocked: MultipleAllowOriginValues')
  t.notMatch(output, '\x9b')
})

t.test('a redirect is followed as a browser does, and one that no browser follows has no reason of CORS', async t => {
  const open = { 'access-control-allow-origin': '*' }
  const url = await serve(t, (request, response) => {
    if (request.url === '/') response.writeHead(302, { ...open, location: '/end' }).end()
    else if (request.url === '/end') response.writeHead(200, open).end()
    else response.writeHead(302, { ...open, location: 'http://[' }).end()
  })
  const followed = await run(['check', url, '--origin', origin])
  t.equal(followed.exitCode, 0)
  t.match(followed.output, `\n→ GET ${url}/end\n`)
  t.match(followed.output, '    location: /end\n')
  const invalid = await run(['check', `${url}/invalid`, '--origin', origin, '--credentials'])
  t.equal(invalid.exitCode, 1)
  t.match(invalid.output, '\n✗ Blocked\n')
  t.notMatch(invalid.output, 'In full')
})

t.test('after a redirect by another origin, nobody is told to allow null', async t => {
  const other = await serve(t, (_request, response) => response.end())
  const url = await serve(t, (_request, response) => {
    response.writeHead(302, { 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true', location: other }).end()
  })
  const { output } = await run(['check', url, '--origin', origin, '--credentials'])
  t.match(output, `Call ${other}/ directly`)
  t.notMatch(output, 'In full')
})

t.test('a page may call its own origin, and sets no header that browsers keep to themselves', async t => {
  const seen: IncomingMessage[] = []
  const url = await serve(t, (request, response) => {
    seen.push(request)
    response.sendDate = false
    response.removeHeader('connection')
    response.writeHead(204).end()
  })
  const { exitCode, output } = await run(['check', url, '--origin', url, '--header', 'Cookie: a=b', '--header', 'X-A: 1', '--header', 'Accept: text/html'])
  t.equal(exitCode, 0)
  t.match(output, '✓ Allowed: the page calls its own origin, where CORS has no say\n')
  t.match(output, '  Left out    cookie: browsers don\'t let a page set that\n')
  t.match(output, '    Accept: text/html\n')
  t.equal(seen[0]?.headers.cookie, undefined)
})

t.test('a page that can read no header is told so', async t => {
  const url = await serve(t, ({ socket }) => socket.end('HTTP/1.1 204 No Content\r\nAccess-Control-Allow-Origin: *\r\n\r\n'))
  t.match((await run(['check', url, '--origin', origin])).output, '  Readable    The status and the body, no header\n')
})

t.test('browsers that decide otherwise are named', async t => {
  const url = await serve(t, (_request, response) => {
    response.writeHead(204, { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*' }).end()
  })
  const blocked = await run(['check', url, '--origin', origin, '--header', 'Authorization: x'])
  t.equal(blocked.exitCode, 1)
  t.match(blocked.output, /^ {2}Differs {5}chromium.* would allow it, against the Fetch Standard\n/m)
})
