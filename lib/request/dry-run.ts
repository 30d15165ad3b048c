import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { isPreflight } from '../http/preflight.js'

/** Marks the requests of `explain`. Its value is a secret of the process, so that nobody else can send it. */
const HEADER = 'x-fastify-cors-policy-explains'
const secret = randomUUID()
let underWay = 0

/** Sends a request that must not reach a handler: `ask` gets the headers that mark it. */
export async function dryRun<T> (ask: (headers: Record<string, string>) => Promise<T>): Promise<T> {
  underWay++
  try {
    return await ask({ [HEADER]: secret })
  } finally {
    underWay--
  }
}

/** True for a request that ends as soon as it is decided. */
export function isDryRun (headers: IncomingHttpHeaders): boolean {
  return underWay > 0 && headers[HEADER] === secret
}

/** The header of an answer that tells what became of its request: the reason of its decision, or {@link UNRUN}. */
export const OUTCOME = HEADER

/** The handler that would give the answer was not run. */
export const UNRUN = 'unrun'

/** Tells the reason of the decision with the answer. */
export function tellDecision ({ cors }: FastifyRequest, reply: FastifyReply): void {
  if (reply.getHeader(OUTCOME) !== UNRUN) reply.header(OUTCOME, String(cors?.reason))
}

/**
 * Ends a request of `explain` that has been decided, before its handler. Only a route for OPTIONS alone goes on, to
 * answer a preflight: OPTIONS is a safe method (RFC 9110, section 9.2.1).
 */
export function endDryRun (request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  if (request.is404) reply.code(404).send()
  else if (!isPreflight(request.raw)) reply.send()
  else if (request.routeOptions.method === 'OPTIONS') done()
  else reply.header(OUTCOME, UNRUN).send()
}
