import { join } from 'node:path'
import t, { type Test } from 'tap'
import { run } from './terminal.js'

/** Prints what the command makes of a file, with its name for its path. */
async function printed (t: Test, source: string, name = 'app.js', terminal = {}): Promise<{ exitCode: number, output: string, errors: string }> {
  const file = join(t.testdir({ [name]: source }), name)
  const { exitCode, output, errors } = await run(['migrate', file], terminal)
  return { exitCode, output: output.replaceAll(file, name), errors: errors.replaceAll(file, name) }
}

t.test('the report has each statement that changes, and the remarks', async t => {
  const { exitCode, output } = await printed(t, `
const cors = require('@fastify/cors')

module.exports = async app => {
  app.register(cors, {
    // Our pages.
    origin: (origin, cb) => {

      if (origin === 'https://a.example/') cb(null, true)
      else cb(null, false)
    },
    maxAge: null
  })
}
`)
  t.equal(exitCode, 1)
  t.equal(output, `app.js:2
  const cors = require('fastify-cors-policy')

app.js:5
  app.register(cors, {
    // Our pages.
    origin: 'https://a.example/'
  })

! origin-invalid  app.js:7
    'https://a.example/' ends with a slash.
    Fix: 'https://a.example'

! 1 remark
`)
})

t.test('a statement that moves up is left out where it was', async t => {
  const { output } = await printed(t, 'const app = require(\'fastify\')()\nconst cors = require(\'@fastify/cors\')\n\napp.register(cors, { origin: \'https://a.example\' })\n')
  t.equal(output, `app.js:1
  const cors = require('fastify-cors-policy')
  const app = require('fastify')()

app.js:2
  (leave it out)

✓ Nothing else has to change
`)
})

t.test('a file that behaves as before exits with 0', async t => {
  const { exitCode, output } = await printed(t, 'app.register(require(\'@fastify/cors\'), {\n\torigin: (o, cb) => {\n\t\tlog(o)\n\n\t\tcb(null, o === A)\n\t}\n})')
  t.equal(exitCode, 0)
  t.equal(output, 'app.js:1\n  app.register(require(\'fastify-cors-policy\'), {\n  \torigin: (o) => {\n  \t\tlog(o)\n\n  \t\treturn o === A\n  \t}\n  })\n\n✓ Nothing else has to change\n')
})

t.test('several remarks are counted, and a remark may have no fix', async t => {
  const { output } = await printed(t, 'app.register(require(\'@fastify/cors\'), { origin: async o => find(o), maxAge: -1, credentails: true })')
  t.match(output, /! origin-result {2}app\.js:1\n {4}find\(o\) must be .*\n\n/)
  t.match(output, /Did you mean [^\n]*\?\n[^]*! 3 remarks/)
})

t.test('no file changes the terminal', async t => {
  const { output } = await printed(t, 'app.register(require(\'@fastify/cors\'), { origin: async o => find(\'\u001b[2J\') })', 'app.js', { isTTY: true, columns: 80 })
  t.notMatch(output, '\u001b[2J')
  t.match(output, '\\u001b[2J')
})

t.test('what can\'t be read says why', async t => {
  for (const [name, source, message] of [
    ['app.js', 'app.register(', /app\.js can't be read as JavaScript: .*\(1:13\)/],
    ['app.mts', 'const a: = 1', /app\.mts can't be read as TypeScript/],
    ['app.js', 'app.register(require(\'fastify-cors-policy\'), {}); app.get(\'/\', { config: { cors: { origin: true } } }, h)', /app\.js loads fastify-cors-policy already/],
    ['app.js', 'const app = fastify()', /app\.js does not register @fastify\/cors.*Give the file that does/]
  ] as const) {
    const { exitCode, output, errors } = await printed(t, source, name)
    t.equal(exitCode, 2)
    t.equal(output, '')
    t.match(errors, message)
  }
  const { exitCode, errors } = await run(['migrate', join(t.testdir(), 'absent.js')])
  t.equal(exitCode, 2)
  t.match(errors, /there is no file .*absent\.js/)
  const folder = await run(['migrate', t.testdir()])
  t.equal(folder.exitCode, 2)
  t.match(folder.errors, / is a folder: give the file in it that makes the application\n$/)
  const below = await run(['migrate', join(t.testdir({ 'app.js': '' }), 'app.js', 'server.js')])
  t.equal(below.exitCode, 2)
  t.match(below.errors, /server\.js can't be read: ENOTDIR/)
})

t.test('without a file, it says what is missing', async t => {
  const { exitCode, errors } = await run(['migrate'])
  t.equal(exitCode, 2)
  t.match(errors, '<file>')
})

t.test('--help says what it is for', async t => {
  const { exitCode, output } = await run(['migrate', '--help'])
  t.equal(exitCode, 0)
  t.match(output, /@fastify\/cors[^]*0 +it behaves as before[^]*1 +remarks/)
})
