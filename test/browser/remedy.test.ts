import t from 'tap'
import { remedyOf } from '../../lib/browser/remedy.js'
import { parseCorsOptions, type CorsPolicyJson } from '../../lib/index.js'

const get = { origin: 'https://app.example.com', method: 'GET', headers: [], credentials: false, exposed: [] }

t.test('a plain GET needs its origin', async t => {
  t.strictSame(remedyOf(get), { options: { origin: ['https://app.example.com'] } })
})

t.test('a request gets all that it needs, and nothing else', async t => {
  t.strictSame(remedyOf({ ...get, method: 'PUT', headers: new Set(['content-type']), credentials: true, exposed: ['etag'] }), {
    options: {
      origin: ['https://app.example.com'],
      methods: ['GET', 'HEAD', 'POST', 'PUT'],
      allowedHeaders: ['content-type'],
      exposedHeaders: ['etag'],
      credentials: true
    }
  })
})

t.test('cookies over plain http need the exception that names it', async t => {
  const exceptions = (origin: string, credentials: boolean) => remedyOf({ ...get, origin, credentials })?.options.dangerouslyAllow
  for (const origin of ['http://192.168.0.7:5173', 'http://app.example.com', 'http://localhost.example.com', 'http://127.0.0.1.example.com']) {
    t.strictSame(exceptions(origin, true), ['insecure-origins'], origin)
    t.equal(exceptions(origin, false), undefined, origin)
  }
  for (const origin of ['http://localhost:3000', 'http://app.localhost', 'http://127.0.0.1:8080', 'http://[::1]', 'https://app.example.com', 'capacitor://localhost']) {
    t.equal(exceptions(origin, true), undefined, origin)
  }
})

t.test('the plugin takes every remedy as it is', async t => {
  for (const origin of ['https://app.example.com', 'http://192.168.0.7:5173', 'http://localhost:3000', 'http://[::1]:3000', 'capacitor://localhost', 'chrome-extension://abcdefghijklmnop']) {
    for (const credentials of [true, false]) {
      const remedy = remedyOf({ origin, method: 'PATCH', headers: ['authorization'], credentials, exposed: ['etag'] })
      const options: CorsPolicyJson = remedy?.options ?? {}
      t.doesNotThrow(() => parseCorsOptions(options), origin)
    }
  }
})

t.test('an origin that anyone can send, or no configuration can list, is not granted', async t => {
  for (const origin of ['null', 'file://', 'https://*.example.com', "https://a'b.example"]) t.equal(remedyOf({ ...get, origin }), null, origin)
})
