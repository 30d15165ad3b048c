import type { CorsOptions } from '../options/schema.js'
import { compile } from '../policy/compile.js'
import type { Policy } from '../policy/policy.js'
import { BoundedMap } from './bounded-map.js'
import { Identities } from './identities.js'

/** Longer lists are told apart by identity: comparing their content would cost more than compiling them twice. */
const LONGEST_COMPARED = 100

/**
 * Compiles equal options once, so that a thousand routes with the same override share one policy, and so that "the same
 * policy" is a comparison of two references. Bounded, since options may also come with requests.
 */
export class PolicyCache {
  private readonly policies: BoundedMap<string, Policy>
  private readonly identities = new Identities()

  constructor (capacity = 1000) {
    this.policies = new BoundedMap(capacity)
  }

  /**
   * @param options - validated
   * @param perRequest - whether they were chosen for one request, so that the next may get others
   */
  policyOf (options: CorsOptions, perRequest = false): Policy {
    const key = this.contentOf(options) + String(perRequest)
    const known = this.policies.get(key)
    if (known !== undefined) return known
    const policy = compile(options, perRequest)
    this.policies.set(key, policy)
    return policy
  }

  private contentOf (options: CorsOptions): string {
    const entries = Object.entries(options).sort(([a], [b]) => a < b ? -1 : 1)
    return JSON.stringify(entries, (_key, value: unknown) => {
      if (value instanceof RegExp) return { regexp: String(value) }
      if (typeof value === 'function' || (Array.isArray(value) && value !== entries && value.length > LONGEST_COMPARED)) {
        return { identity: this.identities.of(value) }
      }
      return value
    })
  }
}
