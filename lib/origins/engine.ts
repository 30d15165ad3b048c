import type * as asyncCacheDedupe from 'async-cache-dedupe'
import { createRequire } from 'node:module'
import { MissingEngineError } from './errors.js'

/** The package `async-cache-dedupe`. */
export type Engine = typeof asyncCacheDedupe

/**
 * Loads the optional peer dependency.
 *
 * @param from the file that it is resolved from
 * @throws MissingEngineError
 */
export function loadEngine (from: string = __filename): Engine {
  let loaded: unknown
  let cause: unknown
  try {
    loaded = createRequire(from)('async-cache-dedupe')
  } catch (error) {
    cause = error
  }
  if (isEngine(loaded)) return loaded
  throw new MissingEngineError({ cause })
}

function isEngine (loaded: unknown): loaded is Engine {
  return typeof loaded === 'object' && loaded !== null && 'Cache' in loaded
}
