import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { copyInto, install, repository, run } from '../installed.js'
import { nodeOf, passed, tools } from './tools.js'

const installation = install(t)
installation.link('@fastify/websocket', join(repository, 'node_modules', '@fastify', 'websocket'))
const behaviour = copyInto(installation, join('test', 'compat', 'behaviour'))
const files = readdirSync(behaviour).filter(name => name.endsWith('.test.mjs')).map(name => join(behaviour, name))

const LONGEST = 15_000

async function behavesAsEver (t: Test, program = process.execPath): Promise<void> {
  const args = ['--no-warnings', '--test', `--test-timeout=${LONGEST}`, '--test-reporter=spec', ...files]
  passed(t, await run(t, args, { cwd: installation.folder, program }), /pass [1-9]\d*/)
}

for (const version of ['20.19', '22', '24', '26']) {
  t.test(`the plugin behaves as ever under Node ${version}`, async t => await behavesAsEver(t, nodeOf(version)))
}

for (const version of ['5.0.0', '5.6.1']) {
  t.test(`the plugin behaves as ever with Fastify ${version}`, async t => {
    installation.link('fastify', join(tools, `fastify-${version}`))
    await behavesAsEver(t)
  })
}
