import { execFile } from 'node:child_process'
import { join, relative } from 'node:path'
import t from 'tap'

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

t.test('the published program loads the proxy and its event stream for inspect alone', t => {
  const root = join(__dirname, '..', '..')
  const script = `process.argv[2] = '--version'
    require(${JSON.stringify(join(root, 'dist', 'cli.js'))})
    process.on('exit', () => { for (const path of Object.keys(require.cache)) console.log(path) })`
  execFile(process.execPath, ['-e', script], (error, output) => {
    t.equal(error, null)
    const loaded = output.trim().split('\n').map(path => relative(root, path))
    t.ok(loaded.includes(join('dist', 'cli.js')))
    t.strictSame(loaded.filter(path => /better-sse|node_modules.fastify\b|on-need-inspector/.test(path)), [])
    t.end()
  })
})
