import type { FastifyReply } from 'fastify'
import { notAllowed, ORIGIN_NOT_ALLOWED } from '../errors.js'
import { isUpgrade } from '../policy/enforcement.js'
import type { Policy } from '../policy/policy.js'
import type { PreflightHeaders } from '../policy/preflight.js'
import type { HeaderGuard } from './header-guard.js'
import type { ReplyHeaders } from './methods.js'

/**
 * Writes the headers that the policy grants a request other than a preflight: only `Vary` if its origin is not allowed, or
 * if a delegator chose to switch CORS off.
 *
 * @param allowed - the origin, if the policy allows it
 */
export function writeActual (guard: HeaderGuard, reply: FastifyReply, policy: Policy, allowed: string | null): void {
  // What earlier hooks set goes, and is held against the policy's headers once those are there (A11).
  const given = policy.enabled ? guard.clear(reply) : []
  writeGranted(guard, reply, policy, allowed)
  for (const [field, value] of given) guard.merge(reply, field, value)
}

function writeGranted (guard: HeaderGuard, reply: FastifyReply, policy: Policy, allowed: string | null): void {
  const headers = guard.headersOf(reply)
  if (policy.variesByOrigin) vary(guard, reply, headers, 'Origin')
  const allowOrigin = policy.allowsAnyone ? '*' : allowed
  if (allowOrigin === null) return
  headers['access-control-allow-origin'] = allowOrigin
  if (policy.credentials) headers['access-control-allow-credentials'] = 'true'
  if (policy.exposeHeaders !== null) headers['access-control-expose-headers'] = policy.exposeHeaders
  if (policy.timingAllowOrigin) headers['timing-allow-origin'] = allowOrigin
}

/** Writes the headers of an answer to a preflight. */
export function writePreflight (guard: HeaderGuard, reply: FastifyReply, answer: PreflightHeaders): void {
  const given = guard.clear(reply)
  writeAnswer(guard, reply, answer)
  for (const [field, value] of given) guard.merge(reply, field, value)
}

function writeAnswer (guard: HeaderGuard, reply: FastifyReply, answer: PreflightHeaders): void {
  const headers = guard.headersOf(reply)
  if (answer.vary !== '') vary(guard, reply, headers, answer.vary)
  if (answer.allowOrigin === null) return
  headers['access-control-allow-origin'] = answer.allowOrigin
  if (answer.credentials) headers['access-control-allow-credentials'] = 'true'
  if (answer.allowMethods) headers['access-control-allow-methods'] = answer.allowMethods
  if (answer.allowHeaders) headers['access-control-allow-headers'] = answer.allowHeaders
  if (answer.maxAge !== null) headers['access-control-max-age'] = answer.maxAge
  if (answer.privateNetwork) headers['access-control-allow-private-network'] = 'true'
  if (answer.policy.cacheControl !== null) headers['cache-control'] = answer.policy.cacheControl
}

function vary (guard: HeaderGuard, reply: FastifyReply, headers: ReplyHeaders, names: string): void {
  if (headers.vary === undefined) headers.vary = names
  else guard.addVary(reply, names)
}

/** Grants nothing, since a function that decides has failed (A15). */
export function writeNothing (guard: HeaderGuard, reply: FastifyReply): void {
  guard.clear(reply)
  guard.addVary(reply, 'Origin')
}

/**
 * Sends an answer to a preflight, whose headers are written.
 *
 * @param origin - of the preflight
 */
export function sendPreflightAnswer (guard: HeaderGuard, reply: FastifyReply, { allowOrigin, policy }: PreflightHeaders, origin: string): void {
  closeUpgrade(reply)
  if (allowOrigin === null) {
    sendRefusal(reply, origin)
    return
  }
  // RFC 9110 section 8.6 allows no Content-Length with 204, but some versions of Safari wait for a body without it (A5).
  guard.headersOf(reply)['content-length'] = '0'
  reply.code(policy.status).send()
}

/** Refuses a preflight (A6). The body is for people who debug: browsers don't show it. */
function sendRefusal (reply: FastifyReply, origin: string): void {
  const body = { statusCode: 403, code: ORIGIN_NOT_ALLOWED, error: 'Forbidden', message: notAllowed(origin) }
  reply.code(403).type('application/json; charset=utf-8').send(JSON.stringify(body))
}

/**
 * Closes the connection of an upgrade that gets an ordinary answer, once that is sent (E1). No HTTP parser owns the
 * connection any more, so nothing else would close it, whatever `Connection` says.
 */
export function closeUpgrade ({ request, raw }: FastifyReply): void {
  if (!isUpgrade(request.raw)) return
  raw.once('finish', () => { request.raw.socket.destroySoon() })
}
