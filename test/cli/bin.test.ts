import { execFile } from 'node:child_process'
import { createServer, type AddressInfo } from 'node:net'
import { join, relative } from 'node:path'
import t, { type Test } from 'tap'

const bin = join(__dirname, '..', '..', 'lib', 'cli', 'bin.ts')

/** Starts the command as a program of its own, from its source. */
function start (args: readonly string[]): Promise<{ exitCode: unknown, output: string, errors: string }> {
  return new Promise(resolve => {
    execFile(process.execPath, [...process.execArgv, bin, ...args], (error, output, errors) => {
      resolve({ exitCode: error === null ? 0 : error.code, output, errors })
    })
  })
}

t.test('the program ends with the exit code, whatever a loaded file has left running', async t => {
  const file = join(t.testdir({ 'app.cjs': 'setInterval(() => {}, 1000)\nmodule.exports = async app => { app.get("/", () => "") }\n' }), 'app.cjs')
  const { exitCode, output } = await start(['routes', file, '--json'])
  t.equal(exitCode, 0)
  t.strictSame(JSON.parse(output), { routes: [{ method: 'GET', url: '/', source: 'none', policy: false }], findings: [] })
})

t.test('the program fails with 2 where it is used wrongly', async t => {
  const { exitCode, output, errors } = await start(['check'])
  t.equal(exitCode, 2)
  t.equal(output, '')
  t.match(errors, /<url> is missing/)
})

/** Starts `routes` on a program of a project that has the plugin. */
async function startProject (t: Test, source: string, ...options: string[]): ReturnType<typeof start> {
  const library = JSON.stringify(join(__dirname, '..', '..', 'lib', 'index.js'))
  const folder = t.testdir({
    'app.cjs': `const app = require('fastify')()\n${source}`,
    node_modules: { 'fastify-cors-policy': { 'index.js': `module.exports = require(${library})` } }
  })
  return await start(['routes', join(folder, 'app.cjs'), ...options])
}

t.test('a program that does not start is told why, however it ends', async t => {
  const taken = createServer()
  await new Promise<void>(resolve => taken.listen(0, '127.0.0.1', resolve))
  t.teardown(() => taken.close())
  const { port } = taken.address() as AddressInfo
  const refused = 'app.register(require("fastify-cors-policy"), { origin: "https://a.example/" })'
  const programs: Array<[string, string, RegExp]> = [
    [`${refused}; app.listen({ port: 0 }).catch(() => process.exit(1))`, 'FST_CORS_INVALID_OPTIONS', /app\.cjs does not boot: .*ends with a slash/s],
    [`require('node:http').createServer().listen(${port}, '127.0.0.1'); app.listen({ port: 0 })`, 'port-taken', /opens a port that is taken: .*EADDRINUSE/],
    [';(async () => { throw new Error("no database") })()', 'not-booted', /does not boot: no database/],
    ['app.log.error("no key"); process.exit(3)', 'exited', /app\.cjs ended itself, process\.exit\(3\), before its routes were known/]
  ]
  for (const [source, code, message] of programs) {
    const { exitCode, output, errors } = await startProject(t, source, '--json')
    t.equal(exitCode, 2, errors)
    t.equal(JSON.parse(output).error.code, code)
    t.match(errors, message)
  }
})

t.test('a program that neither exports nor listens is shown once it has nothing left to do', async t => {
  const { exitCode, output, errors } = await startProject(t, 'app.get("/users", () => "")')
  t.equal(exitCode, 0, errors)
  t.match(output, /^GET +\/users/m)
  const empty = await start(['routes', join(t.testdir({ 'empty.cjs': '' }), 'empty.cjs')])
  t.equal(empty.exitCode, 2)
  t.match(empty.errors, 'empty.cjs exports no Fastify plugin and no instance')
})

t.test('only the report is on stdout, whatever a loaded program prints and logs; warnings of the plugin are in the report', async t => {
  const { output, errors } = await startProject(t, `console.log('hello')
    const logging = require('fastify')({ logger: true })
    logging.log.info('logged')
    process.emitWarning('old')
    app.addHook('onRequest', async (request, reply) => { if (request.method === 'OPTIONS') await reply.code(401).send() })
    app.register(require('fastify-cors-policy'), { origin: origin => origin === 'https://a.example' })
    app.put('/users', () => '')
    module.exports = app`, '--json')
  t.match(JSON.parse(output), { findings: [{ code: 'method-not-allowed' }] })
  for (const printed of ['hello\n', '"msg":"logged"', 'Warning: old']) t.match(errors, printed)
  t.notMatch(errors, 'CorsWarning')
})

t.test('the published program loads the proxy and its event stream for inspect alone', t => {
  const root = join(__dirname, '..', '..')
  const script = `process.argv[2] = '--version'
    require(${JSON.stringify(join(root, 'dist', 'cli.js'))})
    process.on('exit', () => { for (const path of Object.keys(require.cache)) console.log(path) })`
  execFile(process.execPath, ['-e', script], (error, _output, errors) => {
    t.equal(error, null)
    const loaded = errors.trim().split('\n').map(path => relative(root, path))
    t.ok(loaded.includes(join('dist', 'cli.js')))
    t.strictSame(loaded.filter(path => /better-sse|node_modules.fastify\b|on-need-inspector/.test(path)), [])
    t.end()
  })
})
