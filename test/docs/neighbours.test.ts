import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { repository } from '../installed.js'

const folder = join(repository, 'test', 'neighbours')
const tests = readdirSync(folder).filter(name => name.endsWith('.test.ts')).map(name => ({ name, source: readFileSync(join(folder, name), 'utf8') }))

/** The packages in the first column of docs/neighbours.md, row by row. */
const rows = readFileSync(join(repository, 'docs', 'neighbours.md'), 'utf8').split('\n')
  .filter(line => line.startsWith('| `'))
  .map(line => [...String(line.split('|')[1]).matchAll(/`([^`]+)`/g)].map(([, name]) => String(name)))

/** Whether a test has a package, or a part of one. */
const has = (source: string, name: string): boolean => source.includes(`'${name}'`) || source.includes(`'${name}/`)

t.test('every neighbour that docs/neighbours.md names is tested, with a package that is installed', async t => {
  const { devDependencies } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as { devDependencies: Record<string, string> }
  t.ok(rows.length > 20)
  for (const name of rows.flat()) {
    t.ok(name in devDependencies, name)
    t.ok(tests.some(({ source }) => has(source, name)), name)
  }
})

t.test('every test of a neighbour has its row', async t => {
  t.strictSame(tests.filter(({ source }) => !rows.flat().some(name => has(source, name))).map(({ name }) => name), [])
})
