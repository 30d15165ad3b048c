import t from 'tap'
import { isPreflight } from '../../lib/http/preflight.js'

t.test('a preflight is OPTIONS with Origin and Access-Control-Request-Method, empty or not', t => {
  const announced = { origin: 'https://page.example', 'access-control-request-method': 'PUT' }
  t.ok(isPreflight({ method: 'OPTIONS', headers: announced }))
  t.ok(isPreflight({ method: 'OPTIONS', headers: { origin: '', 'access-control-request-method': '' } }))
  t.notOk(isPreflight({ method: 'PUT', headers: announced }))
  t.notOk(isPreflight({ method: 'OPTIONS', headers: { origin: announced.origin } }))
  t.notOk(isPreflight({ method: 'OPTIONS', headers: { 'access-control-request-method': 'PUT' } }))
  t.end()
})
