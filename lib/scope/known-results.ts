import type { Policy } from '../policy/policy.js'
import { BoundedMap } from './bounded-map.js'
import { Identities } from './identities.js'
import { isCopyOf, plainOptionsOf } from './plain-options.js'

/** More policies than most delegators lead to. Each is kept with a text, which strangers may have a say in. */
const MOST_POLICIES = 1000
const LONGEST_KEPT = 10_000

/** What is known of an object that a delegator returned. */
interface KnownResult {
  /** What it was; `null` where it is no plain data. */
  readonly copy: object | null
  /** The policies that it has led to, by the override of the route that it was put under. */
  readonly policies: Map<unknown, Policy>
}

/**
 * The policies that a delegator's results have led to, so that what comes back is not checked and compiled again. Equal
 * results are one, where they are plain data, and one that is changed between two requests is another from then on; all
 * else is known by its identity.
 */
export class KnownResults {
  private readonly byIdentity = new WeakMap<object, KnownResult>()
  private readonly byContent = new BoundedMap<string, Policy>(MOST_POLICIES)
  private readonly overrides = new Identities()

  /**
   * The policy of a result under the override of a route.
   *
   * @param make - checks and compiles the result, or a copy of it
   * @throws what `make` throws
   */
  policyOf (result: unknown, override: unknown, make: (result: unknown) => Policy): Policy {
    if (typeof result !== 'object' || result === null) return make(result)
    const known = this.unchanged(result)
    const ofThis = known?.policies.get(override)
    if (ofThis !== undefined) return ofThis
    const copy = known?.copy ?? plainOptionsOf(result)
    const key = this.keyOf(copy, override)
    const ofEqual = this.byContent.get(key)
    if (ofEqual !== undefined) return ofEqual
    const policy = make(copy ?? result)
    if (key !== '') this.byContent.set(key, policy)
    const policies = known?.policies ?? new Map<unknown, Policy>()
    this.byIdentity.set(result, { copy, policies: policies.set(override, policy) })
    return policy
  }

  private unchanged (result: object): KnownResult | undefined {
    const known = this.byIdentity.get(result)
    return known === undefined || known.copy === null || isCopyOf(known.copy, result) ? known : undefined
  }

  /** Empty where a result is not known by its content. */
  private keyOf (copy: object | null, override: unknown): string {
    const text = JSON.stringify(copy)
    if (copy === null || text.length > LONGEST_KEPT) return ''
    return typeof override === 'object' && override !== null ? `${this.overrides.of(override)} ${text}` : text
  }
}
