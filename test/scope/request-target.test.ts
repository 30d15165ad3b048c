import t from 'tap'
import { isRefused, pathOf } from '../../lib/scope/routed-path.js'

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

t.test('routers refuse a target with a fragment or an invalid origin', t => {
  for (const target of ['http://host.test/a#b', 'http://h%5Cx/a', 'http://h:99999/a']) t.ok(isRefused(target), target)
  t.notOk(isRefused('http://host.test/a'))
  t.end()
})
