import t from 'tap'
import { CORS_RESPONSE_HEADERS, isCorsResponseHeader } from '../../lib/http/header-names.js'

t.test('only the response headers of the protocol count, not names that look like them', t => {
  t.equal(CORS_RESPONSE_HEADERS.length, 7)
  for (const name of CORS_RESPONSE_HEADERS) t.ok(isCorsResponseHeader(name), name)
  for (const name of ['access-control-request-method', 'access-control-allow-originx', 'accept', 'access-control', 'vary', 'x-access-control-allow-origin', '']) {
    t.notOk(isCorsResponseHeader(name), name)
  }
  t.end()
})
