import t from 'tap'
import { parseCorsOptions } from '../../../lib/options/parse.js'
import { issuesOf } from '../refused.js'

t.test('dead expressions are refused', async t => {
  const dead = [/^example\.com$/, /^https:\/\/example\.com\/$/, /^https:\/\/example\.com:443$/, /^http:\/\/example\.com:80$/, /^HTTPS:\/\/example\.com$/, /^https:\/\/Example\.com$/, /^https:\/\/$/, /^$/]
  for (const origin of dead) t.match(issuesOf(() => parseCorsOptions({ origin })), [{ code: 'origin-regexp-dead' }], String(origin))
  const alive = [/^https:\/\/example\.com(?::443)?$/, /^HTTPS:\/\/Example\.com$/i, /^app:\/\/Obsidian\.md$/, /^https:\/\/example\.com:4430?$/, /^http:\/\/\[::1\]:\d+$/, /^https?:\/\/localhost\/?$/, /^app:\/\/x:443$/]
  for (const origin of [/^null$/, /^file:\/\/$/]) {
    t.strictSame(issuesOf(() => parseCorsOptions({ origin, dangerouslyAllow: ['null-origin'] })), [], `${String(origin)} with the exception`)
    t.match(issuesOf(() => parseCorsOptions({ origin })), [{ code: 'origin-regexp-dead' }], `${String(origin)} without it`)
  }
  t.match(issuesOf(() => parseCorsOptions({ origin: /^example\.com$/, dangerouslyAllow: ['null-origin'] })), [{ code: 'origin-regexp-dead' }], 'the exception is for no others')
  for (const origin of alive) t.strictSame(issuesOf(() => parseCorsOptions({ origin })), [], String(origin))
})
