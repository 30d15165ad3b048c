import t from 'tap'
import { isSafelistedMethod, normaliseMethod } from '../../lib/http/methods.js'

t.test('six methods are normalised, and no other', t => {
  for (const method of ['delete', 'Get', 'hEAD', 'options', 'post', 'PUT']) t.equal(normaliseMethod(method), method.toUpperCase())
  for (const method of ['patch', 'Patch', 'PATCH', 'propfind', '*', '__proto__']) t.equal(normaliseMethod(method), method)
  t.end()
})

t.test('GET, HEAD and POST need no list, in their own letter case', t => {
  for (const method of ['GET', 'HEAD', 'POST']) t.ok(isSafelistedMethod(method))
  for (const method of ['get', 'PUT', 'OPTIONS', 'DELETE', '']) t.notOk(isSafelistedMethod(method))
  t.end()
})
