import type { FastifyInstance, FastifyRequest } from 'fastify'
import { CorsConfigError } from '../options/issue.js'
import { parseDelegated, parseReconfiguration, parseRouteOverride } from '../options/parse.js'
import type { CorsOptions } from '../options/schema.js'
import { KnownOptions, type PolicyCache } from '../policy/cache.js'
import type { Policy } from '../policy/policy.js'
import { isThenable } from '../thenable.js'
import { pathTest } from './routed-path.js'
import { rootOf } from './route-table.js'
import { routerSettingsOf } from './router-settings.js'

/** The options of routes outside `urls`: CORS is off there, but enforcement holds (S4). */
const OUTSIDE_URLS = {
  none: { origin: false, enforce: false },
  unsafe: { origin: false, enforce: 'unsafe' },
  all: { origin: false, enforce: 'all' }
} as const

/** The policy of an override. */
interface KnownOverride {
  readonly policy: Policy
  /** The route that had it first. */
  readonly place: string
}

/** The state of a registration. `reconfigure` replaces it as a whole, so that no request sees half a change (S8). */
interface Snapshot {
  readonly options: CorsOptions
  /** The policy of routes without an override. */
  readonly policy: Policy
  /** True for a request target inside `urls`; `null` if all are. */
  readonly isInside: ((target: string) => boolean) | null
  /** By the value of `config.cors`. */
  readonly overrides: Map<unknown, KnownOverride>
  /** Lets equal overrides share a policy. */
  readonly known: KnownOptions
  readonly delegate: Delegate | null
  /** The policy of every request that is covered; `null` if there may be another. */
  onlyPolicy: Policy | null
}

/**
 * Asks the delegator for the policy of a request. Its result goes over the registration's options, and the route's own
 * options over both.
 *
 * @param override - `config.cors` of the route
 * @param placeOf - names the route in errors
 * @returns a promise only if the delegator returns one
 * @throws what the delegator throws, or {@link CorsConfigError} for a result that can't work or is not safe
 */
export type Delegate = (request: FastifyRequest, override: unknown, placeOf: () => string) => Policy | Promise<Policy>

/** The constraint value of a registration's OPTIONS routes. */
export interface Slot {
  readonly number: number
  /** The routes belong to another registration of the same prefix. */
  readonly isShared: boolean
}

/** One `register(corsPlugin, options)`. It covers its context and those below, but for those with their own (S2). */
export class Registration {
  private snapshot: Snapshot

  /** @param complete - true if every route of the application is known */
  constructor (
    readonly instance: FastifyInstance,
    readonly slot: Slot,
    options: CorsOptions,
    private readonly cache: PolicyCache,
    readonly complete: boolean
  ) {
    this.snapshot = this.snapshotOf(options)
  }

  get options (): CorsOptions {
    return this.snapshot.options
  }

  /** The policy of routes without an override. */
  get policy (): Policy {
    return this.snapshot.policy
  }

  /**
   * The policy of every request that it covers; `null` if there may be another. Most applications have one, which saves each
   * request a look-up.
   */
  get onlyPolicy (): Policy | null {
    return this.snapshot.onlyPolicy
  }

  /** Asks the delegator of the current options; `null` if there is none. */
  get delegate (): Delegate | null {
    return this.snapshot.delegate
  }

  /** True for a URL inside `urls`. */
  covers (url = ''): boolean {
    const { isInside } = this.snapshot
    return isInside === null || isInside(url)
  }

  /** The policy of a route; `undefined` if its override is new. */
  knownPolicyOf (override: unknown): Policy | undefined {
    if (override === undefined || override === true) return this.snapshot.policy
    return this.snapshot.overrides.get(override)?.policy
  }

  /**
   * The policy of a route: its override over the registration's options (S4). It is compiled on first use.
   *
   * @param override - `config.cors` of the route
   * @param place - names the route in errors
   * @throws {@link CorsConfigError} if the result can't work or is not safe
   */
  policyOf (override: unknown, place: string): Policy {
    return this.knownPolicyOf(override) ?? this.learn(this.snapshot, override, place)
  }

  /**
   * The policy of a route for paths outside `urls`: of its override, only `enforce` holds.
   *
   * @throws {@link CorsConfigError} as `policyOf` does
   */
  policyOutsideUrls (override: unknown, place: string): Policy {
    return this.policyOf(OUTSIDE_URLS[this.policyOf(override, place).enforce || 'none'], place)
  }

  /**
   * Replaces the options, under the overrides of routes too.
   *
   * @throws {@link CorsConfigError} if they can't work or are not safe; the old ones then stay
   */
  reconfigure (options: unknown): void {
    const { overrides } = this.snapshot
    const next = this.snapshotOf(parseReconfiguration(options, this.snapshot.options))
    refuse([], refusedRoutes([...overrides], ([, { place }]) => place, ([override, { place }]) => this.learn(next, override, place)))
    this.snapshot = next
  }

  /** A copy to try other options on, its own or its routes'. The application does not know it. */
  copy (options: CorsOptions = this.options): Registration {
    const copy = new Registration(this.instance, this.slot, options, this.cache, this.complete)
    if (options === this.options) copy.snapshot = { ...this.snapshot, overrides: new Map(this.snapshot.overrides) }
    return copy
  }

  private snapshotOf (options: CorsOptions): Snapshot {
    const { delegator, urls } = options
    const policy = this.cache.policyOf(options)
    return {
      options,
      policy,
      isInside: urls === undefined ? null : pathTest(urls, routerSettingsOf(rootOf(this.instance))),
      overrides: new Map(),
      known: new KnownOptions(),
      delegate: delegator === undefined ? null : this.delegateTo(delegator, options),
      onlyPolicy: this.complete && urls === undefined && delegator === undefined ? policy : null
    }
  }

  private delegateTo (delegator: NonNullable<CorsOptions['delegator']>, options: CorsOptions): Delegate {
    const known = new KnownOptions()
    const policyOf = (result: unknown, override: unknown, placeOf: () => string): Policy => known.policyOf(result, override, given => {
      const own = typeof override === 'object' && override !== null ? override : {}
      return this.cache.policyOf(parseDelegated(given, options, own, placeOf()), true)
    })
    return (request, override, placeOf) => {
      const result: unknown = delegator.call(this.instance, request)
      return isThenable(result)
        ? Promise.resolve(result).then(value => policyOf(value, override, placeOf))
        : policyOf(result, override, placeOf)
    }
  }

  private learn (snapshot: Snapshot, override: unknown, place: string): Policy {
    const { options, known, overrides } = snapshot
    const policy = known.policyOf(override, undefined, given =>
      this.cache.policyOf(given === false ? { ...options, origin: false } : parseRouteOverride(given, options, place)))
    overrides.set(override, { policy, place })
    snapshot.onlyPolicy = null
    return policy
  }
}

/** The problems of a registration or a route. */
type Refused = readonly [place: string, error: CorsConfigError]

/** The routes whose options can't work or are not safe. */
export function refusedRoutes<T> (routes: readonly T[], placeOf: (route: T) => string, attempt: (route: T) => unknown): Refused[] {
  const errors = new Map<string, CorsConfigError>()
  for (const route of routes) {
    try {
      attempt(route)
    } catch (error) {
      if (!(error instanceof CorsConfigError)) throw error
      errors.set(`route ${placeOf(route)}`, error)
    }
  }
  return [...errors]
}

/**
 * Reports all that is wrong at once.
 *
 * @throws one {@link CorsConfigError}, unless nothing is wrong
 */
export function refuse (registrations: readonly Refused[], routes: readonly Refused[]): void {
  const [only, ...others] = [...registrations, ...routes]
  if (only === undefined) return
  if (others.length === 0 && routes.length === 0) throw only[1]
  const issues = [only, ...others].flatMap(([place, error]) => error.issues.map(issue => ({ ...issue, message: `in ${place}, ${issue.message}` })))
  const counted = [countOf(registrations, 'registration'), countOf(routes, 'route')].filter(count => count !== '')
  throw new CorsConfigError(issues, ` of ${others.length === 0 ? only[0] : counted.join(' and ')}`)
}

function countOf ({ length }: readonly Refused[], what: string): string {
  return length === 0 ? '' : `${length} ${what}${length === 1 ? '' : 's'}`
}
