import { type CorsOptions, ROUTE_DEFAULTS } from '../options/schema.js'
import { listItems } from '../http/token.js'
import { cacheControlOf, type Policy, withDefaults } from '../policy/policy.js'

/** The options that are described as they are given. */
type AsGiven = Omit<typeof ROUTE_DEFAULTS, 'methods' | 'dangerouslyAllow'>

/** A policy as plain JSON: its options, defaults included. */
export interface PolicyDescription extends AsGiven {
  /** Origins, patterns and expressions as text. `'*'`: any. `true`: any, reflected. `'function'`: a function decides. */
  readonly origin: boolean | string | string[]
  readonly methods: '*' | string[]
  /** `'requested'`: all names that the page asks for. */
  readonly allowedHeaders: '*' | 'requested' | string[]
  readonly exposedHeaders: '*' | string[]
  /** In seconds; `null`: not sent. */
  readonly maxAge: number | null
  readonly cacheControl: string | null
  /** A delegator may choose other options for each request. */
  readonly delegator: boolean
}

/** Describes a policy; `false` if CORS is off. */
export function describePolicy ({ enabled, options }: Policy): PolicyDescription | false {
  return enabled && describeOptions(options)
}

/** Describes options, defaults included. */
export function describeOptions (options: CorsOptions): PolicyDescription {
  const { methods, dangerouslyAllow, ...asGiven } = withDefaults(ROUTE_DEFAULTS, options)
  return {
    origin: describeOrigin(options.origin),
    methods: describeList(methods),
    allowedHeaders: options.allowedHeaders === undefined ? 'requested' : describeList(options.allowedHeaders),
    exposedHeaders: describeList(options.exposedHeaders ?? []),
    ...asGiven,
    maxAge: options.maxAge ?? null,
    cacheControl: cacheControlOf(options),
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
