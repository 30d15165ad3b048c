import type { FastifyRequest } from 'fastify'
import { show } from '../text.js'
import { InvalidCacheOptionsError } from './errors.js'

/** The part of an `ioredis` client that the cache uses. */
export interface RedisClient {
  /** The state of the connection, as ioredis names it. */
  readonly status: string
  get: (key: string) => Promise<string | null>
  set: ((key: string, value: string) => Promise<unknown>) &
    ((key: string, value: string, unit: 'PX', milliseconds: number) => Promise<unknown>)
}

/** A storage that several servers share. */
export interface RedisStorageOptions {
  readonly type: 'redis'
  /** A client of `ioredis`, which stays the application's: `close()` does not close it. */
  readonly client: RedisClient
  /**
   * The prefix of all keys in Redis: `fastify-cors-policy:` by default. Caches with different look-ups need different
   * prefixes.
   */
  readonly prefix?: string | undefined
}

/** The options of `cachedOrigins`. */
export interface CachedOriginsOptions {
  /** Decides if an origin is allowed. Only `true` allows; anything else but `false` is an error. */
  readonly lookup: (origin: string, request: FastifyRequest) => boolean | Promise<boolean>
  /** The seconds for which an answer is fresh. */
  readonly ttl: number
  /** The seconds after that in which `true` is still served, while it is looked up again: 0 by default. */
  readonly stale?: number | undefined
  /** The seconds for which `false` is kept: as long as `ttl` by default. */
  readonly negativeTtl?: number | undefined
  /** The number of allowed origins kept in memory, and of refused ones: 10,000 each by default. */
  readonly capacity?: number | undefined
  /** The milliseconds that a request waits at most: 1,000 by default. */
  readonly timeout?: number | undefined
  /** The look-ups that may run at once: 50 by default. */
  readonly maxLookups?: number | undefined
  /** Names the tenant, or whatever else the look-up depends on beside the origin. */
  readonly key?: ((origin: string, request: FastifyRequest) => string) | undefined
  /** The storage of the answers: memory by default. */
  readonly storage?: { readonly type: 'memory' } | RedisStorageOptions | undefined
  /**
   * Called with an error, and with the origin and the request if one was refused for it, or got an old answer. By default,
   * a line in the log of the request.
   */
  readonly onError?: ((error: unknown, origin?: string, request?: FastifyRequest) => unknown) | undefined
}

/** The options with their defaults, times in milliseconds. */
export type CacheSettings = ReturnType<typeof settingsOf>

interface Rule {
  readonly check: (value: unknown) => boolean
  /** Completes "must be". */
  readonly words: string
  readonly required?: true
}

const YEAR = 365 * 24 * 60 * 60

const duration = (least: number, words: string): Rule => ({ check: value => isNumber(value) && value >= least && value <= YEAR, words })
const count = (most: number): Rule => ({
  check: value => Number.isInteger(value) && isNumber(value) && value >= 1 && value <= most,
  words: `a whole number from 1 to ${most}`
})
const aFunction = { check: (value: unknown) => typeof value === 'function', words: 'a function' }

/** The shortest time, in seconds: the cache counts in milliseconds. */
const LEAST = 0.001

const RULES: Readonly<Record<keyof CachedOriginsOptions, Rule>> = {
  lookup: { ...aFunction, words: 'a function (origin, request) => boolean, or a promise of one', required: true },
  ttl: { ...duration(LEAST, 'a number of seconds over 0, and at most a year'), required: true },
  stale: duration(0, 'a number of seconds from 0, and at most a year'),
  negativeTtl: duration(LEAST, 'a number of seconds over 0, and at most a year'),
  capacity: count(10_000_000),
  timeout: count(600_000),
  maxLookups: count(1_000_000),
  key: { ...aFunction, words: 'a function (origin, request) => string' },
  storage: { check: isStorage, words: '{ type: \'memory\' }, or { type: \'redis\', client } with a client of ioredis' },
  onError: aFunction
}

/**
 * Checks the options, and fills in the defaults.
 *
 * @throws InvalidCacheOptionsError with every problem
 */
export function settingsOf (options: CachedOriginsOptions) {
  const problems = problemsOf(options)
  if (problems.length > 0) throw new InvalidCacheOptionsError(problems.join('; '))
  const {
    lookup, ttl, stale = 0, negativeTtl = ttl, capacity = 10_000, timeout = 1000, maxLookups = 50,
    key, storage = { type: 'memory' }, onError
  } = options
  return {
    lookup,
    key,
    storage,
    onError,
    capacity,
    timeout,
    maxLookups,
    ttl: milliseconds(ttl),
    stale: milliseconds(stale),
    negativeTtl: milliseconds(negativeTtl)
  }
}

function milliseconds (seconds: number): number {
  return Math.round(seconds * 1000)
}

function problemsOf (options: unknown): string[] {
  if (typeof options !== 'object' || options === null) return [`the options must be an object, not ${show(options)}`]
  const given = new Map<string, unknown>(Object.entries(options).filter(([, value]) => value !== undefined))
  const unknown = [...given.keys()].filter(name => !Object.hasOwn(RULES, name))
  return [
    ...unknown.map(name => `unknown option '${name}': there are ${Object.keys(RULES).join(', ')}`),
    ...Object.entries(RULES).flatMap(([name, { check, words, required = false }]) => {
      if (!given.has(name)) return required ? [`${name} is missing: it must be ${words}`] : []
      return check(given.get(name)) ? [] : [`${name} must be ${words}, not ${show(given.get(name))}`]
    })
  ]
}

function isNumber (value: unknown): value is number {
  return typeof value === 'number'
}

function isStorage (value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('type' in value)) return false
  if (value.type === 'memory') return Object.keys(value).length === 1
  const { client, prefix = '' } = value as { client?: unknown, prefix?: unknown }
  return value.type === 'redis' && typeof prefix === 'string' && isRedisClient(client)
}

function isRedisClient (client: unknown): boolean {
  return typeof client === 'object' && client !== null &&
    ['get', 'set'].every(command => typeof Reflect.get(client, command) === 'function')
}
