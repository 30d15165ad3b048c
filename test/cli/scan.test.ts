import type { IncomingMessage, RequestListener } from 'node:http'
import t, { type Test } from 'tap'
import { type ProbeAnswer, isGranted, probesFor } from '../../lib/cli/scan/probes.js'
import { type Finding, findingsOf, texts } from '../../lib/cli/scan/findings.js'
import { run, serve } from './terminal.js'
import { createApp } from '../helpers.js'

/** A server that lets in what a function says, as careless ones do. */
function careless (allows: (origin: string) => boolean, { credentials = false, vary = true } = {}): RequestListener {
  return ({ headers: { origin = '' }, method }, response) => {
    if (vary) response.setHeader('vary', 'Origin')
    if (allows(origin)) {
      response.setHeader('access-control-allow-origin', origin)
      if (credentials) response.setHeader('access-control-allow-credentials', 'true')
    }
    response.writeHead(method === 'OPTIONS' ? 204 : 200).end()
  }
}

async function findingsAt (t: Test, listener: RequestListener, known?: string): Promise<Finding[]> {
  const url = await serve(t, listener)
  const { exitCode, output } = await run(['scan', url, '--json', ...known === undefined ? [] : ['--origin', known]])
  const { findings } = JSON.parse(output) as { findings: Finding[] }
  t.equal(exitCode, findings.some(({ severity }) => severity !== 'note') ? 1 : 0)
  return findings
}

async function codesAt (t: Test, listener: RequestListener, known?: string): Promise<string[]> {
  return (await findingsAt(t, listener, known)).map(({ code }) => code)
}

const known = 'https://api.shop.example.com'

t.test('what is tried is made from the name of an origin that may be allowed', t => {
  const probed = probesFor(`${known}:8443`).map(({ kind, method, origin }) => `${kind} ${method} ${origin}`)
  t.strictSame(probed, [
    'none GET null',
    'own GET https://api.shop.example.com:8443',
    'stranger GET https://stranger.example',
    'null GET null',
    'prefix GET https://api.shop.example.com.stranger.example',
    'odd-character GET https://api.shop.example.com_.stranger.example',
    'odd-character GET https://api.shop.example.com!.stranger.example',
    'odd-character GET https://api.shop.example.com`.stranger.example',
    'suffix GET https://strangerexample.com:8443',
    'dot GET https://apixshop.example.com:8443',
    'insecure GET http://api.shop.example.com:8443',
    'subdomain GET https://stranger.api.shop.example.com:8443',
    'subdomain GET https://strangerapi.shop.example.com:8443',
    'preflight-stranger OPTIONS https://stranger.example',
    'preflight-null OPTIONS null'
  ])
  t.equal(probed.length, 15)
  t.end()
})

t.test('a name that has no look-alikes is not made one', t => {
  const kindsOf = (origin: string): string[] => probesFor(origin).slice(4, -2).map(({ kind, origin }) => `${kind} ${origin}`)
  t.strictSame(kindsOf('chrome-extension://abc'), [])
  t.strictSame(kindsOf('null'), [])
  t.strictSame(kindsOf('http://[::1]:3000'), [])
  t.strictSame(kindsOf('http://localhost:3000').slice(4), ['suffix http://strangerlocalhost:3000', 'subdomain http://stranger.localhost:3000'])
  t.strictSame(kindsOf('http://10.0.0.1').slice(4), [], 'what ends with a number is an address')
  t.end()
})

t.test('every careless comparison is found by its name, and nothing else', async t => {
  const cases: Array<[string, (origin: string) => boolean, string[]]> = [
    ['reflection', () => true, ['any-origin-reflected', 'null-origin']],
    ['null', origin => origin === 'null', ['null-origin']],
    ['startsWith', origin => origin.startsWith(known), ['name-as-prefix']],
    ['endsWith', origin => origin.endsWith('example.com'), ['name-as-suffix', 'insecure-origin']],
    ['an unescaped dot', origin => /^https:\/\/api.shop\.example\.com$/.test(origin), ['unescaped-dot']],
    ['a parser of its own', origin => /^https:\/\/api\.shop\.example\.com([^.]|$)/.test(origin), ['odd-character']],
    ['http', origin => /^https?:\/\/api\.shop\.example\.com$/.test(origin), ['insecure-origin']],
    ['subdomains', origin => /^https:\/\/([a-z]+\.)*shop\.example\.com$/.test(origin), ['any-subdomain']],
    ['one origin', origin => origin === known, []]
  ]
  for (const [name, allows, expected] of cases) t.strictSame(await codesAt(t, careless(allows), known), expected, name)
})

t.test('a URL whose answers tell nothing is not said to be safe', async t => {
  for (const [status, headers, words] of [
    [503, {}, 'was 503, without a CORS header. Scan a URL that answers GET without a login'],
    [401, {}, 'was 401'],
    [404, { vary: 'Accept-Encoding' }, 'was 404'],
    [302, { location: '/login' }, 'It redirects to /login: scan that']
  ] as const) {
    const url = await serve(t, ({ method }, response) => response.writeHead(method === 'OPTIONS' ? 405 : status, headers).end())
    const { exitCode, output, errors } = await run(['scan', url])
    t.equal(exitCode, 2, String(status))
    t.equal(output, '')
    t.match(errors, /^Error: Nothing could be tested: every answer to GET /)
    t.match(errors, words)
  }
  for (const headers of [{ vary: 'Origin' }, { 'access-control-allow-origin': known }]) {
    const url = await serve(t, (_request, response) => response.writeHead(401, headers).end())
    t.match((await run(['scan', url])).output, '✓ Nothing found', 'a CORS layer came first')
  }
  const url = await serve(t, (_request, response) => response.writeHead(200).end())
  t.equal((await run(['scan', url])).exitCode, 0)
})

t.test('credentials make it worse, and it says so', async t => {
  for (const [credentials, severity, words] of [[false, 'medium', 'No cookies are let in'], [true, 'high', 'Worse, since credentials are let in']] as const) {
    const [finding] = await findingsAt(t, careless(origin => origin === 'null', { credentials }))
    t.match(finding, { code: 'null-origin', severity, credentials, origin: 'null' })
    t.ok(finding?.withCredentials.startsWith(words))
  }
})

t.test('a preflight that lets in whom the answer does not is found', async t => {
  const preflightOnly = (allowed: string, status = 204): RequestListener => ({ method, headers: { origin = '' } }, response) => {
    if (method !== 'OPTIONS') return response.end()
    response.writeHead(status, { 'access-control-allow-origin': allowed === 'any' ? origin : allowed }).end()
  }
  t.strictSame(await codesAt(t, preflightOnly('any')), ['preflight-any-origin'])
  t.strictSame(await codesAt(t, preflightOnly('*')), ['preflight-any-origin'])
  t.strictSame(await codesAt(t, preflightOnly('null')), ['preflight-null-origin'])
  t.strictSame(await codesAt(t, preflightOnly('*', 403)), [], 'a status that no preflight passes with')
})

t.test('* is worth a note, and with credentials a finding', async t => {
  const open = (more: Record<string, string>): RequestListener => (_request, response) => {
    response.writeHead(200, { 'access-control-allow-origin': '*', ...more }).end()
  }
  const [note, ...others] = await findingsAt(t, open({}))
  t.match(note, { code: 'any-origin', severity: 'note', origin: '*' })
  t.strictSame(others, [])
  t.strictSame(await codesAt(t, open({ 'access-control-allow-credentials': 'true' })), ['wildcard-with-credentials'])
})

t.test('an answer that depends on the origin has to say so', async t => {
  t.strictSame(await codesAt(t, careless(origin => origin === known, { vary: false }), known), ['vary-missing'])
  t.strictSame(await codesAt(t, (_request, response) => { response.writeHead(200, { 'access-control-allow-origin': known }).end() }, known), [])
  const answer: ProbeAnswer = {
    probe: { kind: 'own', method: 'GET', origin: known }, status: 200, allowOrigin: known, credentials: true, vary: null, location: null
  }
  t.ok(isGranted(answer))
  const without: ProbeAnswer = { ...answer, probe: { kind: 'none', method: 'GET', origin: null }, allowOrigin: null, credentials: false }
  t.notOk(isGranted(without))
  t.match(findingsOf([answer, without]), [{ code: 'vary-missing', severity: 'medium', origin: null }])
  t.end()
})

t.test('a server with this plugin has nothing to be found', async t => {
  const app = createApp({ origin: known, credentials: true })
  app.get('/', () => '')
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  t.teardown(() => app.close())
  const { exitCode, output } = await run(['scan', url, '--origin', known])
  t.equal(exitCode, 0)
  t.ok(output.endsWith('\n\n✓ Nothing found\n'))
  t.match(output, /^ {2}GET {5}https:\/\/api\.shop\.example\.com +200 {2}https:\/\/api\.shop\.example\.com with credentials$/m)
  t.match(output, /^ {2}OPTIONS null +403 {2}–$/m)
  t.notMatch(output, '--origin')
})

t.test('look-alikes of an origin that is not let in itself tell little, which is said', async t => {
  for (const [allowOrigin, isSaid] of [[() => null, true], [() => known, true], [(origin?: string) => origin ?? null, false], [() => '*', false]] as const) {
    const url = await serve(t, ({ headers: { origin } }, response) => {
      const granted = allowOrigin(origin)
      response.writeHead(200, granted === null ? {} : { 'access-control-allow-origin': granted }).end()
    })
    const { output } = await run(['scan', url])
    t.equal(output.includes(`\n${url} itself is not let in, so that its look-alikes tell little: give an origin that is, with --origin\n`), isSaid)
  }
})

t.test('requests come one after the other, to the given URL only, without its fragment', async t => {
  const seen: IncomingMessage[] = []
  let open = 0
  const url = await serve(t, (request, response) => {
    seen.push(request)
    t.equal(++open, 1)
    setImmediate(() => {
      open--
      response.writeHead(302, { location: '/\x9belsewhere', vary: 'Origin' }).end()
    })
  })
  const { exitCode, output } = await run(['scan', `${url}/a?b#c`])
  t.equal(exitCode, 0)
  t.ok(seen.length <= 15)
  t.ok(seen.every(request => request.url === '/a?b'))
  t.strictSame(seen.filter(({ method }) => method === 'OPTIONS').map(({ headers }) => headers['access-control-request-method']), ['PUT', 'PUT'])
  t.match(output, 'It redirects to /\\u009belsewhere, which was not scanned\n')
})

t.test('the report has the worst first, each with its risk and its fix', async t => {
  const url = await serve(t, ({ headers: { origin } }, response) => {
    response.writeHead(200, { 'access-control-allow-origin': origin ?? '*', 'access-control-allow-credentials': 'true' }).end()
  })
  const { exitCode, output } = await run(['scan', url])
  t.equal(exitCode, 1)
  const titles = [...output.matchAll(/^(high|medium|low|note) +(\S+)/gm)].map(([, severity, code]) => `${severity} ${code}`)
  t.strictSame(titles, ['high any-origin-reflected', 'high null-origin', 'medium vary-missing', 'low wildcard-with-credentials'])
  t.match(output, '    Found   The server lets in whatever origin asks.\n    Attack  Any page that a user visits can call this URL')
  t.match(output, '            Worse, since credentials are let in')
  t.match(output, '    Fix     List the origins that may call, origin: [\'https://app.example.com\']')
  t.ok(output.endsWith('✗ 4 findings\n'))
})

t.test('one finding is one finding, a note is none, and an empty header is shown', async t => {
  const one = await serve(t, careless(origin => origin === 'null'))
  t.ok((await run(['scan', one])).output.endsWith('✗ 1 finding\n'))
  const note = await serve(t, (_request, response) => { response.writeHead(200, { 'access-control-allow-origin': '*' }).end() })
  const { output } = await run(['scan', note])
  t.match(output, /^note {4}any-origin {2}\*$/m)
  t.ok(output.endsWith('✓ Nothing found\n'))
  const empty = await serve(t, (_request, response) => { response.writeHead(200, { 'access-control-allow-origin': '' }).end() })
  t.match((await run(['scan', empty])).output, /^ {2}GET {5}null +200 {2}\(empty\)$/m)
})

t.test('every text begins like a sentence, and leaves its full stop to the report', t => {
  for (const [code, { message, attack, fix, credentials }] of Object.entries(texts)) {
    for (const text of [message, attack, fix, ...credentials.filter(text => text !== '')]) t.match(text, /^[A-Z].*[^.]$/, code)
  }
  t.end()
})

t.test('where the table is too wide for a terminal, each answer has two lines', async t => {
  const url = await serve(t, careless(origin => origin.endsWith('example.com'), { credentials: true }))
  const args = ['scan', url, '--origin', 'https://app.example.com', '--no-color']
  const { output } = await run(args, { isTTY: true, columns: 60 })
  for (const line of output.split('\n')) t.ok(line.length <= 60, line)
  t.match(output, '\n  GET     https://strangerexample.com\n      200  https://strangerexample.com with credentials\n')
  t.match((await run(args)).output, /\n {2}GET {5}https:\/\/strangerexample\.com +200 {2}https:\/\/strangerexample\.com with credentials\n/)
  t.equal((await run(args, { isTTY: true, columns: 0 })).output, (await run(args, { isTTY: true, columns: 110 })).output)
})
