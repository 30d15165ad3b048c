import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:https'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import t from 'tap'
import { noAnswer } from '../../lib/cli/send.js'
import { selfSigned } from './fixtures/self-signed.js'
import { listen, run, serve } from './terminal.js'

const origin = ['--origin', 'https://page.example']

t.test('a port where nothing listens is told', async t => {
  const server = createTcpServer().listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  for (const command of [['check', ...origin], ['scan']]) {
    const { exitCode, errors } = await run([...command, `http://127.0.0.1:${port}/`])
    t.equal(exitCode, 2)
    t.equal(errors, `Error: No answer from http://127.0.0.1:${port}/: nothing listens at 127.0.0.1:${port}. Is the server running, and on that port?\n`)
  }
})

t.test('a server that does not answer in time is not waited for', async t => {
  const url = await serve(t, () => {})
  const { exitCode, errors, output } = await run(['check', url, ...origin, '--timeout', '50', '--json'])
  t.equal(exitCode, 2)
  t.match(errors, /127\.0\.0\.1:\d+ did not answer within 50 ms\. --timeout waits longer\n$/)
  t.equal(JSON.parse(output).error.code, 'timeout')
  const asked = await run(['check', url, ...origin, '--method', 'PUT', '--timeout', '50'])
  t.match(asked.errors, / did not answer the preflight within 50 ms/)
})

t.test('a certificate that nobody vouches for is refused, as browsers do', async t => {
  const url = await listen(t, createServer(selfSigned), 'https')
  const { exitCode, errors, output } = await run(['check', url, ...origin, '--json'])
  t.equal(exitCode, 2)
  t.match(errors, 'is not trusted, and browsers do not trust it either. If you made it yourself, put NODE_EXTRA_CA_CERTS=ca.pem')
  t.equal(JSON.parse(output).error.code, 'tls')
})

t.test('https: where http: is spoken, and the other way round, are told', async t => {
  const plain = await serve(t, (_request, response) => response.end())
  t.match((await run(['check', plain.replace('http:', 'https:'), ...origin])).errors, 'does not speak TLS, or only an outdated version. Is it http: there?')
  const encrypted = await listen(t, createServer(selfSigned))
  t.match((await run(['check', encrypted, ...origin])).errors, 'closed the connection without an answer. Is it https: there?')
})

t.test('an answer that is not HTTP is told, with the code of Node', async t => {
  const server = createTcpServer(socket => socket.end('SSH-2.0-OpenSSH_9.6\r\n')).listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  t.teardown(() => server.close())
  const { port } = server.address() as AddressInfo
  const { exitCode, errors } = await run(['check', `http://127.0.0.1:${port}`, ...origin])
  t.equal(exitCode, 2)
  t.match(errors, /what listens at 127\.0\.0\.1:\d+ does not speak HTTP\/1\.1, or breaks its rules \(HPE_\w+\)\n$/)
})

t.test('a header that Node does not send is told', async t => {
  const url = await serve(t, (_request, response) => {
    response.writeHead(204, { 'access-control-allow-origin': '*', 'access-control-allow-headers': 'accept' }).end()
  })
  const { exitCode, errors } = await run(['check', url, ...origin, '--header', 'accept: a\x01'])
  t.equal(exitCode, 2)
  t.match(errors, 'Invalid character in header content ["accept"] (ERR_INVALID_CHAR)')
})

t.test('every failure has a code for programs and a reason for people', t => {
  const reasons: Array<[string, string, RegExp]> = [
    ['ENOTFOUND', 'name-not-found', /the name shop\.example has no address$/],
    ['EAI_AGAIN', 'name-not-found', /has no address$/],
    ['ECONNRESET', 'hung-up', /shop\.example:8443 closed the connection without an answer$/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls', /the certificate does not name shop\.example$/],
    ['CERT_HAS_EXPIRED', 'tls', /has expired, or is not valid yet$/],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls', /NODE_EXTRA_CA_CERTS/],
    ['EHOSTUNREACH', 'no-answer', /: it went wrong \(EHOSTUNREACH\)$/]
  ]
  for (const [code, expected, message] of reasons) {
    const error = noAnswer(Object.assign(new Error('it went wrong'), { code }), new URL('https://shop.example:8443/a'), 10)
    t.equal(error.code, expected)
    t.match(error.message, message)
    t.ok(error.message.startsWith('No answer from https://shop.example:8443/a: '))
  }
  t.match(noAnswer('a text', new URL('http://a.example'), 10).message, /: a text$/)
  t.end()
})

t.test('a server that refuses a large body and hangs up has answered', async t => {
  // In a process of its own: only then its answer and its reset arrive while the body is being written.
  const child = spawn(process.execPath, ['-e', `require('node:http').createServer((request, response) => {
    response.writeHead(413, { connection: 'close' }).end()
    request.destroy()
  }).listen(0, '127.0.0.1', function () { console.log(this.address().port) })`], { stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => child.kill())
  const [port] = await once(child.stdout, 'data')
  for (let attempt = 0; attempt < 8; attempt++) {
    const { exitCode, output } = await run(['check', `http://127.0.0.1:${String(port).trim()}`, ...origin, '--body-size', '3000000'])
    t.equal(exitCode, 1)
    t.match(output, 'the body is too large for the server or a proxy')
  }
})
