import type { FastifyReply } from 'fastify'
import type { Policy } from '../policy/policy.js'
import type { PreflightHeaders } from '../policy/preflight.js'
import type { LastWord } from './last-word.js'

/**
 * Writes what the policy grants a request that is no preflight: nothing but `Vary` where its origin is not allowed.
 *
 * @param allowed - the origin, if the policy allows it
 */
export function writeActual (lastWord: LastWord, reply: FastifyReply, policy: Policy, allowed: string | null): void {
  lastWord.clear(reply)
  if (policy.variesByOrigin) lastWord.addVary(reply, 'Origin')
  const allowOrigin = policy.allowsAnyone ? '*' : allowed
  if (allowOrigin === null) return
  const { header } = lastWord.original(reply)
  header.call(reply, 'access-control-allow-origin', allowOrigin)
  if (policy.credentials) header.call(reply, 'access-control-allow-credentials', 'true')
  if (policy.exposeHeaders !== null) header.call(reply, 'access-control-expose-headers', policy.exposeHeaders)
  if (policy.timingAllowOrigin) header.call(reply, 'timing-allow-origin', allowOrigin)
}

/** Writes the headers of an answer to a preflight. */
export function writePreflight (lastWord: LastWord, reply: FastifyReply, answer: PreflightHeaders): void {
  lastWord.clear(reply)
  if (answer.vary !== '') lastWord.addVary(reply, answer.vary)
  if (answer.allowOrigin === null) return
  const { header } = lastWord.original(reply)
  header.call(reply, 'access-control-allow-origin', answer.allowOrigin)
  if (answer.credentials) header.call(reply, 'access-control-allow-credentials', 'true')
  if (answer.allowMethods) header.call(reply, 'access-control-allow-methods', answer.allowMethods)
  if (answer.allowHeaders) header.call(reply, 'access-control-allow-headers', answer.allowHeaders)
  if (answer.maxAge !== null) header.call(reply, 'access-control-max-age', answer.maxAge)
  if (answer.privateNetwork) header.call(reply, 'access-control-allow-private-network', 'true')
  if (answer.cacheControl !== null) header.call(reply, 'cache-control', answer.cacheControl)
}

/** Writes what is sent where it could not be found out whether the origin is allowed (A15). */
export function writeNothing (lastWord: LastWord, reply: FastifyReply): void {
  lastWord.clear(reply)
  lastWord.addVary(reply, 'Origin')
}
