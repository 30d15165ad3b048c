import t from 'tap'
import corsPlugin from '../../lib/index.js'
import { page, preflight } from '../helpers.js'
import { loggedApp } from '../logged.js'

t.test('the log says at boot that the default methods leave PUT and DELETE out, and what to write', async t => {
  const { app, lines } = loggedApp()
  app.register(corsPlugin, { origin: page })
  app.put('/items/:id', async () => 'changed')
  app.delete('/items/:id', async () => 'gone')
  await app.ready()
  t.match(lines('warn'), [/PUT \/items\/:id, DELETE \/items\/:id.*methods: \['GET', 'HEAD', 'POST', 'PUT', 'DELETE'\]/])

  const asked = await preflight(app, { origin: page, url: '/items/1' })
  t.equal(asked.headers['access-control-allow-methods'], 'GET, HEAD, POST', 'by which the browser can name the method')
})
