import type { FastifyReply, FastifyRequest } from 'fastify'
import { DEFAULTS } from '../options/defaults.js'
import type { CorsOptions } from '../options/schema.js'

/** What a registration notices while it serves, and says once. */
export class Warnings {
  /** The routes whose override was first seen with a request. */
  readonly unseenOverrides = new Set<string>()
  private reportedOrder = false

  /**
   * Something else is about to answer a preflight that this plugin would have answered (S7).
   *
   * @param hook - the option, since a late hook leaves the others in between
   */
  answeredBefore (request: FastifyRequest, { raw }: FastifyReply, hook: CorsOptions['hook'] = DEFAULTS.hook): void {
    if (this.reportedOrder) return
    raw.once('finish', () => {
      // Whoever calls applyCors() may have left the answer to this plugin after all.
      if (this.reportedOrder || request.cors?.reason !== 'answered-before') return
      this.reportedOrder = true
      const { statusCode } = raw
      request.log.warn({ url: request.url, statusCode },
        `A CORS preflight was answered with ${statusCode} before fastify-cors-policy could answer it, so that browsers ` +
        'refuse the request that it announced. Register fastify-cors-policy before what answered it (authentication, a ' +
        `rate limit)${hook === DEFAULTS.hook ? '' : `, with the hook onRequest in place of ${hook}`}: preflights carry ` +
        'neither cookies nor tokens.')
    })
  }

  /** An override that could not be seen at boot decides its route's requests, but their preflights did without it (S1). */
  overrideUnseen (request: FastifyRequest, place: string): void {
    this.unseenOverrides.add(place)
    request.log.error(
      `config.cors of the route ${place} could not be seen at boot, since the route was declared before ` +
      'fastify-cors-policy had loaded: its preflights are answered without it. Import fastify-cors-policy before ' +
      'Fastify is called, or write "await app.register(corsPlugin, options)" before the route.')
  }
}
