import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { repository } from '../installed.js'

t.test('docs/decisions.md has every reason that the types have, and no other', async t => {
  const types = readFileSync(join(repository, 'lib', 'policy', 'decision.ts'), 'utf8')
  const documented = readFileSync(join(repository, 'docs', 'decisions.md'), 'utf8')
  const reasons = [...types.matchAll(/^ {2}\| '(.+)'$/gm)].map(([, reason]) => reason)
  const [, table = ''] = /\| `reason` \| when \|\n((?:\|.*\n)+)/.exec(documented) ?? []
  t.ok(reasons.length > 0)
  t.strictSame([...table.matchAll(/^\| `(.+?)` \|/gm)].map(([, reason]) => reason).sort(), reasons.sort())
})
