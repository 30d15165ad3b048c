import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { blocksOf } from '../docs/pages.js'
import { repository, run } from '../installed.js'
import { packages } from './servers.js'

const blocks = blocksOf(join(repository, 'docs', 'recipes.md')).filter(({ language }) => language === 'nginx')
const around = readFileSync(join(__dirname, 'servers', 'nginx', 'nginx.conf'), 'utf8')

t.test('the configuration of nginx in docs/recipes.md is one that nginx takes', async t => {
  t.ok(blocks.length > 0)
  for (const { heading, text } of blocks) {
    const cwd = t.testdir()
    const configuration = around.replace(/location \/ \{[^}]*\}/, text).replace('127.0.0.1:@PORT@', 'unix:nginx.sock')
    t.match(configuration, text)
    writeFileSync(join(cwd, 'nginx.conf'), configuration)
    const { code, errors } = await run(t, ['-t', '-p', cwd, '-c', 'nginx.conf'], { cwd, program: packages.nginx })
    t.equal(code, 0, `${heading}: ${errors}`)
  }
})
