import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import t from 'tap'
import { sourcesAround } from '../../../lib/cli/routes/sources.js'

t.test('the files of a program are read, the nearest first, but for packages and what programs write', async t => {
  const folder = t.testdir({
    'app.js': 'app',
    'bundle.js': 'x'.repeat(2 ** 20 + 1),
    'notes.md': 'notes',
    '.git': { 'hook.js': 'hook' },
    node_modules: { 'package.js': 'package' },
    a: { 'a.mts': 'below', b: { 'b.cjs': 'far below' } },
    'z.ts': 'beside'
  })
  t.strictSame(sourcesAround(join(folder, 'app.js')), ['app', 'beside', 'below', 'far below'])
})

t.test('of a folder of many programs, some are read', async t => {
  const files = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`app${index}.js`, String(index)]))
  t.equal(sourcesAround(join(t.testdir(files), 'app7.js')).length, 200)
})

t.test('a folder that can\'t be read is passed over', async t => {
  const folder = t.testdir({ 'app.js': 'app' })
  // Nobody can read a path of over 4,096 characters; a shell makes it step by step.
  const name = 'f'.repeat(250)
  execFileSync('sh', ['-c', `for step in $(seq 20); do mkdir ${name} && cd -P ${name}; done`], { cwd: folder })
  const texts = sourcesAround(join(folder, 'app.js'))
  execFileSync('rm', ['-rf', name], { cwd: folder })
  t.strictSame(texts, ['app'])
})
