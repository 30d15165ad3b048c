import t from 'tap'
import { PolicyCache } from '../../lib/policy/cache.js'

const origin = 'https://page.example'

t.test('equal options compile once, whatever the order of their keys', t => {
  const cache = new PolicyCache()
  t.equal(cache.policyOf({ origin, maxAge: 5 }), cache.policyOf({ maxAge: 5, origin }))
  t.equal(cache.policyOf({ origin: [origin, /^a$/i] }), cache.policyOf({ origin: [origin, /^a$/i] }))
  t.end()
})

t.test('different options compile to different policies', t => {
  const cache = new PolicyCache()
  const policies = [
    { origin },
    { origin: [origin] },
    { origin: true },
    { origin: 'true' },
    { origin: /^a$/ },
    { origin: /^a$/i },
    { origin: '/^a$/' },
    { origin: () => true },
    { origin: () => true },
    { origin, maxAge: 5 },
    { origin, cacheControl: '5' },
    { origin, cacheControl: 5 },
    { origin, methods: ['PUT', 'GET'] },
    { origin, methods: ['GET', 'PUT'] }
  ].map(options => cache.policyOf(options))
  t.equal(new Set(policies).size, policies.length)
  t.end()
})

t.test('functions and long lists are compared by identity', t => {
  const cache = new PolicyCache()
  const ask = (): boolean => true
  t.equal(cache.policyOf({ origin: ask }), cache.policyOf({ origin: ask }))
  const long = Array.from({ length: 500 }, (_, i) => `https://${i}.example`)
  t.equal(cache.policyOf({ origin: long }), cache.policyOf({ origin: long }))
  t.not(cache.policyOf({ origin: long }), cache.policyOf({ origin: [...long] }))
  t.end()
})

t.test('the cache is bounded: the oldest policy goes first', t => {
  const cache = new PolicyCache(2)
  const [first, second] = [cache.policyOf({ origin, maxAge: 1 }), cache.policyOf({ origin, maxAge: 2 })]
  cache.policyOf({ origin, maxAge: 3 })
  t.equal(cache.policyOf({ origin, maxAge: 2 }), second)
  t.not(cache.policyOf({ origin, maxAge: 1 }), first)
  t.end()
})
