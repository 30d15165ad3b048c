import t from 'tap'
import { pathTest, routedPath } from '../../lib/scope/routed-path.js'

t.test('the path of a request target is the one that a router reads', t => {
  for (const [target, path] of [
    ['/a?b', '/a'], ['/a#b?c', '/a'], ['/a;b', '/a;b'], ['/%61%2Fb%2561', '/a%2Fb%2561'], ['/a?%', '/a'], ['//a//', '//a//'], ['/A', '/A'], ['/', '/'],
    ['http://host.test/%61?b', '/a'], ['HTTPS://host.test', '/'], ['*', '*']
  ] as const) t.equal(routedPath(target, {}), path, target)
  for (const [target, path] of [['/a;b?c', '/a'], ['//a///b//', '/a/b'], ['/', '/'], ['//', '/'], ['/a%3Bb', '/a%3Bb']] as const) {
    t.equal(routedPath(target, { ignoreDuplicateSlashes: true, ignoreTrailingSlash: true, useSemicolonDelimiter: true }), path, target)
  }
  t.end()
})

t.test('a target that routers refuse has no path, and matches no expression', t => {
  for (const target of ['/%zz', '/%', '/a%E2%82', 'http://host.test/a#b', 'http://h:99999/a']) {
    t.equal(routedPath(target, {}), null, target)
    t.notOk(pathTest(/^/, {})(target), target)
  }
  t.end()
})
