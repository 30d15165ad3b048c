import { channel } from 'node:diagnostics_channel'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { InvalidOriginResultError, toError } from '../errors.js'
import { kindOf } from './facts.js'
import type { OriginFunction } from '../options/schema.js'
import type { CorsDecision } from '../policy/decision.js'
import type { Origins } from '../policy/policy.js'
import type { HeaderGuard } from '../reply/header-guard.js'
import { closeUpgrade, writeNothing } from '../reply/write.js'
import { isThenable } from '../thenable.js'

// Asks the functions of the options, which may return promises, and may fail (A15). Makes known what is decided, or failed.

/**
 * Decides if an origin may call, by the application's own function if there is one.
 *
 * @returns a promise only if the function returns one
 * @throws what the function throws, or {@link InvalidOriginResultError} for a result that is no boolean
 */
export function askOrigin (origins: Origins, origin: string, request: FastifyRequest, instance: FastifyInstance): boolean | Promise<boolean> {
  const { match, ask } = origins
  if (!match(origin)) return false
  if (ask === null) return true
  let result: unknown
  try {
    result = ask.call(instance, origin, request)
  } catch (error) {
    throw explained(toError(error), ask)
  }
  if (typeof result === 'boolean') return result
  return isThenable(result) ? answerOf(result, ask) : refuseResult(result)
}

async function answerOf (result: PromiseLike<unknown>, ask: OriginFunction): Promise<boolean> {
  let value: unknown
  try {
    value = await result
  } catch (error) {
    throw explained(toError(error), ask)
  }
  return typeof value === 'boolean' ? value : refuseResult(value)
}

function refuseResult (result: unknown): never {
  throw new InvalidOriginResultError(`returned ${result === null ? 'null' : `a value of type ${typeof result}`}`)
}

/** Calls of a callback, in functions without a second parameter by name: those with rest parameters, say, and `arguments`. */
const CALLS_BACK = /(?:^|\W)(?:cb|callback|done|next|\w+\[[01]\]|\w+\.at\(\.\.\.\)) is not a function$/

/** Explains the error of a function that calls its second argument: other CORS libraries pass a callback there. */
function explained (error: Error, ask: OriginFunction): Error {
  const callsBack = error instanceof TypeError && (ask.length > 1 ? / is not a function$/ : CALLS_BACK).test(error.message)
  return callsBack ? new InvalidOriginResultError(`threw "${error.message}"`, { cause: error }) : error
}

/**
 * Calls `next` with what `attempt` returns: synchronously, unless it is a promise. Until that is fulfilled, no origin is
 * allowed; if it fails, the error goes to the error handler.
 */
export function whenKnown<T> (guard: HeaderGuard, reply: FastifyReply, done: Done, attempt: () => T | Promise<T>, next: (value: T) => void): void {
  const { request } = reply
  const giveUp = (pending: CorsDecision, error: unknown): void => {
    writeNothing(guard, reply)
    conclude(request, { ...pending, reason: 'function-failed' })
    fail(reply, done, toError(error))
  }
  let value
  try {
    value = attempt()
  } catch (error) {
    giveUp(pendingOf(request), error)
    return
  }
  if (!(value instanceof Promise)) {
    next(value)
    return
  }
  const pending = pendingOf(request)
  request.cors = pending
  guard.addVary(reply, 'Origin')
  // Something else may have answered meanwhile: a time limit, say.
  value.then(known => reply.sent ? done() : next(known), (error: unknown) => { giveUp(pending, error) })
}

/** The decision about a request while a function is asked. */
function pendingOf (request: FastifyRequest): CorsDecision {
  const { origin = null } = request.raw.headers
  return { kind: origin === null ? 'none' : kindOf(request), origin, allowed: false, reason: 'function-pending' }
}

const decisions = channel('fastify-cors-policy:decision')

/** Sets `request.cors`, and publishes the decision. */
export function conclude (request: FastifyRequest, decision: CorsDecision): void {
  request.cors = decision
  if (decisions.hasSubscribers) decisions.publish({ request, decision })
}

/** Continues a request; with an error, at its error handler. */
export type Done = (error?: Error) => void

/** Ends a request at its error handler. */
export function fail (reply: FastifyReply, done: Done, error: Error): void {
  closeUpgrade(reply)
  done(error)
}
