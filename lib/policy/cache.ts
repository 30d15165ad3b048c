import type { CorsOptions } from '../options/schema.js'
import { isList } from '../text.js'
import { compile } from './compile.js'
import type { Policy } from './policy.js'

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

/** A map that lets its oldest entry go where it would grow beyond its capacity: for what comes with requests. */
export class BoundedMap<K, V> extends Map<K, V> {
  constructor (private readonly capacity: number) {
    super()
  }

  override set (key: K, value: V): this {
    const [oldest] = this.keys()
    if (oldest !== undefined && this.size === this.capacity && !this.has(key)) this.delete(oldest)
    return super.set(key, value)
  }
}

/** Numbers objects, so that a text can say which one is meant. */
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

/** More policies than most delegators lead to. Each is kept with a text, which strangers may have a say in. */
const MOST_POLICIES = 1000
const LONGEST_KEPT = 10_000

/** What is known of an object that was given as options. */
interface KnownValue {
  /** What it was; `null` where it is no plain data. */
  readonly copy: object | null
  /** The policies that it has led to, by the override of the route that it was put under. */
  readonly policies: Map<unknown, Policy>
}

/**
 * The policies that given options have led to, overrides of routes and results of a delegator, so that what comes back
 * is not checked and compiled again. Equal options are one, where they are plain data, and those that are changed between
 * two requests are others from then on; all else is known by its identity.
 */
export class KnownOptions {
  private readonly byIdentity = new WeakMap<object, KnownValue>()
  private readonly byContent = new BoundedMap<string, Policy>(MOST_POLICIES)
  private readonly overrides = new Identities()

  /**
   * The policy of given options.
   *
   * @param override - that of the route, which a delegator's result is put under
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

  /** Empty where options are not known by their content. */
  private keyOf (copy: object | null, override: unknown): string {
    const text = JSON.stringify(copy)
    if (copy === null || text.length > LONGEST_KEPT) return ''
    return typeof override === 'object' && override !== null ? `${this.overrides.of(override)} ${text}` : text
  }
}

/** What is longer would fill the memory, where it is kept to be compared. */
const MOST_OPTIONS = 50
const LONGEST_LIST = 100
const LONGEST_TEXT = 1000

/**
 * A copy of options that consist of texts, numbers, booleans and short lists of these, as most do: equal ones are those
 * that are written the same in JSON, which leaves out what is `undefined`. `null` for all others.
 *
 * @param options - anything; each value is read once
 */
export function plainOptionsOf (options: unknown): object | null {
  if (typeof options !== 'object' || options === null || isList(options)) return null
  try {
    const names = Object.keys(options)
    if (names.length > MOST_OPTIONS) return null
    const copies: Array<[string, unknown]> = []
    for (const name of names) {
      const value: unknown = Reflect.get(options, name)
      const copy = isList(value) ? copyOf(value) : value
      const isPlain = copy === undefined || isPlainValue(copy) || (Array.isArray(copy) && copy.every(isPlainValue))
      if (!isPlain) return null
      copies.push([name, copy])
    }
    return Object.fromEntries(copies)
  } catch {
    // What can't be read is explained by whoever checks the options.
    return null
  }
}

/** Whether options are what they were when a copy was made of them. */
export function isCopyOf (copy: object, options: object): boolean {
  const copied = Object.entries(copy)
  try {
    return Object.keys(options).length === copied.length && copied.every(([option, value]) => {
      const now: unknown = Reflect.get(options, option)
      return Array.isArray(value) && isList(now) ? now.length === value.length && value.every((item, index) => item === now[index]) : now === value
    })
  } catch {
    return false
  }
}

function copyOf (list: readonly unknown[]): unknown[] | null {
  const { length } = list
  if (length > LONGEST_LIST) return null
  const items: unknown[] = []
  for (let index = 0; index < length; index++) items.push(list[index])
  return items
}

function isPlainValue (value: unknown): boolean {
  return typeof value === 'string' ? value.length <= LONGEST_TEXT : typeof value === 'boolean' || Number.isFinite(value)
}
