import type { Policy } from '../policy/policy.js'
import { BoundedMap } from './bounded-map.js'
import { isCopyOf, plainOptionsOf } from './plain-options.js'

/** More than most delegators have different results. */
const MOST_RESULTS = 1000

/** What is known of a delegator's result. */
export interface KnownResult {
  /** As it was first; `null` where it is no plain data. */
  readonly copy: object | null
  /** The policies that it has led to, by the override of the route that it was put under. */
  readonly policies: Map<unknown, Policy>
}

/**
 * The results of a delegator, so that what comes back is not checked and compiled again. Equal ones are one, where they
 * are plain data; what is changed between two requests is another one then. All else is known by its identity.
 */
export class KnownResults {
  private readonly byIdentity = new WeakMap<object, KnownResult>()
  private readonly byContent = new BoundedMap<string, KnownResult>(MOST_RESULTS)

  of (result: unknown): KnownResult {
    if (typeof result !== 'object' || result === null) return unknown(null)
    const known = this.byIdentity.get(result)
    if (known !== undefined && (known.copy === null || isCopyOf(known.copy, result))) return known
    const copy = plainOptionsOf(result)
    const text = JSON.stringify(copy)
    const equal = this.byContent.get(text)
    if (equal !== undefined) return equal
    const first = unknown(copy)
    this.byIdentity.set(result, first)
    if (copy !== null) this.byContent.set(text, first)
    return first
  }
}

function unknown (copy: object | null): KnownResult {
  return { copy, policies: new Map() }
}
