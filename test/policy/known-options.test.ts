import t from 'tap'
import { compile, type Policy } from '../../lib/policy/policy.js'
import { KnownOptions } from '../../lib/policy/cache.js'

/** Asks for the policies of results, and counts those that were made for it. */
class Counted {
  private readonly results = new KnownOptions()
  private made = 0

  of (result: unknown, override?: unknown): Policy {
    return this.results.policyOf(result, override, () => {
      this.made++
      return compile({ origin: 'https://page.example' })
    })
  }

  /** How many policies are made anew. */
  count (ask: () => unknown): number {
    const before = this.made
    ask()
    return this.made - before
  }
}

t.test('the number of remembered results is bounded, whatever the overrides', async t => {
  const counted = new Counted()
  const overrides = Array.from({ length: 10 }, () => ({}))
  for (let maxAge = 0; maxAge < 100; maxAge++) for (const override of overrides) counted.of({ maxAge }, override)
  t.equal(counted.count(() => counted.of({ maxAge: 0 }, overrides[0])), 0)
  t.equal(counted.count(() => counted.of({ maxAge: 100 }, overrides[0])), 1)
  t.equal(counted.count(() => counted.of({ maxAge: 0 }, overrides[0])), 1, 'the oldest has gone')
  t.equal(counted.count(() => counted.of({ maxAge: 100 }, overrides[0])), 0)
})

t.test('long results are compared by identity', async t => {
  const counted = new Counted()
  const long = { exposedHeaders: Array.from({ length: 20 }, (_, index) => `x-${index}`.repeat(200)) }
  t.equal(counted.count(() => counted.of(long)), 1)
  t.equal(counted.count(() => counted.of(long)), 0)
  t.equal(counted.count(() => counted.of({ ...long })), 1)
  long.exposedHeaders.pop()
  t.equal(counted.count(() => counted.of(long)), 1, 'a change is noticed all the same')
})

t.test('one result has a policy for each override', async t => {
  const counted = new Counted()
  const [first, second] = [{}, {}]
  for (const result of [{ maxAge: 1 }, { origin: /^a$/ }]) {
    t.equal(counted.count(() => { for (const override of [first, second, undefined, true, first, second]) counted.of(result, override) }), result.maxAge === undefined ? 4 : 3)
    t.not(counted.of(result, first), counted.of(result, second))
  }
})

t.test('a result that is no object, or makes no policy, is not remembered', async t => {
  const counted = new Counted()
  t.equal(counted.count(() => { for (const result of [undefined, undefined, null, 'x']) counted.of(result) }), 4)
  const results = new KnownOptions()
  const fails = (): never => { throw new Error('not safe') }
  const result = { origin: '*' }
  for (let i = 0; i < 2; i++) t.throws(() => results.policyOf(result, undefined, fails), { message: 'not safe' })
})
