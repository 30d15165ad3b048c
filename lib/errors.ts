import createError, { type FastifyError } from '@fastify/error'
import { MAX_ORIGIN_LENGTH } from './origin/parse.js'
import { shorten } from './text.js'

/** Two registrations in one context: one would have to be ignored (S3). */
export const AlreadyRegisteredError = createError(
  'FST_CORS_ALREADY_REGISTERED',
  'fastify-cors-policy is registered twice in one context: register it once there, and once more only in a context ' +
  'of its own: app.register(async context => { context.register(corsPlugin, options) })'
)

/** Two copies of the package: each would answer the preflights of the other's routes. */
export const SeveralCopiesError = createError(
  'FST_CORS_SEVERAL_COPIES',
  'Two copies of fastify-cors-policy are registered on one application: see where they come from with ' +
  '"npm ls fastify-cors-policy", and keep one, with "npm dedupe" say'
)

/** An origin function whose result is no boolean. */
export const InvalidOriginResultError = createError(
  'FST_CORS_INVALID_ORIGIN_RESULT',
  'The origin function %s. It must be of the form (origin, request) => boolean, or return a promise of one: ' +
  'there is no callback, and only true allows'
)

/** For errors that any request can cause: the stack trace is always the same, and doubles the cost of a refusal. */
const WITHOUT_TRACE = false

const InvalidPreflightError = createError(
  'FST_CORS_INVALID_PREFLIGHT',
  'An OPTIONS request here must be a CORS preflight, with the headers Origin and Access-Control-Request-Method',
  400,
  Error,
  WITHOUT_TRACE
)

/** An OPTIONS request under `strictPreflight` that is no preflight. */
export function invalidPreflight (): FastifyError {
  return withStackText(new InvalidPreflightError())
}

/** Sets `stack`, since error handlers may expect a text. */
function withStackText (error: FastifyError): FastifyError {
  return Object.defineProperty(error, 'stack', { value: String(error), writable: true, configurable: true })
}

/** The code in every answer that refuses an origin. */
export const ORIGIN_NOT_ALLOWED = 'FST_CORS_ORIGIN_NOT_ALLOWED'

const OriginNotAllowedError = createError(ORIGIN_NOT_ALLOWED, '%s', 403, Error, WITHOUT_TRACE)

/** A request by an origin that the policy does not allow, or by another site and without `Origin`. */
export function originNotAllowed (origin: string | undefined): FastifyError {
  return withStackText(new OriginNotAllowedError(origin === undefined ? 'A page of another site is not allowed to call this' : notAllowed(origin)))
}

/** The message that an origin is not allowed. It cuts a text that is too long for an origin. */
export function notAllowed (origin: string): string {
  const shown = origin.length > MAX_ORIGIN_LENGTH ? shorten(origin) : origin
  return `The origin ${JSON.stringify(shown)} is not allowed to call this`
}

/** Makes an error of anything that a function of the options throws: error handlers expect errors (A15). */
export function toError (thrown: unknown): Error {
  try {
    return thrown instanceof Error ? thrown : new Error(`${String(thrown)} was thrown by a function of the CORS options`)
  } catch {
    return new Error('An object without a text was thrown by a function of the CORS options')
  }
}
