import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { install, run } from '../installed.js'

const { folder, write } = install(t)
const dist = join(folder, 'node_modules', 'fastify-cors-policy', 'dist')

t.test('the published command migrates a file without a parser beside it', async t => {
  t.notOk(existsSync(join(folder, 'node_modules', '@babel')))
  write('app.ts', 'import cors from \'@fastify/cors\'\napp.register(cors, { origin: \'app.example.com\' as string, maxAge: null })')
  const { code, output, errors } = await run(t, [join(dist, 'cli.js'), 'migrate', 'app.ts'], { cwd: folder })
  t.equal(errors, '')
  t.equal(code, 1)
  t.match(output, 'app.register(cors, { origin: \'app.example.com\' as string })')
  t.match(output, '! origin-invalid  app.ts:2')
})

t.test('a program that loads the plugin after Fastify() is called knows its routes after the move', async t => {
  const source = `const app = require('fastify')()
app.register(require('@fastify/cors'), { origin: 'https://a.example' })
app.put('/x', { config: { cors: { origin: 'https://b.example', methods: ['PUT'] } } }, async () => 'x')
app.get('/x', async () => 'x')
app.inject({ method: 'OPTIONS', url: '/x', headers: { origin: 'https://b.example', 'access-control-request-method': 'PUT' } })
  .then(({ statusCode }) => console.log(statusCode))
`
  const file = write('late.js', source)
  const { output } = await run(t, [join(dist, 'cli.js'), 'migrate', file, '--json'], { cwd: folder })
  const { changes } = JSON.parse(output) as { changes: Array<{ start: number, end: number, after: string }> }
  write('moved.js', changes.toReversed().reduce((text, { start, end, after }) => text.slice(0, start) + after + text.slice(end), source))
  write('unmoved.js', source.replace('@fastify/cors', 'fastify-cors-policy'))
  t.equal((await run(t, ['moved.js'], { cwd: folder })).output, '204\n')
  t.equal((await run(t, ['unmoved.js'], { cwd: folder })).output, '403\n', 'it does not before')
})

t.test('the parser comes with its licence', async t => {
  const scripts = readdirSync(dist).filter(name => name.endsWith('.js')).map(name => readFileSync(join(dist, name), 'utf8'))
  t.equal(scripts.filter(text => /@babel\/parser[^]*Copyright[^]*Permission is hereby granted/.test(text)).length, 1)
})
