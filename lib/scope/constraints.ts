import { announcedValue, type Announcement, type Derived } from './announcement.js'
import type { Routable, RouteTable } from './route-table.js'
import type { OwnStrategy, RouterSettings, Storage } from './router-settings.js'

/** A strategy by which a router chooses among the routes of one method and URL. */
interface Strategy {
  readonly name: string
  /** A request with a derived value skips routes without the constraint. */
  readonly mustMatch: boolean
  storage (): Storage
  derive (request: Routable, method: string, announces: Announcement): Derived
}

/** The constraints of routes, as the application's router applies them. */
export class Constraints {
  private readonly strategies: readonly Strategy[]

  /** Only strategies that were given when the application was created can be read. */
  constructor ({ constraints = {} }: RouterSettings, { constraintNames, replaced }: Pick<RouteTable, 'constraintNames' | 'replaced'>) {
    const own = new Map<string, OwnStrategy>(Object.entries(constraints))
    // Strategies that must match count even if no route has their constraint.
    const names = new Set([...own].filter(([, { mustMatchWhenDerived }]) => mustMatchWhenDerived).map(([name]) => name))
    for (const name of constraintNames) names.add(name)
    this.strategies = Array.from(names, name => {
      const given = own.get(name)
      if (given !== undefined) return readable(name, given)
      const isRouters = !replaced.has(name)
      if (isRouters && name === 'host') return hosts
      return isRouters && name === 'version' ? versions : unreadable(name)
    })
  }

  /** The routes of one node of a router. */
  node<T extends Constrained> (routes: readonly T[]): ConstrainedNode<T> {
    return new ConstrainedNode(routes, this.strategies)
  }
}

/** The announced request, as far as the preflight tells. It asks each strategy once. */
export class AnnouncedRequest {
  private readonly values = new Map<Strategy, Derived>()
  private silenceCounts = true
  private heardSilence = false

  constructor (private readonly request: Routable, private readonly method: string, private readonly announces: Announcement) {}

  /**
   * From now on, headers may be sent that are not announced.
   *
   * @returns true if that makes a difference
   */
  expectAnything (): boolean {
    this.silenceCounts = false
    return this.heardSilence
  }

  valueOf (strategy: Strategy): Exclude<Derived, 'none-unless-sent'> {
    const value = this.values.get(strategy) ?? strategy.derive(this.request, this.method, this.announces)
    this.values.set(strategy, value)
    if (value !== 'none-unless-sent') return value
    this.heardSilence = true
    return this.silenceCounts ? NONE : 'any'
  }
}

const NONE = { value: undefined }

/** A route with its constraints. */
interface Constrained {
  readonly constraints: Readonly<Record<string, unknown>>
}

/** Two sets of routes of one node. Each route is a bit, as in routers, which allow 31. */
interface Reached {
  /** The request might reach them. */
  readonly possible: number
  /** The request would reach each of them, were it alone. */
  readonly certain: number
}

const ALL = -1

/** The routes of one method and URL: only constraints tell them apart. */
export class ConstrainedNode<T extends Constrained> {
  private readonly stores = new Map<Strategy, { readonly routes: number, readonly storage: Storage | null }>()

  private readonly byPreference: ReadonlyArray<readonly [index: number, route: T]>

  /** @param routes - the most constrained last, in the router's order */
  constructor (private readonly routes: readonly T[], private readonly strategies: readonly Strategy[]) {
    this.byPreference = [...routes.entries()].reverse()
    for (const strategy of strategies) {
      const { name } = strategy
      const constrained = routes.reduce((set, { constraints }, index) => constraints[name] === undefined ? set : set | 1 << index, 0)
      if (constrained !== 0) this.stores.set(strategy, { routes: constrained, storage: this.fill(strategy) })
    }
  }

  /**
   * Adds the routes that a request might reach to `candidates`.
   *
   * @returns true if it reaches one of them for certain, so that the router looks no further
   */
  addReached (request: AnnouncedRequest, candidates: T[]): boolean {
    const { possible, certain } = this.reachedBy(request)
    for (const [index, route] of this.byPreference) {
      if ((possible & 1 << index) !== 0) candidates.push(route)
      if ((certain & 1 << index) !== 0) return true
    }
    return false
  }

  private reachedBy (request: AnnouncedRequest): Reached {
    let possible = ALL
    let certain = ALL
    for (const strategy of this.strategies) {
      const reached = this.reachedIn(strategy, request.valueOf(strategy))
      possible &= reached.possible
      certain &= reached.certain
    }
    return { possible, certain }
  }

  private reachedIn (strategy: Strategy, derived: Exclude<Derived, 'none-unless-sent'>): Reached {
    const { routes, storage } = this.stores.get(strategy) ?? { routes: 0, storage: null }
    const passing = strategy.mustMatch ? 0 : ~routes
    if (derived === 'some') return { possible: routes | passing, certain: passing }
    if (derived === 'any') return { possible: ALL, certain: passing }
    if (derived.value === undefined) return { possible: ~routes, certain: ~routes }
    const matching = routes === 0 ? 0 : matchingIn(storage, derived.value)
    if (matching === null) return { possible: routes | passing, certain: passing }
    return { possible: matching | passing, certain: matching | passing }
  }

  /** Fills a storage as the router does; `null` if the strategy throws. */
  private fill (strategy: Strategy): Storage | null {
    const { name } = strategy
    try {
      const filled = strategy.storage()
      for (const [index, { constraints: { [name]: constraint } }] of this.routes.entries()) {
        if (constraint !== undefined) filled.set(constraint, Number(filled.get(constraint) ?? 0) | 1 << index)
      }
      return filled
    } catch {
      return null
    }
  }
}

/** The routes that a storage has for a value; `null` if that is not known. */
function matchingIn (storage: Storage | null, value: unknown): number | null {
  try {
    return storage === null ? null : Number(storage.get(value) ?? 0)
  } catch {
    return null
  }
}

function readable (name: string, strategy: OwnStrategy): Strategy {
  // A third parameter makes a strategy asynchronous. Nothing here can wait for it.
  const isAsynchronous = strategy.deriveConstraint.length > 2
  return {
    name,
    mustMatch: strategy.mustMatchWhenDerived === true,
    storage: () => strategy.storage(),
    derive: (request, method, announces) =>
      isAsynchronous ? 'any' : announcedValue(announced => strategy.deriveConstraint(announced), request, method, announces)
  }
}

function unreadable (name: string): Strategy {
  return { name, mustMatch: true, storage: () => new Map(), derive: () => 'any' }
}

/** The router's own strategy for hosts. */
const hosts: Strategy = {
  name: 'host',
  mustMatch: false,
  storage: () => new HostStorage(),
  derive: ({ headers }) => ({ value: headers.host || headers[':authority'] })
}

/** The router's own strategy for versions. No preflight tells the version. */
const versions: Strategy = {
  name: 'version',
  mustMatch: true,
  storage: () => new Map(),
  derive ({ headers }, _method, announces) {
    const announced = announces('accept-version')
    if (announced === true || headers['accept-version'] !== undefined) return 'some'
    return announced === null ? 'any' : 'none-unless-sent'
  }
}

/** Stores hosts as routers do: an exact host comes first, then the first expression that matches. */
class HostStorage implements Storage {
  private readonly exact = new Map<unknown, unknown>()
  private readonly expressions: Array<readonly [RegExp, unknown]> = []

  get (host: unknown): unknown {
    return this.exact.get(host) ?? this.expressions.find(([expression]) => expression.test(String(host)))?.[1]
  }

  set (host: unknown, value: unknown): void {
    if (host instanceof RegExp) this.expressions.push([new RegExp(host.source, host.flags.replace(/[gy]/g, '')), value])
    else this.exact.set(host, value)
  }
}
