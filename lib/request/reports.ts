import type { FastifyReply, FastifyRequest } from 'fastify'

/** What a registration notices while it serves, and says once. */
export class Reports {
  /** The routes whose override was first seen with a request. */
  readonly unseenOverrides = new Set<string>()
  private reportedOrder = false

  /** Something else answered a preflight that this plugin would have answered (S7). */
  answeredBefore (request: FastifyRequest, { statusCode }: FastifyReply): void {
    if (this.reportedOrder) return
    this.reportedOrder = true
    request.log.warn({ url: request.url, statusCode },
      `A CORS preflight was answered with ${statusCode} before fastify-cors-policy could answer it, so that browsers ` +
      'refuse the request that it announced. Register fastify-cors-policy before what answered it (authentication, a ' +
      'rate limit): preflights carry neither cookies nor tokens.')
  }

  /** An override that could not be seen at boot decides its route's requests, but their preflights did without it (S1). */
  overrideUnseen (request: FastifyRequest, place: string): void {
    if (this.unseenOverrides.has(place)) return
    this.unseenOverrides.add(place)
    request.log.error(
      `config.cors of the route ${place} could not be seen at boot, since the route was declared before ` +
      'fastify-cors-policy had loaded: its preflights are answered without it. Import fastify-cors-policy before ' +
      'Fastify is called, or write "await app.register(corsPlugin, options)" before the route.')
  }
}
