import t from 'tap'
import { createApp } from '../helpers.js'

for (const [origin, fix] of [
  ['example.com', /https:\/\/example\.com/],
  ['https://example.com/', /https:\/\/example\.com/],
  ['https://Example.com', /https:\/\/example\.com/],
  ['https://example.com:443', /https:\/\/example\.com/],
  ['https://a.example, https://b.example', /https:\/\/a\.example.+https:\/\/b\.example/]
] as const) {
  t.test(`'${origin}' does not boot, and the error says what to write`, async t => {
    const app = createApp({ origin })
    await t.rejects(async () => await app.ready(), { code: 'FST_CORS_INVALID_OPTIONS', issues: [{ code: 'origin-invalid', path: '/origin', value: origin, fix }] })
  })
}
