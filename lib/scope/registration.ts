import type { FastifyInstance, FastifyRequest } from 'fastify'
import { CorsConfigError } from '../options/issue.js'
import { parseDelegated, parseReconfiguration, parseRouteOverride } from '../options/parse.js'
import type { CorsOptions } from '../options/schema.js'
import type { Policy } from '../policy/policy.js'
import { isThenable } from '../thenable.js'
import { KnownResults, plainOptionsOf, type PolicyCache } from '../policy/cache.js'
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
  /** The policies of those among them that are plain data, by what they are in JSON. */
  readonly equals: Map<string, Policy>
  /** What has come of a delegator's results. */
  readonly results: KnownResults
  /** The policy of all that is covered, where nothing has to be looked up, asked or enforced first. */
  plain: Policy | null
}

/** What the OPTIONS routes of a registration are constrained by. */
export interface Slot {
  readonly number: number
  /** Whether the routes are those of another registration, which has the same prefix. */
  readonly isShared: boolean
}

/** One `register(corsPlugin, options)`: it covers its context and the contexts below, but for those with their own. */
export class Registration {
  private snapshot: Snapshot
  private settled = false

  constructor (
    readonly instance: FastifyInstance,
    readonly slot: Slot,
    options: CorsOptions,
    private readonly cache: PolicyCache
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
   * The policy of every request that it covers, where there is only this one, and nothing has to be asked or enforced:
   * the ordinary case, found out once, so that requests need not.
   */
  get plain (): Policy | null {
    return this.snapshot.plain
  }

  /**
   * Notes that the routes have been seen.
   *
   * @param all - whether there can be no others
   */
  settle (all: boolean): void {
    this.settled = all
    this.snapshot.plain = this.plainOf(this.snapshot)
  }

  /** Whether the policy is another one for each request. */
  get delegates (): boolean {
    return this.snapshot.options.delegator !== undefined
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
   * The policy that the delegator chooses for a request: its result over the registration's options, and the route's
   * own keys over both. A promise only where the delegator returns one.
   *
   * @param placeOf - names the route in errors
   * @throws what the delegator throws, or {@link CorsConfigError} for a result that can't work or is not safe
   */
  delegate (request: FastifyRequest, override: unknown, placeOf: () => string): Policy | Promise<Policy> {
    const { snapshot } = this
    const result: unknown = snapshot.options.delegator?.call(this.instance, request)
    return isThenable(result)
      ? Promise.resolve(result).then(settled => this.delegated(snapshot, settled, override, placeOf))
      : this.delegated(snapshot, result, override, placeOf)
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
    next.plain = this.plainOf(next)
    this.snapshot = next
  }

  private plainOf ({ options, policy, overrides }: Snapshot): Policy | null {
    const { delegator, hook = 'onRequest', urls } = options
    const isPlain = this.settled && overrides.size === 0 && urls === undefined && delegator === undefined && hook === 'onRequest' &&
      policy.enabled && policy.origins.ask === null && policy.enforce === false
    return isPlain ? policy : null
  }

  private take (options: CorsOptions): Snapshot {
    return {
      options,
      policy: this.cache.policyOf(options),
      isInside: options.urls === undefined ? null : pathTest(options.urls, routerSettingsOf(rootOf(this.instance))),
      overrides: new Map(),
      equals: new Map(),
      results: new KnownResults(),
      plain: null
    }
  }

  private learn (snapshot: Snapshot, override: unknown, place: string): Policy {
    const plain = plainOptionsOf(override)
    const policy = plain === null ? this.parse(snapshot, override, place) : this.parseOnce(snapshot, plain, place)
    snapshot.overrides.set(override, { policy, place })
    snapshot.plain = null
    return policy
  }

  /** Checks equal overrides once, since a thousand routes may have the same. */
  private parseOnce (snapshot: Snapshot, override: object, place: string): Policy {
    const text = JSON.stringify(override)
    const policy = snapshot.equals.get(text) ?? this.parse(snapshot, override, place)
    snapshot.equals.set(text, policy)
    return policy
  }

  private parse ({ options }: Snapshot, override: unknown, place: string): Policy {
    return this.cache.policyOf(override === false ? { ...options, origin: false } : parseRouteOverride(override, options, place))
  }

  private delegated ({ options, results }: Snapshot, result: unknown, override: unknown, placeOf: () => string): Policy {
    return results.policyOf(result, override, given => {
      const own = typeof override === 'object' && override !== null ? override : {}
      return this.cache.policyOf(parseDelegated(given, options, own, placeOf()), true)
    })
  }
}

/**
 * Does something for each route.
 *
 * @throws one {@link CorsConfigError} with what is wrong in any of them
 */
export function forEachRoute<T> (routes: readonly T[], placeOf: (route: T) => string, attempt: (route: T) => unknown): void {
  const errors = new Map<string, CorsConfigError>()
  for (const route of routes) {
    try {
      attempt(route)
    } catch (error) {
      if (!(error instanceof CorsConfigError)) throw error
      errors.set(placeOf(route), error)
    }
  }
  const [only, ...others] = errors.values()
  if (only === undefined) return
  if (others.length === 0) throw only
  const issues = [...errors].flatMap(([place, error]) => error.issues.map(issue => ({ ...issue, message: `in route ${place}, ${issue.message}` })))
  throw new CorsConfigError(issues, ` of ${errors.size} routes`)
}
