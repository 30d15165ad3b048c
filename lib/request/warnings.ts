import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Level, tell } from '../notice.js'
import { type CorsOptions, DEFAULTS } from '../options/schema.js'
import { quote, shorten } from '../text.js'

/** For what runs in none of Fastify's hooks. */
const MIDDLEWARES = 'Where it was a middleware (middie, express, NestJS), see "Middlewares" in docs/routes.md of fastify-cors-policy.'

/** What a registration notices while it serves, and says once. */
export class Warnings {
  /** The routes whose override was first seen with a request. */
  readonly unseenOverrides = new Set<string>()
  private readonly said = new Set<string>()
  private readonly isSilenced: boolean

  constructor ({ audit = DEFAULTS.audit }: CorsOptions) {
    this.isSilenced = !audit
  }

  /**
   * Something else is about to answer a preflight that this plugin would have answered (S7).
   *
   * @param hook - the option, since a late hook leaves the others in between
   */
  answeredBefore (request: FastifyRequest, { raw }: FastifyReply, hook: CorsOptions['hook'] = DEFAULTS.hook): void {
    if (this.said.has('order')) return
    raw.once('finish', () => {
      // Whoever calls applyCors() may have left the answer to this plugin after all.
      if (request.cors?.reason === 'answered-before') this.order(request, raw.statusCode, hook)
    })
  }

  private order (request: FastifyRequest, statusCode: number, hook: CorsOptions['hook'] = DEFAULTS.hook): void {
    this.once('order', request, 'warn', { url: request.url, statusCode },
      `A CORS preflight was answered with ${statusCode} before fastify-cors-policy could answer it, so that browsers ` +
      'refuse the request that it announced. Register fastify-cors-policy before what answered it (authentication, a ' +
      `rate limit)${hook === DEFAULTS.hook ? '' : `, with the hook ${DEFAULTS.hook} in place of ${hook}`}: preflights carry ` +
      `neither cookies nor tokens. ${MIDDLEWARES}`)
  }

  /**
   * An answer left by `reply.raw`, without the help of Fastify or of this plugin (A12).
   *
   * @param isAnswerable - whether it was a preflight that this plugin would have answered
   */
  passedBy (request: FastifyRequest, { raw: { statusCode } }: FastifyReply, isAnswerable: boolean, hook: CorsOptions['hook']): void {
    if (isAnswerable) {
      this.order(request, statusCode, hook)
      return
    }
    const place = placeOf(request)
    this.once(`raw ${place}`, request, 'warn', { url: request.url, statusCode },
      `The route ${place} was answered by reply.raw, past Fastify, so that the answer carries no CORS headers: call ` +
      `reply.hijack() before it is written, or await applyCors(reply). ${MIDDLEWARES}`)
  }

  /** An override that could not be seen at boot decides its route's requests, but their preflights did without it (S1). */
  overrideUnseen (request: FastifyRequest, place: string): void {
    this.unseenOverrides.add(place)
    tell(request.log, 'error', {},
      `config.cors of the route ${place} could not be seen at boot, since the route was declared before ` +
      'fastify-cors-policy had loaded: its preflights are answered without it. Import fastify-cors-policy before ' +
      'Fastify is called, or write "await app.register(corsPlugin, options)" before the route.', this.isSilenced)
  }

  /** What takes over a reply before its request has been decided gets no header, and never will (A12). */
  hijacked (request: FastifyRequest): void {
    // A WebSocket's handshake is answered past Fastify too, and needs no CORS headers.
    if (request.raw.headers.upgrade !== undefined || request.cors?.reason === 'cors-off') return
    this.once('hijack', request, 'warn', { url: request.url },
      'reply.hijack() was called before CORS had been decided, so that the answer carries no CORS headers: register ' +
      'fastify-cors-policy before what calls it, with the hook onRequest, or await applyCors(reply) first.')
  }

  /**
   * A CORS header of a handler, a hook or an upstream gave way to the policy's (A11).
   *
   * @param kept - what is sent in its place; nothing where the policy has no such header for this request
   */
  replaced (request: FastifyRequest, field: string, given: string, kept: string | undefined): void {
    // Without an origin, most policies grant nothing, which is nothing to tell the handler about.
    if (kept === undefined && request.raw.headers.origin === undefined) return
    const place = placeOf(request)
    const shown = quote(shorten(given))
    const outcome = kept === undefined ? 'which its CORS policy leaves out' : `which its CORS policy replaces with ${quote(shorten(kept))}`
    this.once(`${field} ${place}`, request, 'warn', { url: request.url, header: field, given, kept },
      `The route ${place} sets the header ${field} to ${shown}, ${outcome}. Say what the route needs in its config.cors, ` +
      'and leave the header out; config: { cors: false } leaves the route to its own headers.')
  }

  private once (key: string, { log }: FastifyRequest, level: Level, details: object, line: string): void {
    if (this.said.has(key)) return
    this.said.add(key)
    tell(log, level, details, line, this.isSilenced)
  }
}

/** The route of a request, as errors name it; not-found handlers have no URL. */
export function placeOf ({ routeOptions: { method, url = '' } }: FastifyRequest): string {
  return url === '' ? 'a URL without a route' : `${[method].flat().join(', ')} ${url}`
}
