import { join } from 'node:path'
import t from 'tap'
import { repository, run } from '../installed.js'

t.test('a million invented origins keep memory flat', async t => {
  const { output, errors } = await run(t, ['--expose-gc', join(repository, 'test', 'origins', 'invent.mjs'), '1000000'], { cwd: repository })
  t.equal(errors, '')
  const { megabytes, seconds, known, stats } = JSON.parse(output)
  t.ok(megabytes < 2, `${megabytes} MB more`)
  t.equal(known, true)
  t.match(stats, { lookups: Number, running: 0, failures: 0 })
  t.comment(`${megabytes} MB more, ${Math.round(seconds)} s`)
})
