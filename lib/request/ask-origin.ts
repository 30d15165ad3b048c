import type { FastifyInstance, FastifyRequest } from 'fastify'
import { InvalidOriginResultError, toError } from '../errors.js'
import type { OriginFunction } from '../options/schema.js'
import type { Origins } from '../policy/policy.js'
import { isThenable } from '../thenable.js'

/**
 * Decides if an origin may call, by the application's own function if there is one.
 *
 * @returns a promise only if the function returns one
 * @throws what the function throws, or {@link InvalidOriginResultError} for a result that is no boolean (A15)
 */
export function askOrigin (origins: Origins, origin: string, request: FastifyRequest, instance: FastifyInstance): boolean | Promise<boolean> {
  const { match, ask } = origins
  if (!match(origin)) return false
  if (ask === null) return true
  let result: unknown
  try {
    result = ask.call(instance, origin, request)
  } catch (error) {
    throw withTheForm(toError(error), ask)
  }
  if (typeof result === 'boolean') return result
  return isThenable(result) ? answerOf(result, ask) : saysNeither(result)
}

async function answerOf (result: PromiseLike<unknown>, ask: OriginFunction): Promise<boolean> {
  let value: unknown
  try {
    value = await result
  } catch (error) {
    throw withTheForm(toError(error), ask)
  }
  return typeof value === 'boolean' ? value : saysNeither(value)
}

function saysNeither (result: unknown): never {
  throw new InvalidOriginResultError(`returned ${result === null ? 'null' : `a value of type ${typeof result}`}`)
}

/** Explains the error of a function that calls its second argument: other CORS libraries pass a callback there. */
function withTheForm (error: Error, ask: OriginFunction): Error {
  const callsBack = error instanceof TypeError && ask.length > 1 && /is not a function$/.test(error.message)
  return callsBack ? new InvalidOriginResultError(`threw "${error.message}"`, { cause: error }) : error
}
