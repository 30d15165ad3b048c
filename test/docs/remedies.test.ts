import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { FRAMEWORKS } from '../../lib/browser/index.js'
import { described, isRun, renderRemediesPage } from '../remedies/page.js'

const path = join(__dirname, '../../docs/remedies.md')

t.test('docs/remedies.md shows what remedyFor writes, and what the tests run', async t => {
  if (process.env.UPDATE_DOCS === '1') await writeFile(path, renderRemediesPage())
  t.equal(await readFile(path, 'utf8'), renderRemediesPage(), 'after a change: UPDATE_DOCS=1 npx tap test/docs/remedies.test.ts')
})

t.test('what is read says where, and what is run says with what', async t => {
  for (const framework of FRAMEWORKS) t.equal('documentation' in described[framework].source, !isRun(framework), framework)
})
