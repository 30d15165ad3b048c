import t from 'tap'
import { MAX_REGEXPS, RegExpList } from '../../lib/options/rules/regexps.js'
import { accepts, issuesOf } from '../options/refused.js'
import { parseCorsOptions } from '../../lib/options/parse.js'

const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
const tenant = (index: number): RegExp => new RegExp(`^https://(?:${label}\\.)*tenant${index}\\.example\\.com(?::\\d{1,5})?$`)

t.test('as many expressions as may be listed are checked, however ordinary or costly', async t => {
  const started = performance.now()
  accepts(t, { origin: Array.from({ length: MAX_REGEXPS }, (_, index) => tenant(index)) }, 'ordinary ones')
  const costly = Array.from({ length: MAX_REGEXPS }, (_, index) => new RegExp(`^https://${index}${'[a-z]?'.repeat(40)}\\.example\\.com$`))
  t.equal(issuesOf(() => parseCorsOptions({ origin: costly })).length, MAX_REGEXPS, 'costly ones are refused, each')
  t.ok(performance.now() - started < 20_000)
})

t.test('one expression too many is refused, and said once', async t => {
  const issues = issuesOf(() => parseCorsOptions({ origin: Array.from({ length: MAX_REGEXPS + 3 }, (_, index) => tenant(index)) }))
  t.match(issues, [{ code: 'origin-regexp-slow', path: `/origin/${MAX_REGEXPS}`, message: /more than 32 .* write patterns/, fix: null }])
  t.equal(issues.length, 1)
})

t.test('the same expression counts once', async t => {
  accepts(t, { origin: new Array(10_000).fill(tenant(0)) }, 'one expression, ten thousand times')
  const list = new RegExpList()
  t.equal(list.check(tenant(1)), list.check(tenant(1)))
})
