import type { FastifyRequest } from 'fastify'
import { StorageError } from './errors.js'
import type { CachedOriginsOptions } from './options.js'

/** Tells what went wrong, and of which request if it is about one. */
export type Report = (error: unknown, origin?: string, request?: FastifyRequest) => void

/** Calls `onError`. What goes wrong in there changes no answer, and ends no process. */
export function reporter (onError: NonNullable<CachedOriginsOptions['onError']> = log): Report {
  return (error, origin, request) => {
    Promise.resolve().then(() => onError(error, origin, request)).catch(() => {})
  }
}

const FAILED = 'The look-up of a CORS origin failed: the origin is refused, or has an old answer'
const WITHOUT_REDIS = 'Redis could not be asked about a CORS origin: it is looked up'

function log (error: unknown, origin?: string, request?: FastifyRequest): void {
  // Of no request: Redis did not answer, or did not keep an answer.
  if (request === undefined) process.emitWarning(String(error), { code: 'FST_CORS_STORAGE' })
  else request.log.warn({ err: error, origin }, error instanceof StorageError ? WITHOUT_REDIS : FAILED)
}
