import type { FastifyInstance } from 'fastify'
import type { Routable } from './route-table.js'

/** The settings of a router that decide which routes a request reaches. */
export interface RouterSettings {
  readonly caseSensitive?: boolean | undefined
  readonly constraints?: Readonly<Record<string, OwnStrategy>> | undefined
  readonly ignoreDuplicateSlashes?: boolean | undefined
  readonly ignoreTrailingSlash?: boolean | undefined
  readonly maxParamLength?: number | undefined
  readonly useSemicolonDelimiter?: boolean | undefined
}

/** A constraint strategy of the application's own, as far as it is used here. */
export interface OwnStrategy {
  readonly mustMatchWhenDerived?: boolean | undefined
  storage (): Storage
  deriveConstraint (request: Routable): unknown
}

/** The routes by the values of one constraint. */
export interface Storage {
  get (value: unknown): unknown
  set (value: unknown, indexes: unknown): void
}

/** The settings of an application's router, defaults included. */
export function routerSettingsOf (root: FastifyInstance): RouterSettings {
  const { routerOptions, ...deprecated } = root.initialConfig
  // Fastify 5.5.0 to 5.6.2 have the defaults in `initialConfig`, whatever was given.
  return { ...deprecated, ...routerOptions, ...keptSettingsOf(root) }
}

/** The options that the application was created with. */
function keptSettingsOf (root: FastifyInstance): RouterSettings | undefined {
  const kept = keptBy(root, 'fastify.options')
  return hasSettings(kept) ? kept.routerOptions : undefined
}

function hasSettings (kept: unknown): kept is { routerOptions: RouterSettings } {
  return typeof kept === 'object' && kept !== null && 'routerOptions' in kept && typeof kept.routerOptions === 'object'
}

/** A value that Fastify keeps in an application under a symbol with this description; `undefined` if it has none. */
export function keptBy (root: FastifyInstance, description: string): unknown {
  const symbol = Object.getOwnPropertySymbols(root).find(own => own.description === description)
  return symbol === undefined ? undefined : Reflect.get(root, symbol)
}
