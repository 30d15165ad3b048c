import createError from '@fastify/error'
import type { FastifyRequest } from 'fastify'

/** The options of `cachedOrigins` can't work. */
export const InvalidCacheOptionsError = createError('FST_CORS_INVALID_CACHE_OPTIONS', 'cachedOrigins: %s', 500, TypeError)

/** The optional peer dependency is missing. */
export const MissingEngineError = createError(
  'FST_CORS_MISSING_CACHE',
  'cachedOrigins needs the package async-cache-dedupe, version 3, which can\'t be loaded: run "npm install async-cache-dedupe@3"'
)

/** For errors that come by the thousand under load: their stack trace is always the same. */
const WITHOUT_TRACE = false

/** A look-up took longer than `timeout`: its answer is not kept. */
export const LookupTimeoutError = createError(
  'FST_CORS_LOOKUP_TIMEOUT', 'The look-up of an origin did not end within the timeout of %s ms', 500, Error, WITHOUT_TRACE
)

/** `maxLookups` look-ups run already. */
export const TooManyLookupsError = createError(
  'FST_CORS_TOO_MANY_LOOKUPS', 'An unknown origin is refused: %s look-ups run already (maxLookups)', 500, Error, WITHOUT_TRACE
)

/** A look-up whose answer is no boolean. */
export const InvalidLookupResultError = createError(
  'FST_CORS_INVALID_LOOKUP_RESULT', 'The look-up of an origin must return true or false, or a promise of one, not %s'
)

/** A tenant that is no text, or too long: it could get the answer of another tenant. */
export const InvalidKeyError = createError(
  'FST_CORS_INVALID_KEY', 'The key of an origin must be a text of at most 1024 characters, not %s'
)

/** The shared storage failed; `cause` says why. */
export const StorageError = createError('FST_CORS_STORAGE', 'Redis did not answer: %s', 500, Error, WITHOUT_TRACE)

/** No look-up begins after `close()`. */
export const ClosedError = createError('FST_CORS_CACHE_CLOSED', 'An unknown origin is refused: the cache is closed', 500, Error, WITHOUT_TRACE)

/** Reports an error, and the request that it is about, if any. */
type Report<T = void> = (error: unknown, origin?: string, request?: FastifyRequest) => T

/** Makes a reporter of `onError`, whose own errors change no answer, and end no process. */
export function reporter (onError: Report<unknown> = log): Report {
  return (error, origin, request) => {
    Promise.resolve().then(() => onError(error, origin, request)).catch(() => {})
  }
}

const FAILED = 'The look-up of a CORS origin failed: the origin is refused, or has an old answer'
const WITHOUT_REDIS = 'Redis could not be asked about a CORS origin: it is looked up'

function log (error: unknown, origin?: string, request?: FastifyRequest): void {
  // Without a request, it is about Redis.
  if (request === undefined) process.emitWarning(String(error), { code: 'FST_CORS_STORAGE' })
  else request.log.warn({ err: error, origin }, error instanceof StorageError ? WITHOUT_REDIS : FAILED)
}
