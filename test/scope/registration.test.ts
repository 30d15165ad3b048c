import Fastify, { type FastifyRequest } from 'fastify'
import t from 'tap'
import type { CorsOptions, RouteCorsOptions } from '../../lib/index.js'
import type { Policy } from '../../lib/policy/policy.js'
import { PolicyCache } from '../../lib/policy/cache.js'
import { Registration } from '../../lib/scope/registration.js'

const origin = 'https://page.example'

/** Counts what is checked and compiled. */
class CountingCache extends PolicyCache {
  count = 0

  override policyOf (options: CorsOptions, perRequest?: boolean): Policy {
    this.count++
    return super.policyOf(options, perRequest)
  }
}

/** The policies that a delegator's results lead to, one after the other, and how many of them were made anew. */
async function delegated (results: readonly RouteCorsOptions[], overrides: readonly unknown[] = []): Promise<{ policies: Policy[], count: number }> {
  const left = [...results]
  const cache = new CountingCache()
  const options = { origin, delegator: () => left.shift() ?? {} }
  const app = Fastify()
  const registration = new Registration(app, { number: 0, isShared: false }, options, cache, true)
  const policies: Policy[] = []
  app.addHook('onRequest', async (request: FastifyRequest) => {
    const policy = await registration.delegate?.(request, overrides[policies.length], () => 'GET /')
    if (policy !== undefined) policies.push(policy)
  })
  cache.count = 0
  while (left.length > 0) await app.inject('/')
  return { policies, count: cache.count }
}

t.test('equal results of a delegator are checked and compiled once', async t => {
  const same = { maxAge: 1 }
  for (const results of [[same, same], [{ maxAge: 1 }, { maxAge: 1 }, same, same], [{ methods: ['PUT'] }, { methods: ['PUT'] }]]) {
    const { policies, count } = await delegated(results)
    t.equal(new Set(policies).size, 1)
    t.equal(count, 1, JSON.stringify(results))
  }
})

t.test('different results lead to different policies', async t => {
  const { policies } = await delegated([{ maxAge: 1 }, { maxAge: 2 }, { cacheControl: 1 }, { cacheControl: 'max-age=1' }, { methods: ['PUT'] }, { methods: 'PUT' }, {}])
  t.strictSame(policies.map(({ options: { maxAge, cacheControl, methods } }) => ({ maxAge, cacheControl, methods })), [
    { maxAge: 1, cacheControl: undefined, methods: undefined },
    { maxAge: 2, cacheControl: undefined, methods: undefined },
    { maxAge: undefined, cacheControl: 1, methods: undefined },
    { maxAge: undefined, cacheControl: 'max-age=1', methods: undefined },
    { maxAge: undefined, cacheControl: undefined, methods: ['PUT'] },
    { maxAge: undefined, cacheControl: undefined, methods: 'PUT' },
    { maxAge: undefined, cacheControl: undefined, methods: undefined }
  ])
})

t.test('equal results under different overrides lead to different policies', async t => {
  const [first, second] = [{ maxAge: 2 }, { maxAge: 3 }]
  const { policies, count } = await delegated([{}, {}, {}, {}], [first, second, first, second])
  t.strictSame(policies.map(({ options }) => options.maxAge), [2, 3, 2, 3])
  t.equal(count, 2)
})

t.test('results with functions or expressions are compared by identity', async t => {
  const result = { origin: /^https:\/\/page\.example$/ }
  t.equal((await delegated([result, result])).count, 1)
  t.equal((await delegated([{ ...result }, { ...result }])).count, 2)
})

t.test('what is tried on a copy of a registration, the registration does not know', async t => {
  const cache = new PolicyCache()
  const registration = new Registration(Fastify(), { number: 0, isShared: false }, { origin }, cache, true)
  const own = { maxAge: 1 }
  const policy = registration.policyOf(own, 'GET /')
  const tried = { maxAge: 2 }
  const copy = registration.copy()
  t.equal(copy.knownPolicyOf(own), policy)
  copy.policyOf(tried, 'GET /')
  t.equal(registration.knownPolicyOf(tried), undefined)
  const other = registration.copy({ origin, methods: ['PUT'] })
  t.equal(other.knownPolicyOf(own), undefined, 'its overrides come to something else')
  t.strictSame(other.policyOf(own, 'GET /').options.methods, ['PUT'])
  t.equal(registration.options.methods, undefined)
})
