import type { FastifyRequest } from 'fastify'
import { StorageError } from './errors.js'
import type { CachedOriginsOptions } from './options.js'

/** Reports an error, and the request that it is about, if any. */
export type Report = (error: unknown, origin?: string, request?: FastifyRequest) => void

/** Makes a reporter of `onError`, whose own errors change no answer, and end no process. */
export function reporter (onError: NonNullable<CachedOriginsOptions['onError']> = log): Report {
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
