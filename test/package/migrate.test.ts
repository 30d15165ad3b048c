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

t.test('the parser comes with its licence', async t => {
  const scripts = readdirSync(dist).filter(name => name.endsWith('.js')).map(name => readFileSync(join(dist, name), 'utf8'))
  t.equal(scripts.filter(text => /@babel\/parser[^]*Copyright[^]*Permission is hereby granted/.test(text)).length, 1)
})
