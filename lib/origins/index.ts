export { cachedOrigins, type CachedOrigins } from './cached-origins.js'
export type { CachedOriginsOptions, RedisClient, RedisStorageOptions } from './options.js'
export type { CacheStats } from './counters.js'
