import { type CorsOptions, DEFAULTS } from '../options/schema.js'
import { listItems } from '../http/token.js'
import { cacheControlOf } from '../policy/compile.js'
import type { Policy } from '../policy/policy.js'

/** A policy as plain JSON: its options, defaults included. */
export interface PolicyDescription {
  /** Origins, patterns and expressions as text. `'*'`: any. `true`: any, reflected. `'function'`: a function decides. */
  readonly origin: boolean | string | string[]
  readonly methods: '*' | string[]
  /** `'requested'`: all names that the page asks for. */
  readonly allowedHeaders: '*' | 'requested' | string[]
  readonly exposedHeaders: '*' | string[]
  readonly credentials: boolean
  /** In seconds; `null`: not sent. */
  readonly maxAge: number | null
  readonly cacheControl: string | null
  readonly optionsSuccessStatus: number
  readonly preflight: boolean
  readonly preflightContinue: boolean
  readonly privateNetwork: boolean
  readonly timingAllowOrigin: boolean
  readonly enforce: false | 'unsafe' | 'all'
  /** A delegator may choose other options for each request. */
  readonly delegator: boolean
}

/** Describes a policy; `false` if CORS is off. */
export function describePolicy ({ enabled, options }: Policy): PolicyDescription | false {
  return enabled && describeOptions(options)
}

/** Describes options, defaults included. */
export function describeOptions (options: CorsOptions): PolicyDescription {
  return {
    origin: describeOrigin(options.origin),
    methods: describeList(options.methods ?? DEFAULTS.methods),
    allowedHeaders: options.allowedHeaders === undefined ? 'requested' : describeList(options.allowedHeaders),
    exposedHeaders: describeList(options.exposedHeaders ?? []),
    credentials: options.credentials ?? DEFAULTS.credentials,
    maxAge: options.maxAge ?? null,
    cacheControl: cacheControlOf(options),
    optionsSuccessStatus: options.optionsSuccessStatus ?? DEFAULTS.optionsSuccessStatus,
    preflight: options.preflight ?? DEFAULTS.preflight,
    preflightContinue: options.preflightContinue ?? DEFAULTS.preflightContinue,
    privateNetwork: options.privateNetwork ?? DEFAULTS.privateNetwork,
    timingAllowOrigin: options.timingAllowOrigin ?? DEFAULTS.timingAllowOrigin,
    enforce: options.enforce ?? DEFAULTS.enforce,
    delegator: options.delegator !== undefined
  }
}

function describeOrigin (origin: CorsOptions['origin'] = false): PolicyDescription['origin'] {
  if (typeof origin === 'boolean' || typeof origin === 'string') return origin
  if (typeof origin === 'function') return 'function'
  return origin instanceof RegExp ? String(origin) : origin.map(String)
}

function describeList (value: string | readonly string[]): '*' | string[] {
  const items = listItems(value)
  return items.length === 1 && items[0] === '*' ? '*' : [...items]
}
