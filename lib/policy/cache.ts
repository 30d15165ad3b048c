import { BoundedMap } from '../bounded-map.js'
import type { CorsOptions } from '../options/schema.js'
import { isList } from '../text.js'
import { compile, type Policy } from './policy.js'

/** Longer lists are compared by identity: comparing their content would cost more than compiling them twice. */
const LONGEST_COMPARED = 100

/**
 * Compiles equal options once: a thousand routes with the same override share one policy, and two policies are the same if
 * their references are. Bounded, since a delegator may make new options for each request.
 */
export class PolicyCache {
  private readonly policies: BoundedMap<string, Policy>
  private readonly identities = new Identities()

  constructor (capacity = 1000) {
    this.policies = new BoundedMap(capacity)
  }

  /**
   * @param options - parsed
   * @param perRequest - true if a delegator chose them, so that the next request may get others
   */
  policyOf (options: CorsOptions, perRequest = false): Policy {
    const key = this.contentOf(options) + String(perRequest)
    return this.policies.remember(key, () => compile(options, perRequest))
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

/** Numbers objects, so that a text can name one. */
class Identities {
  private readonly numbers = new WeakMap<object, number>()
  private last = 0

  of (value: object): number {
    const known = this.numbers.get(value)
    if (known !== undefined) return known
    this.numbers.set(value, ++this.last)
    return this.last
  }
}

/** More than most delegators make. */
const MOST_POLICIES = 1000
/** Longer texts, which may depend on requests, are not kept. */
const LONGEST_KEPT = 10_000

/** An object that was given as options before. */
interface KnownValue {
  /** A copy of its content then; `null` if it was no plain data. */
  readonly copy: object | null
  /** The policies made of it, by the override of the route. */
  readonly policies: Map<unknown, Policy>
}

/**
 * Remembers the policies of route overrides and delegator results, so that none is checked and compiled twice. Plain data
 * is compared by content: equal options share a policy, and an object that has changed gets another. All else is compared
 * by identity.
 */
export class KnownOptions {
  private readonly byIdentity = new WeakMap<object, KnownValue>()
  private readonly byContent = new BoundedMap<string, Policy>(MOST_POLICIES)
  private readonly overrides = new Identities()

  /**
   * @param override - the override of the route, if a delegator chose `given`
   * @param make - checks and compiles what was given, or a copy of it
   * @throws what `make` throws
   */
  policyOf (given: unknown, override: unknown, make: (given: unknown) => Policy): Policy {
    if (typeof given !== 'object' || given === null) return make(given)
    const known = this.unchanged(given)
    const ofThis = known?.policies.get(override)
    if (ofThis !== undefined) return ofThis
    const copy = known?.copy ?? plainOptionsOf(given)
    const key = this.keyOf(copy, override)
    const ofEqual = this.byContent.get(key)
    if (ofEqual !== undefined) return ofEqual
    const policy = make(copy ?? given)
    if (key !== '') this.byContent.set(key, policy)
    const policies = known?.policies ?? new Map<unknown, Policy>()
    this.byIdentity.set(given, { copy, policies: policies.set(override, policy) })
    return policy
  }

  private unchanged (given: object): KnownValue | undefined {
    const known = this.byIdentity.get(given)
    return known === undefined || known.copy === null || isCopyOf(known.copy, given) ? known : undefined
  }

  /** @returns `''` for options that are not compared by content */
  private keyOf (copy: object | null, override: unknown): string {
    const text = JSON.stringify(copy)
    if (copy === null || text.length > LONGEST_KEPT) return ''
    return typeof override === 'object' && override !== null ? `${this.overrides.of(override)} ${text}` : text
  }
}

/**
 * Copies plain options: texts, numbers, booleans, and lists of these. Equal copies have the same JSON, which leaves out what
 * is `undefined`.
 *
 * @returns `null` for all other options, and for long lists
 */
export function plainOptionsOf (options: object): object | null {
  if (isList(options)) return null
  const copies = Object.entries(options).map(([name, value]: [string, unknown]) => [name, isList(value) ? [...value] : value] as const)
  const isPlain = copies.every(([, value]) => value === undefined || isPlainValue(value) ||
    (isList(value) && value.length <= LONGEST_COMPARED && value.every(isPlainValue)))
  return isPlain ? Object.fromEntries(copies) : null
}

/** True if options have not changed since they were copied. */
export function isCopyOf (copy: object, options: object): boolean {
  const copied = Object.entries(copy)
  return Object.keys(options).length === copied.length && copied.every(([option, value]) => {
    const now: unknown = Reflect.get(options, option)
    return isList(value) && isList(now) ? now.length === value.length && value.every((item, index) => item === now[index]) : now === value
  })
}

function isPlainValue (value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)
}
