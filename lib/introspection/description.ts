import type { CorsOptions } from '../options/schema.js'
import { listItems } from '../http/token.js'
import type { Policy } from '../policy/policy.js'

/** A policy as plain JSON: its options, those that were not given too. */
export interface PolicyDescription {
  /** Origins, patterns and regular expressions as text; `'*'` any; `true` any, reflected; `'function'` decided by one. */
  readonly origin: boolean | string | string[]
  readonly methods: '*' | string[]
  /** `'requested'`: the names that the page asks for. */
  readonly allowedHeaders: '*' | 'requested' | string[]
  readonly exposedHeaders: '*' | string[]
  readonly credentials: boolean
  /** Seconds; `null`: not sent. */
  readonly maxAge: number | null
  readonly cacheControl: string | null
  readonly optionsSuccessStatus: number
  readonly preflight: boolean
  readonly preflightContinue: boolean
  readonly privateNetwork: boolean
  readonly timingAllowOrigin: boolean
  readonly enforce: false | 'unsafe' | 'all'
  /** Whether a delegator may choose other options for each request. */
  readonly delegator: boolean
}

/** Describes a policy; `false` where CORS is off. */
export function describePolicy ({ enabled, options }: Policy): PolicyDescription | false {
  return enabled && describeOptions(options)
}

/** Describes options, with the defaults of those that were not given. */
export function describeOptions (options: CorsOptions): PolicyDescription {
  return {
    origin: describeOrigin(options.origin),
    methods: describeList(options.methods ?? ['GET', 'HEAD', 'POST']),
    allowedHeaders: options.allowedHeaders === undefined ? 'requested' : describeList(options.allowedHeaders),
    exposedHeaders: describeList(options.exposedHeaders ?? []),
    credentials: options.credentials ?? false,
    maxAge: options.maxAge ?? null,
    cacheControl: typeof options.cacheControl === 'number' ? `max-age=${options.cacheControl}` : options.cacheControl ?? null,
    optionsSuccessStatus: options.optionsSuccessStatus ?? 204,
    preflight: options.preflight ?? true,
    preflightContinue: options.preflightContinue ?? false,
    privateNetwork: options.privateNetwork ?? false,
    timingAllowOrigin: options.timingAllowOrigin ?? false,
    enforce: options.enforce ?? false,
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
