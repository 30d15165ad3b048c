import { readFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
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
  t.equal(output.split('  But  ')[0], `A page of ${origin} calls PUT ${url}

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
  ▸ access-control-allow-origin: ${origin}
    access-control-expose-headers: X-Total

✓ Allowed

  Readable    The status, the body, content-length, content-type, x-total
  Preflight   Sent because the method PUT is not GET, HEAD or POST; the header x-a is not CORS-safelisted
              Its answer counts for 60 seconds
`)
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
  t.match(output, `app.register(corsPlugin, { origin: ['${origin}'], methods: ['GET', 'HEAD', 'POST', 'PATCH'], allowedHeaders: ['content-type'], credentials: true })`)
})

t.test('header lines are shown as they came, and controls in them as escapes', async t => {
  const url = await serve(t, ({ socket }) => socket.end(
    'HTTP/1.1 299\r\nACCESS-Control-Allow-Origin: a\x9b31m\r\nAccess-Control-Allow-Origin: b\r\nContent-Length: 0\r\n\r\n', 'latin1'))
  const { output } = await run(['check', url, '--origin', origin])
  t.match(output, '← 299\n  ▸ ACCESS-Control-Allow-Origin: a\\u009b31m\n  ▸ Access-Control-Allow-Origin: b\n')
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
  t.notMatch(invalid.output, 'corsPlugin')
})

t.test('after a redirect by another origin, nobody is told to allow null', async t => {
  const other = await serve(t, (_request, response) => response.end())
  const url = await serve(t, (_request, response) => {
    response.writeHead(302, { 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true', location: other }).end()
  })
  const { output } = await run(['check', url, '--origin', origin, '--credentials'])
  t.match(output, `Call ${other}/ directly`)
  t.notMatch(output, 'corsPlugin')
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
  t.match((await run(['check', url, '--origin', origin, '--header', 'Cookie: a=b'])).output, /✗ Blocked[^]* {2}Left out {4}cookie: browsers/, 'blocked too')
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
  t.match(blocked.output, /^ {2}Differs {5}chromium.* would allow it, against the Fetch Standard\n {14}Authorization under Access-Control-Allow-Headers: \* must be listed by name\. Chromium, .*: the exception for Authorization is/m)
  const https = await run(['check', url, '--origin', 'https://app.example.com'])
  t.equal(https.exitCode, 0)
  t.match(https.output, /^ {2}Differs {5}webkit would block it.*\n {14}A page over https that calls http:\/\/localhost \(or another loopback address\) may do so\. WebKit blocks it as mixed content/m)
})

t.test('a plain GET gets the whole line, and the remedy of the server that answered', async t => {
  const url = await serve(t, (_request, response) => response.writeHead(200, { server: 'WSGIServer/0.2 CPython/3.13' }).end())
  const { exitCode, output } = await run(['check', url, '--origin', origin])
  t.equal(exitCode, 1)
  t.match(output, '← 200 OK\n  ▸ no CORS header\n')
  t.match(output, '\nFor django, guessed from the answer; --for names another:\n\n# At the end of settings.py')
  t.match(output, `\nCORS_ALLOWED_ORIGINS = ["${origin}"]\n`)
  t.match(output, `\nWith fastify-cors-policy (npm install fastify-cors-policy):\n\nimport corsPlugin from 'fastify-cors-policy'\napp.register(corsPlugin, { origin: ['${origin}'] })\n`)
  t.match(output, / {2}More {8}MissingAllowOriginHeader in (.*errors\.md)\n/)
  const [, file = ''] = /MissingAllowOriginHeader in (.*)/.exec(output) ?? []
  t.match(readFileSync(file, 'utf8'), '### MissingAllowOriginHeader', 'people who came by npx can open it')
})

t.test('every failure is named as its heading in the documentation is', async t => {
  const loop = await serve(t, (_request, response) => response.writeHead(302, { location: '/', 'access-control-allow-origin': '*' }).end())
  const proxy = await serve(t, (_request, response) => response.writeHead(407).end())
  for (const [name, url, page] of [
    ['BlockedPort', 'http://localhost:6000', origin],
    ['MixedContent', 'http://api.example.net', 'https://app.example.com'],
    ['TooManyRedirects', loop, origin],
    ['UnexpectedProxyAuthentication', proxy, origin]
  ] as const) t.match((await run(['check', url, '--origin', page])).output, ` More        ${name} in `, name)
})

t.test('--for writes the remedy for a server, and --json has its text', async t => {
  const url = await serve(t, (_request, response) => response.writeHead(404).end())
  const args = ['check', url, '--origin', origin, '--method', 'PUT', '-H', 'content-type: application/json', '--credentials']
  const unknown = await run(args)
  t.match(unknown.output, '\nWhat to send (--for writes it for a framework):\n\n# To the preflight')
  const express = await run([...args, '--for', 'Express'])
  t.match(express.output, '\nFor express:\n\n')
  const own = await run([...args, '--for', 'fastify-cors-policy'])
  t.match(own.output, '\nawait app.register(corsPlugin, {\n')
  t.equal(own.output.split('npm install fastify-cors-policy').length, 2, 'what to install is told once')
  const { exitCode, output, errors } = await run([...args, '--for', 'flask', '--json'])
  t.equal(exitCode, 1)
  t.equal(errors, '')
  t.match(JSON.parse(output), {
    allowed: false,
    reason: 'PreflightMissingAllowOriginHeader',
    notes: [{ code: 'preflight-not-handled' }],
    remedy: { for: 'flask', text: /flask_cors/, options: { origin: [origin], methods: ['GET', 'HEAD', 'POST', 'PUT'], allowedHeaders: ['content-type'], credentials: true } }
  })
})

t.test('a server that sends what it is told is allowed', async t => {
  let told = new Map<string, Array<[string, string]>>()
  const url = await serve(t, ({ method = '' }, response) => {
    for (const [name, value] of told.get(method === 'OPTIONS' ? 'preflight' : 'request') ?? []) response.setHeader(name, value)
    response.writeHead(method === 'OPTIONS' ? 204 : 200).end()
  })
  for (const more of [[], ['--credentials'], ['--method', 'DELETE'], ['--header', 'x-a: 1', '--credentials'], ['--method', 'PUT', '--header', 'authorization: x']]) {
    const args = ['check', url, '--origin', origin, ...more]
    told = new Map()
    const { output } = await run(args)
    for (const [, kind = '', block = ''] of output.matchAll(/^# To the (preflight|request).*\n((?:.+\n)+)/gm)) {
      told.set(kind, block.split('\n').filter(line => /^[A-Z].*: /.test(line)).map(line => line.split(': ')).map(([name = '', value = '']) => [name, value]))
    }
    t.equal((await run(args)).exitCode, 0, more.join(' '))
  }
})

t.test('the likeliest cause is told above the reason, and not twice', async t => {
  const url = await serve(t, (_request, response) => response.writeHead(401).end())
  const { output } = await run(['check', url, '--origin', origin, '--method', 'PUT'])
  t.match(output, /\nLook here first\n {2}A login answered the preflight with 401, .*\n {2}Let CORS come before authentication: .*\n\n✗ Blocked: PreflightMissingAllowOriginHeader\n/)
  t.equal(output.split('A login answered').length, 2)
})

t.test('what has no remedy in CORS gets none', async t => {
  const url = await serve(t, (_request, response) => response.writeHead(502).end())
  const { output } = await run(['check', url, '--origin', origin])
  t.match(output, 'Look into the log of the server')
  t.notMatch(output, 'corsPlugin')
  t.equal(JSON.parse((await run(['check', url, '--origin', origin, '--json'])).output).remedy, null)
})

t.test('the line that decided is marked', async t => {
  const lines: Array<[Record<string, string>, string[], string]> = [
    [{ 'access-control-allow-origin': '*' }, ['--credentials'], '  ▸ access-control-allow-origin: *\n'],
    [{ 'access-control-allow-origin': origin }, ['--credentials'], '  ▸ no Access-Control-Allow-Credentials\n'],
    [{ 'access-control-allow-origin': origin, 'access-control-allow-methods': 'GET' }, ['--method', 'PUT'], '  ▸ access-control-allow-methods: GET\n'],
    [{ 'access-control-allow-origin': origin, 'access-control-allow-headers': 'x-b' }, ['-H', 'x-a: 1'], '  ▸ access-control-allow-headers: x-b\n'],
    [{ vary: 'Accept' }, [], '  ▸ no Access-Control-Allow-Origin\n']
  ]
  for (const [headers, more, marked] of lines) {
    const url = await serve(t, (_request, response) => response.writeHead(204, headers).end())
    const { output } = await run(['check', url, '--origin', origin, ...more])
    t.match(output, marked)
    t.equal(output.split('▸').length, 2)
  }
  const failing = await serve(t, (_request, response) => response.writeHead(500, { 'access-control-allow-origin': '*' }).end())
  t.match((await run(['check', failing, '--origin', origin, '--method', 'PUT'])).output, '← 500 Internal Server Error  ◂\n')
  const redirecting = await serve(t, (_request, response) => response.writeHead(302, { 'access-control-allow-origin': '*', location: 'ftp://x.test' }).end())
  t.match((await run(['check', redirecting, '--origin', origin])).output, '  ▸ location: ftp://x.test\n')
})

t.test('a body goes with the request, and not with its preflight', async t => {
  const seen: string[] = []
  const url = await serve(t, (request, response) => {
    let length = 0
    request.on('data', (chunk: Buffer) => { length += chunk.length }).on('end', () => {
      seen.push(`${request.method} ${length} ${request.headers['content-type'] ?? '-'}`)
      response.writeHead(200, { 'access-control-allow-origin': '*', 'access-control-allow-headers': 'content-type', 'access-control-allow-methods': 'PUT' }).end()
    })
  })
  const file = join(t.testdir({ 'body.json': '{"a":1}' }), 'body.json')
  for (const more of [['--data', 'hello'], ['--data', `@${file}`, '-H', 'content-type: application/json'], ['--body-size', '100000', '--method', 'PUT'], ['--body-size', '0'], ['--data', '@/dev/null']]) {
    const { exitCode, errors } = await run(['check', url, '--origin', origin, ...more])
    t.equal(exitCode, 0, errors)
  }
  t.strictSame(seen, [
    'POST 5 text/plain;charset=UTF-8', 'OPTIONS 0 -', 'POST 7 application/json', 'OPTIONS 0 -', 'PUT 100000 -', 'POST 0 -', 'POST 0 -'
  ])
})

t.test('a body that is too large for the server is told, and an upload that is followed asks first', async t => {
  const limited = createApp({ origin }, { bodyLimit: 1000 })
  limited.addContentTypeParser('*', (_request, payload, done) => { payload.resume().on('end', () => { done(null) }) })
  limited.post('/', async () => 'x')
  const server = await limited.listen({ port: 0, host: '127.0.0.1' })
  t.teardown(() => limited.close())
  const { output } = await run(['check', server, '--origin', origin, '--data', 'a'.repeat(2000), '-H', 'content-type: text/plain'])
  t.match(output, '← 413 Payload Too Large')
  const proxy = await serve(t, (request, response) => {
    response.writeHead(413, { connection: 'close' }).end()
    request.destroy()
  })
  const large = await run(['check', proxy, '--origin', origin, '--body-size', '3000000'])
  t.match(large.output, 'the body is too large for the server or a proxy')
  t.match((await run(['check', proxy, '--origin', origin, '--upload', '--credentials'])).output, / with credentials, following the upload\n\n→ OPTIONS /)
})

t.test('what surprises in an allowed answer is told', async t => {
  const url = await serve(t, (_request, response) => response.writeHead(200, { 'access-control-allow-origin': '*', 'x-total-count': '3' }).end())
  const { exitCode, output } = await run(['check', url, '--origin', 'http://localhost:5173'])
  t.equal(exitCode, 0)
  t.match(output, /^ {2}But {9}The answer has X-Total-Count, which the page can't read/m)
})

t.test('with credentials, a login that refuses is told to have got no cookies', async t => {
  const cors = { 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true' }
  const url = await serve(t, ({ url }, response) => {
    if (url === '/session') response.writeHead(302, { location: '/login' }).end()
    else response.writeHead(url === '/public' ? 200 : 401, url === '/closed' ? {} : cors).end()
  })
  const line = /^ {2}Cookies {5}None were sent: the command has no session\./m
  for (const path of ['/readable', '/closed', '/session']) {
    t.match((await run(['check', url + path, '--origin', origin, '--credentials'])).output, line, path)
    t.notMatch((await run(['check', url + path, '--origin', origin])).output, line, path)
  }
  t.notMatch((await run(['check', `${url}/public`, '--origin', origin, '--credentials'])).output, line)
})

t.test('an error that the page gets is allowed, and told', async t => {
  const url = await serve(t, (request, response) => response.writeHead(request.url === '/odd' ? 599 : 404, { 'access-control-allow-origin': '*' }).end())
  t.match(await run(['check', url, '--origin', origin]), { exitCode: 0, output: /\n✓ Allowed: the page gets the answer, which is an error \(404 Not Found\)\n/ })
  t.match((await run(['check', `${url}/odd`, '--origin', origin])).output, 'an error (599)\n')
})

t.test('it reads well at 60 columns, and where a terminal gives its width as 0', async t => {
  const url = await serve(t, (_request, response) => response.writeHead(401, { 'access-control-expose-headers': 'X-Request-Id, X-Total-Count, X-Rate-Limit, X-Page' }).end())
  const args = ['check', url, '--origin', origin, '--method', 'PUT', '--no-color']
  const narrow = await run(args, { isTTY: true, columns: 60 })
  t.notMatch(narrow.output, '\x1b')
  const [report = ''] = narrow.output.split('\nWhat to send')
  for (const line of report.split('\n')) t.ok(line.length <= 60, line)
  t.match((await run(args, { isTTY: true, columns: 0 })).output, (await run(args, { isTTY: true, columns: 110 })).output)
  t.match((await run(args, { isTTY: true, columns: 30 })).output, '\n  Why\n    The answer to the')
})
