import type { IncomingMessage } from 'node:http'
import type { FastifyInstance } from 'fastify'
import type { ConstraintStrategy, HTTPVersion } from 'find-my-way'
import type { Routable } from './routable.js'

/** A strategy by which a router chooses among the routes of one method and URL. */
export type Strategy = ConstraintStrategy<HTTPVersion.V1, unknown>

/** Present in a preflight, yet not what the announced request will carry. */
const OF_THE_PREFLIGHT = new Set(['accept', 'content-length', 'sec-fetch-dest', 'sec-fetch-mode'])

/** What an application's router makes of the constraints of routes. */
export class Constraints {
  private readonly strategies: ReadonlyMap<string, Strategy>

  /** Only the strategies that were given when the application was created can be read. */
  constructor ({ initialConfig }: FastifyInstance) {
    const given: object = initialConfig.routerOptions?.constraints ?? ('constraints' in initialConfig ? Object(initialConfig.constraints) : {})
    this.strategies = new Map(Object.entries(given))
  }

  /**
   * Whether the request that a preflight announces will meet a route's constraints: `null` where that can't be told,
   * since they depend on something that a preflight does not carry.
   */
  willMatch (constraints: Readonly<Record<string, unknown>>, preflight: Routable, method: string): boolean | null {
    let known = true
    for (const [name, constraint] of Object.entries(constraints)) {
      const strategy = this.strategies.get(name)
      const matches = strategy === undefined
        ? name === 'host' ? matchesHost(constraint, preflight) : null
        : willDerive(strategy, constraint, preflight, method)
      if (matches === false) return false
      known &&= matches === true
    }
    return known ? true : null
  }
}

/** As the router's own strategy has it: a text is the whole host, port and all. */
function matchesHost (constraint: unknown, { headers }: Routable): boolean {
  const host = headers.host ?? String(headers[':authority'])
  return constraint instanceof RegExp ? new RegExp(constraint.source, constraint.flags.replace(/[gy]/g, '')).test(host) : constraint === host
}

function willDerive (strategy: Strategy, constraint: unknown, preflight: Routable, method: string): boolean | null {
  // A third parameter makes a strategy asynchronous, and routing can't wait for it here.
  if (strategy.deriveConstraint.length > 2) return null
  let carried = true
  const headers = new Proxy(preflight.headers, {
    get (target, name, receiver): unknown {
      if (typeof name === 'string' && (!Object.hasOwn(target, name) || OF_THE_PREFLIGHT.has(name))) carried = false
      return Reflect.get(target, name, receiver)
    }
  })
  const announced = Object.create(preflight, { headers: { value: headers }, method: { value: method } }) as IncomingMessage
  try {
    const derived: unknown = strategy.deriveConstraint(announced)
    if (!carried) return null
    const storage = strategy.storage()
    storage.set(constraint, here)
    return storage.get(derived) === here
  } catch {
    return null
  }
}

function here (): void {}
