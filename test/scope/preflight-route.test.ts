import t from 'tap'
import { isPreflight, pathOf } from '../../lib/scope/preflight-route.js'

t.test('a preflight is OPTIONS with Origin and Access-Control-Request-Method, empty or not', t => {
  const announced = { origin: 'https://page.example', 'access-control-request-method': 'PUT' }
  t.ok(isPreflight({ method: 'OPTIONS', headers: announced }))
  t.ok(isPreflight({ method: 'OPTIONS', headers: { origin: '', 'access-control-request-method': '' } }))
  t.notOk(isPreflight({ method: 'PUT', headers: announced }))
  t.notOk(isPreflight({ method: 'OPTIONS', headers: { origin: announced.origin } }))
  t.notOk(isPreflight({ method: 'OPTIONS', headers: { 'access-control-request-method': 'PUT' } }))
  t.end()
})

t.test('the path of a request target', t => {
  for (const [target, path] of [['/a', '/a'], ['/a?b', '/a'], ['/a?b?c', '/a'], ['?b', ''], ['/a?', '/a'], ['http://host.test/a?b', '/a'], ['*', '*']] as const) {
    t.equal(pathOf(target), path, target)
  }
  t.end()
})
