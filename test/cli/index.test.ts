import t from 'tap'
import { main } from '../../lib/cli/index.js'
import { run, serve } from './terminal.js'

t.test('the help names every command, and is asked for in three ways', async t => {
  for (const word of ['help', '--help', '-h']) {
    const { exitCode, output, errors } = await run([word])
    t.equal(exitCode, 0)
    for (const name of ['check <url>', 'scan <url>', 'routes <file>']) t.ok(output.includes(name), name)
    t.equal(errors, '')
  }
})

t.test('every command has a help of its own, with its options, exit codes and an example', async t => {
  for (const [name, option] of [['check', '--header \'<name>: <value>\' …'], ['scan', '--origin <origin>'], ['routes', '--json']] as const) {
    for (const asked of ['--help', '-h']) {
      const { exitCode, output } = await run([name, asked])
      t.equal(exitCode, 0)
      t.ok(output.startsWith(`Usage: fastify-cors-policy ${name} <`))
      for (const part of [option, '-h, --help', '  2  wrong usage, or no answer', 'Examples:']) t.ok(output.includes(part), part)
    }
  }
  t.match((await run(['check', '--help'])).output, /^Usage: fastify-cors-policy check <url> --origin <origin> \[options\]\n/)
})

t.test('the help keeps to the width of a terminal', async t => {
  for (const args of [['--help'], ['check', '--help'], ['inspect', '--help'], ['scan', '--help'], ['routes', '--help']]) {
    const { output } = await run(args, { isTTY: true, columns: 60, env: { NO_COLOR: '1' } })
    for (const line of output.split('\n')) t.ok(line.length <= 60, line)
  }
  const { output } = await run(['check', '--help'], { isTTY: true, columns: 60 })
  t.match(output, '  fastify-cors-policy check http://localhost:3000/users \\\n      --origin http://localhost:5173\n', 'a shell takes it')
})

t.test('an error keeps to the width of a terminal, and to its lines elsewhere', async t => {
  const args = ['check', 'http://localhost', '--origin', 'app.example.com', '--no-color']
  const { errors } = await run(args, { isTTY: true, columns: 60 })
  for (const line of errors.split('\n')) t.ok(line.length <= 60, line)
  t.match((await run(args)).errors, /^Error: .* Did you mean https:\/\/app\.example\.com\?\n/)
})

t.test('wrong usage is told on stderr, with the exit code 2', async t => {
  const origin = ['--origin', 'https://page.example']
  const wrong: Array<[string[], string]> = [
    [[], 'name a command: check, inspect, scan, routes, migrate'],
    [['chekc'], 'unknown command "chekc": the commands are check, inspect, scan, routes, migrate. Did you mean check?'],
    [['check'], '<url> is missing: the URL that the page calls'],
    [['check', 'http://localhost'], '--origin is missing: the origin of the page'],
    [['check', 'http://localhost', 'http://other', ...origin], 'check takes one <url>; "http://other" is one too many'],
    [['check', 'http://localhost', ...origin, '--methd', 'PUT'], 'unknown option --methd. Did you mean --method?'],
    [['check', 'http://localhost', '--origin'], '--origin needs a value\n'],
    [['check', 'http://localhost', ...origin, '--body-size', '-1'], '--body-size needs a value; one that begins with a hyphen is written --body-size=-1\n'],
    [['check', 'http://localhost', '--origin', '--credentials'], '--origin needs a value; one that begins with a hyphen is written --origin=-1\n'],
    [['check', 'http://localhost', ...origin, '--credentials=yes'], "Option '--credentials' does not take an argument\n"],
    [['check', 'http://localhost', ...origin, '-H'], '--header needs a value\n'],
    [['check', 'http://localhost', ...origin, '--timeout', '1s'], '--timeout takes milliseconds, a whole number from 1 to 2147483647, not "1s"'],
    [['check', 'http://localhost', ...origin, '--timeout', '0'], 'not "0"'],
    [['check', 'http://localhost', ...origin, '--timeout', '2147483648'], 'not "2147483648"'],
    [['check', 'http://localhost:99999/a', ...origin], 'port 99999 is too large: ports end at 65535'],
    [['check', 'localhost:65536', ...origin], 'port 65536 is too large'],
    [['check', 'http://localhost', '--origin', 'http://localhost:99999'], 'port 99999 is too large'],
    [['check', 'http://localhost', '--origin', 'file:///home/me/a.html'], 'of a local file they send null. Did you mean null?'],
    [['check', 'http://localhost', '-origin', 'http://localhost'], 'unknown option -o. Did you mean --origin?'],
    [['check', 'http://localhost', ...origin, '-v'], 'unknown option -v. Did you mean --version?'],
    [['check', 'localhost:3000/a', ...origin], '"localhost:3000/a" is not an http: or https: URL. Did you mean http://localhost:3000/a?'],
    [['check', 'http://[', ...origin], '"http://[" is not an http: or https: URL\n'],
    [['check', 'ftp://x', ...origin], '"ftp://x" is not an http: or https: URL\n'],
    [['check', 'ws://localhost:3000/chat', ...origin], 'a WebSocket needs no CORS: its server decides by Origin itself'],
    [['check', 'http://me:secret@localhost', ...origin], 'a page can\'t call a URL that contains a user name or password'],
    [['check', 'http://localhost', '--origin', 'app.example.com'], 'such as https://app.example.com. Did you mean https://app.example.com?'],
    [['check', 'http://localhost', '--origin', 'HTTPS://App.example/x'], 'Did you mean https://app.example?'],
    [['check', 'http://localhost', '--origin', 'a b'], '"a b" is not an origin as browsers send it, such as https://app.example.com\n'],
    [['check', 'http://localhost', ...origin, '--header', 'Accept'], '--header takes \'name: value\', not "Accept"'],
    [['check', 'http://localhost', ...origin, '--header', 'a b: c'], 'not a header name: a b'],
    [['check', 'http://localhost', ...origin, '--method', 'TRACE'], 'fetch() refuses the method TRACE'],
    [['check', 'http://localhost', ...origin, '--for', 'djagno'], 'not "djagno". Did you mean django?'],
    [['check', 'http://localhost', ...origin, '--for', 'cobol'], 'not "cobol"\n'],
    [['check', 'http://localhost', ...origin, '--zzz'], 'unknown option --zzz\n'],
    [['check', 'http://localhost', ...origin, '--data', 'a', '--method', 'get'], 'fetch() refuses a body with GET'],
    [['check', 'http://localhost', ...origin, '--data', 'a', '--body-size', '1'], '--data and --body-size exclude each other'],
    [['check', 'http://localhost', ...origin, '--data', '@no/such/file'], '--data: there is no file no/such/file'],
    [['check', 'http://localhost', ...origin, '--data', '@.'], '--data can\'t read the file .: EISDIR'],
    [['check', 'http://localhost', ...origin, '--body-size', '1k'], '--body-size takes bytes'],
    [['--verison'], 'unknown command "--verison": the commands are check, inspect, scan, routes, migrate. Did you mean --version?'],
    [['rou'], 'Did you mean routes?'],
    [['sacn'], 'Did you mean scan?'],
    [[''], 'unknown command ""'],
    [['scan'], '<url> is missing'],
    [['routes'], '<file> is missing']
  ]
  for (const [args, message] of wrong) {
    const { exitCode, output, errors } = await run(args)
    t.equal(exitCode, 2, args.join(' '))
    t.equal(output, '')
    t.ok(errors.startsWith('Error: ') && errors.includes(message), errors)
    t.match(errors, /\nfastify-cors-policy( \w+)? --help says more\.\n$/)
  }
})

t.test('with --json, an error is a document on stdout too', async t => {
  const { exitCode, output, errors } = await run(['check', 'nowhere', '--json'])
  t.equal(exitCode, 2)
  t.match(JSON.parse(output), { error: { code: 'usage', message: '--origin is missing' } })
  t.match(errors, /^Error: --origin is missing/)
})

t.test('an error of the command itself is told with its place, and is not taken for a verdict', async t => {
  let errors = ''
  const io = { stdout: { write: () => { throw new Error('disk full') } }, stderr: { write: (text: string) => { errors += text } }, env: {}, once: () => {} }
  t.equal(await main(['help'], io), 2)
  t.match(errors, /disk full\n.* at /)
})

t.test('colours are for terminals that want them', async t => {
  const url = await serve(t, (_request, response) => response.end())
  const args = ['check', url, '--origin', 'https://page.example']
  const coloured = '\x1b[31m✗ Blocked: MissingAllowOriginHeader\x1b[39m'
  t.ok((await run(args, { isTTY: true })).output.includes(coloured))
  t.ok((await run(args, { isTTY: true, env: { NO_COLOR: '' } })).output.includes(coloured), 'an empty NO_COLOR says nothing')
  for (const settings of [{ isTTY: false }, { isTTY: true, env: { NO_COLOR: '1' } }, { isTTY: true, env: { TERM: 'dumb' } }]) {
    const { output } = await run(args, settings)
    t.notOk(output.includes('\x1b'))
    t.ok(output.includes('✗ Blocked: MissingAllowOriginHeader'))
  }
})

t.test('a text is not broken where no terminal is', async t => {
  const url = await serve(t, (_request, response) => response.end())
  const args = ['check', url, '--origin', 'https://page.example']
  const why = /^ {2}Why {9}The answer to GET .* may not read it\.$/m
  t.match((await run(args)).output, why)
  t.notMatch((await run(args, { isTTY: true, columns: 80, env: { NO_COLOR: '1' } })).output, why)
})

t.test('the version is that of the package, wherever it is asked for', async t => {
  for (const args of [['--version'], ['check', '--version'], ['routes', 'x', '--version']]) {
    const { exitCode, output } = await run(args)
    t.equal(exitCode, 0)
    t.match(output, /^\d+\.\d+\.\d+\n$/)
  }
})

t.test('--no-color is NO_COLOR', async t => {
  t.ok((await run(['help'], { isTTY: true })).output.includes('\x1b'))
  t.notOk((await run(['help', '--no-color'], { isTTY: true })).output.includes('\x1b'))
})

t.test('no server writes to the terminal, in JSON neither', async t => {
  const evil = 'a\u009b31m\u202e'
  const url = await serve(t, (_request, response) => response.writeHead(200, { 'access-control-allow-origin': 'a\x9b31m' }).end())
  for (const more of [[], ['--json']]) {
    const { output } = await run(['check', url, '--origin', 'https://page.example', ...more])
    t.notMatch(output, '\x9b')
  }
  const { errors, output } = await run(['check', evil, '--origin', 'https://page.example', '--json'])
  for (const text of [errors, output]) t.notMatch(text, /[\u009b\u202e]/)
  t.match(JSON.parse(output).error.message, evil, 'JSON says the same')
})
