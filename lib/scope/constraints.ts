import type { FastifyInstance } from 'fastify'
import type { Routable } from './routable.js'

/** A strategy by which a router chooses among the routes of one method and URL: as find-my-way has it, so far as it is used here. */
interface Strategy {
  storage (): { get (value: unknown): unknown, set (value: unknown, handler: unknown): void }
  deriveConstraint (request: Routable): unknown
}

/** What else of a preflight is as it will be in the announced request. */
const CARRIED = new Set(['url', 'originalUrl', 'socket', 'connection', 'httpVersion', 'httpVersionMajor', 'httpVersionMinor'])

/** Stands for the route in storages that only it is put in. */
const HERE = Symbol('here')

/** Present in a preflight, yet not what the announced request will carry. */
const OF_THE_PREFLIGHT = new Set(['accept', 'content-length', 'sec-fetch-dest', 'sec-fetch-mode'])

/** What an application's router makes of the constraints of routes. */
export class Constraints {
  private readonly strategies: ReadonlyMap<string, Strategy>
  /** Which expressions match the host that was asked for last: it is looked up by one method after the other. */
  private lastHost = { host: '', matches: new Map<RegExp, boolean>() }

  /** Only the strategies that were given when the application was created can be read. */
  constructor ({ initialConfig }: FastifyInstance) {
    const { constraints = {} }: { constraints?: Readonly<Record<string, Strategy>> } = { ...initialConfig, ...initialConfig.routerOptions }
    this.strategies = new Map(Object.entries(constraints))
  }

  /**
   * Of routes that only constraints tell apart, those whose host is the request's. The router's own strategy takes the
   * exact host before regular expressions, and of those the first that matches.
   */
  ofHost<T extends { readonly constraints: Readonly<Record<string, unknown>> }> (routes: readonly T[], { headers }: Routable): readonly T[] {
    if (routes.every(({ constraints }) => constraints.host === undefined)) return routes
    const host = headers.host ?? headers[':authority']
    const hostOf = ({ constraints }: T): unknown => this.isHost('host') ? constraints.host : undefined
    const hosts = routes.map(hostOf)
    const chosen = hosts.find(constraint => constraint === host) ?? hosts.find(constraint => this.matchesHost(constraint, String(host)))
    return routes.filter(route => hostOf(route) === undefined || hostOf(route) === chosen)
  }

  private matchesHost (constraint: unknown, host: string): boolean {
    if (!(constraint instanceof RegExp)) return false
    if (host !== this.lastHost.host) this.lastHost = { host, matches: new Map() }
    const known = this.lastHost.matches.get(constraint)
    if (known !== undefined) return known
    const matches = new RegExp(constraint.source, constraint.flags.replace(/[gy]/g, '')).test(host)
    this.lastHost.matches.set(constraint, matches)
    return matches
  }

  /** Whether a constraint is one for the router's own strategy for hosts, which an application can replace. */
  private isHost (name: string): boolean {
    return name === 'host' && !this.strategies.has(name)
  }

  /**
   * Whether the request that a preflight announces will meet a route's constraints: `null` where that can't be told,
   * since they depend on something that a preflight does not carry. The host is looked at by `ofHost`.
   */
  willMatch (constraints: Readonly<Record<string, unknown>>, preflight: Routable, method: string): boolean | null {
    let known = true
    for (const [name, constraint] of Object.entries(constraints)) {
      if (this.isHost(name)) continue
      const strategy = this.strategies.get(name)
      const matches = strategy === undefined ? null : willDerive(strategy, constraint, preflight, method)
      if (matches === false) return false
      known &&= matches === true
    }
    return known ? true : null
  }
}

function willDerive (strategy: Strategy, constraint: unknown, preflight: Routable, method: string): boolean | null {
  // A third parameter makes a strategy asynchronous, and routing can't wait for it here.
  if (strategy.deriveConstraint.length > 2) return null
  const seen = { onlyCarried: true }
  const look = (isCarried: boolean): void => { seen.onlyCarried &&= isCarried }
  const headers = new Proxy(preflight.headers, {
    get (target, name, receiver): unknown {
      look(isCarriedHeader(target, name))
      return Reflect.get(target, name, receiver)
    },
    has (target, name) {
      look(isCarriedHeader(target, name))
      return Reflect.has(target, name)
    },
    getOwnPropertyDescriptor (target, name) {
      look(isCarriedHeader(target, name))
      return Reflect.getOwnPropertyDescriptor(target, name)
    },
    ownKeys (target) {
      look(false)
      return Reflect.ownKeys(target)
    }
  })
  const announced = new Proxy(preflight, {
    get (target, name): unknown {
      if (name === 'headers') return headers
      if (name === 'method') return method
      look(typeof name === 'string' && CARRIED.has(name))
      return Reflect.get(target, name)
    }
  })
  try {
    const derived: unknown = strategy.deriveConstraint(announced)
    if (!seen.onlyCarried) return null
    const storage = strategy.storage()
    storage.set(constraint, HERE)
    return storage.get(derived) === HERE
  } catch {
    return null
  }
}

function isCarriedHeader (headers: object, name: string | symbol): boolean {
  return typeof name === 'string' && Object.hasOwn(headers, name) && !OF_THE_PREFLIGHT.has(name)
}
