import t from 'tap'
import { createApp, page, preflight, stranger } from '../helpers.js'

const asking = { 'access-control-request-private-network': 'true' }

t.test('granted only with the option, to an allowed preflight that asked', async t => {
  const name = 'access-control-allow-private-network'
  const app = createApp({ origin: page, privateNetwork: true, methods: ['PUT'] })
  app.get('/', async () => 'x')
  t.equal((await preflight(app, { origin: page, more: asking })).headers[name], 'true')
  t.notOk(name in (await preflight(app, { origin: page })).headers, 'not asked')
  for (const value of ['false', '', 'TRUE', '1', 'true, true']) {
    t.notOk(name in (await preflight(app, { origin: page, more: { 'access-control-request-private-network': value } })).headers, value)
  }
  t.notOk(name in (await preflight(app, { origin: stranger, more: asking })).headers, 'not allowed')
  t.notOk(name in (await app.inject({ url: '/', headers: { origin: page, ...asking } })).headers, 'no preflight')
  t.notOk(name in (await preflight(createApp({ origin: page }), { origin: page, more: asking })).headers, 'no option')
})
