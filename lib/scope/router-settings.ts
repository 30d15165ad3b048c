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

/** The description of the symbol under which Fastify keeps the options that it was created with. */
const KEPT = 'fastify.options'

/** The settings of an application's router, defaults included. */
export function routerSettingsOf (root: FastifyInstance): RouterSettings {
  const { routerOptions, ...deprecated } = root.initialConfig
  // Fastify 5.5.0 to 5.6.2 have the defaults in `initialConfig`, whatever was given.
  return { ...deprecated, ...routerOptions, ...keptSettingsOf(root) }
}

function keptSettingsOf (root: FastifyInstance): RouterSettings | undefined {
  const symbol = Object.getOwnPropertySymbols(root).find(({ description }) => description === KEPT)
  const kept: unknown = symbol === undefined ? undefined : Reflect.get(root, symbol)
  return hasSettings(kept) ? kept.routerOptions : undefined
}

function hasSettings (kept: unknown): kept is { routerOptions: RouterSettings } {
  return typeof kept === 'object' && kept !== null && 'routerOptions' in kept && typeof kept.routerOptions === 'object'
}
