import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { failureTexts } from '../../lib/browser/reasons.js'
import { renderErrorsPage } from './errors-page.js'

const path = join(__dirname, '../../docs/errors.md')

t.test('docs/errors.md is what the tables say', async t => {
  if (process.env.UPDATE_DOCS === '1') await writeFile(path, renderErrorsPage())
  t.equal(await readFile(path, 'utf8'), renderErrorsPage(), 'after a change: UPDATE_DOCS=1 npx tap test/browser/errors-page.test.ts')
})

t.test('every failure has a section that explanations can link to, without a gap', async t => {
  const page = renderErrorsPage()
  for (const name of Object.keys(failureTexts)) t.match(page, `\n### ${name}\n`)
  t.notMatch(page, /\{[a-zA-Z]+\}/)
})
