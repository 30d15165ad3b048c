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

/** What routes outside `urls` come down to: CORS is off there, but enforcement holds (S4). */
const OUTSIDE_URLS = {
  none: { origin: false, enforce: false },
  unsafe: { origin: false, enforce: 'unsafe' },
  all: { origin: false, enforce: 'all' }
} as const

/** The policy of an override, and the route that had it first. */
interface KnownOverride {
  readonly policy: Policy
  readonly place: string
}

/** What a registration says at one moment. Another takes its place as a whole, so that no request sees half a change. */
interface Snapshot {
  readonly options: CorsOptions
  /** The policy of routes without an override of their own. */
  readonly policy: Policy
  /** Whether a request target is inside `urls`; `null` where all are. */
  readonly isInside: ((target: string) => boolean) | null
  /** What has been seen in `config.cors` of routes. */
  readonly overrides: Map<unknown, KnownOverride>
  /** The policies of equal overrides. */
  readonly known: KnownOptions
  readonly delegate: Delegate | null
  /** The policy of every request that is covered, where there can be no other. */
  onlyPolicy: Policy | null
}

/**
 * Asks the delegator for the policy of a request: its result over the registration's options, and the route's own keys
 * over both.
 *
 * @param override - what `config.cors` of the route holds
 * @param placeOf - names the route in errors
 * @returns a promise only where the delegator returns one
 * @throws what the delegator throws, or {@link CorsConfigError} for a result that can't work or is not safe
 */
export type Delegate = (request: FastifyRequest, override: unknown, placeOf: () => string) => Policy | Promise<Policy>

/** What the OPTIONS routes of a registration are constrained by. */
export interface Slot {
  readonly number: number
  /** Whether the routes are those of another registration, which has the same prefix. */
  readonly isShared: boolean
}

/** One `register(corsPlugin, options)`: it covers its context and the contexts below, but for those with their own. */
export class Registration {
  private snapshot: Snapshot

  /** @param complete - whether every route of the application is seen, so that there can be no others */
  constructor (
    readonly instance: FastifyInstance,
    readonly slot: Slot,
    options: CorsOptions,
    private readonly cache: PolicyCache,
    readonly complete: boolean
  ) {
    this.snapshot = this.take(options)
  }

  get options (): CorsOptions {
    return this.snapshot.options
  }

  /** The policy of routes without an override of their own. */
  get policy (): Policy {
    return this.snapshot.policy
  }

  /**
   * The policy of every request that it covers, where no other can come up: the ordinary case, found out once, so that
   * requests need not.
   */
  get onlyPolicy (): Policy | null {
    return this.snapshot.onlyPolicy
  }

  /** Asks the delegator of the options in force; `null` where there is none. Another one is asked after `reconfigure`. */
  get delegate (): Delegate | null {
    return this.snapshot.delegate
  }

  /** Whether all that it covers has the same policy. */
  get hasOnePolicy (): boolean {
    const { options, overrides } = this.snapshot
    return overrides.size === 0 && options.urls === undefined
  }

  /** Whether it says something about every URL. */
  get hasNoUrls (): boolean {
    return this.snapshot.isInside === null
  }

  /** Whether it says anything about a URL (`urls`). */
  covers (url = ''): boolean {
    const { isInside } = this.snapshot
    return isInside === null || isInside(url)
  }

  /** The policy of a route, unless its override has never been asked for before. */
  knownPolicyOf (override: unknown): Policy | undefined {
    if (override === undefined || override === true) return this.snapshot.policy
    return this.snapshot.overrides.get(override)?.policy
  }

  /**
   * The policy of a route, whose override is merged over the registration's options (S4).
   *
   * @param override - what `config.cors` of the route holds
   * @param place - names the route in errors
   * @throws {@link CorsConfigError} when what comes out can't work or is not safe
   */
  policyOf (override: unknown, place: string): Policy {
    return this.knownPolicyOf(override) ?? this.learn(this.snapshot, override, place)
  }

  /**
   * The policy of a route for paths that are outside `urls`: nothing of its override matters but how it is enforced.
   *
   * @throws {@link CorsConfigError} as `policyOf` does
   */
  policyOutsideUrls (override: unknown, place: string): Policy {
    return this.policyOf(OUTSIDE_URLS[this.policyOf(override, place).enforce || 'none'], place)
  }

  /**
   * Puts other options in the place of those in force, under the overrides of the routes too.
   *
   * @throws {@link CorsConfigError} when they can't work or are not safe; the old ones then stay
   */
  reconfigure (options: unknown): void {
    const { overrides } = this.snapshot
    const next = this.take(parseReconfiguration(options, this.snapshot.options))
    forEachRoute([...overrides], ([, { place }]) => place, ([override, { place }]) => this.learn(next, override, place))
    this.snapshot = next
  }

  private take (options: CorsOptions): Snapshot {
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
    // Equal overrides are checked once, since a thousand routes may have the same.
    const policy = known.policyOf(override, undefined, given =>
      this.cache.policyOf(given === false ? { ...options, origin: false } : parseRouteOverride(given, options, place)))
    overrides.set(override, { policy, place })
    snapshot.onlyPolicy = null
    return policy
  }
}

/**
 * Does something for each route.
 *
 * @throws one {@link CorsConfigError} with what is wrong in any of them
 */
export function forEachRoute<T> (routes: readonly T[], placeOf: (route: T) => string, attempt: (route: T) => unknown): void {
  refuse([], refusedRoutes(routes, placeOf, attempt))
}

/** What is wrong, and where that is. */
export type Refused = readonly [place: string, error: CorsConfigError]

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
  if (others.length === 0) throw only[1]
  const issues = [only, ...others].flatMap(([place, error]) => error.issues.map(issue => ({ ...issue, message: `in ${place}, ${issue.message}` })))
  const counted = [countOf(registrations, 'registration'), countOf(routes, 'route')].filter(count => count !== '')
  throw new CorsConfigError(issues, ` of ${counted.join(' and ')}`)
}

function countOf ({ length }: readonly Refused[], what: string): string {
  return length === 0 ? '' : `${length} ${what}${length === 1 ? '' : 's'}`
}
