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
  for (const [target, path] of [['/a', '/a'], ['/a?b', '/a'], ['/a?b?c', '/a'], ['?b', ''], ['/a?', '/a'], ['*', '*'], ['a', 'a']] as const) {
    t.equal(pathOf(target), path, target)
  }
  t.end()
})

t.test('the path of a request target in absolute form, as routers read it', t => {
  for (const [target, path] of [
    ['http://host.test/a?b', '/a'], ['https://host.test:1/a/', '/a/'], ['HTTP://host.test/A', '/A'], ['http://host.test', '/'], ['http://host.test?b', '/'],
    ['http://host.test/a/../b', '/a/../b'], ['http://host.test//a', '//a'], ['http://host.test/%61', '/%61'], ['ftp://host.test/a', 'ftp://host.test/a']
  ] as const) {
    t.equal(pathOf(target), path, target)
  }
  t.end()
})
