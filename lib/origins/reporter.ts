import type { FastifyRequest } from 'fastify'
import type { CachedOriginsOptions } from './options.js'

/** Tells what went wrong, and of which request if it is about one. */
export type Report = (error: unknown, origin?: string, request?: FastifyRequest) => void

/** Calls `onError`. What goes wrong in there changes no answer, and ends no process. */
export function reporter (onError: NonNullable<CachedOriginsOptions['onError']> = log): Report {
  return (error, origin, request) => {
    Promise.resolve().then(() => onError(error, origin, request)).catch(() => {})
  }
}

function log (error: unknown, origin?: string, request?: FastifyRequest): void {
  const message = 'The look-up of a CORS origin failed: the origin is refused, or has an old answer'
  if (request === undefined) process.emitWarning(error instanceof Error ? error : message)
  else request.log.warn({ err: error, origin }, message)
}
