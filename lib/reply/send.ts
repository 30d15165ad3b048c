import type { FastifyReply } from 'fastify'
import { notAllowed, ORIGIN_NOT_ALLOWED } from '../errors.js'
import type { PreflightHeaders } from '../policy/preflight.js'
import type { LastWord } from './last-word.js'

/**
 * Sends an answer to a preflight, whose headers have been written.
 *
 * @param origin - where the preflight comes from
 */
export function sendPreflightAnswer (lastWord: LastWord, reply: FastifyReply, { allowOrigin, status }: PreflightHeaders, origin: string): void {
  if (allowOrigin === null) {
    sendRefusal(reply, origin)
    return
  }
  // RFC 9110 section 8.6 has no Content-Length with 204, but some versions of Safari wait for a body without it (A5).
  lastWord.headersOf(reply)['content-length'] = '0'
  reply.code(status).send()
}

/** Refuses a preflight (A6), with a body for the person who looks at it: browsers show it to nobody. */
function sendRefusal (reply: FastifyReply, origin: string): void {
  const body = { statusCode: 403, code: ORIGIN_NOT_ALLOWED, error: 'Forbidden', message: notAllowed(origin) }
  reply.code(403).type('application/json; charset=utf-8').send(JSON.stringify(body))
}
