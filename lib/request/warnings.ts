import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Level, tell } from '../notice.js'
import { type CorsOptions, DEFAULTS } from '../options/schema.js'
import { quote, shorten } from '../text.js'

/** For what runs in none of Fastify's hooks. */
const MIDDLEWARES = 'Where it was a middleware (middie, express, NestJS), see "Middlewares" in docs/routes.md of fastify-cors-policy.'

/** The warnings of a registration while it serves. Each is logged once. */
export class Warnings {
  /** The routes whose override was first seen with a request. */
  readonly unseenOverrides = new Set<string>()
  private readonly said = new Set<string>()
  private readonly isSilenced: boolean

  constructor ({ audit = DEFAULTS.audit }: CorsOptions) {
    this.isSilenced = !audit
  }

  /**
   * Warns that something else answers a preflight that this plugin would have answered (S7).
   *
   * @param hook - the option: other hooks run before a late one
   */
  answeredBefore (request: FastifyRequest, { raw }: FastifyReply, hook: CorsOptions['hook'] = DEFAULTS.hook): void {
    if (this.said.has('order')) return
    raw.once('finish', () => {
      // Code that calls applyCors() may still have left the answer to this plugin.
      if (request.cors?.reason === 'answered-before') this.order(request, raw.statusCode, hook)
    })
  }

  private order (request: FastifyRequest, statusCode: number, hook: CorsOptions['hook'] = DEFAULTS.hook): void {
    this.once('order', request, 'warn', { url: request.originalUrl, statusCode },
      `A CORS preflight was answered with ${statusCode} before fastify-cors-policy could answer it, so browsers refuse ` +
      'the request that it announced. Register fastify-cors-policy before what answered it (authentication, a ' +
      `rate limit)${hook === DEFAULTS.hook ? '' : `, with the hook ${DEFAULTS.hook} in place of ${hook}`}: preflights carry ` +
      `neither cookies nor tokens. ${MIDDLEWARES}`)
  }

  /**
   * Warns of an answer that was sent by `reply.raw`, past Fastify and this plugin (A12).
   *
   * @param isAnswerable - true for a preflight that this plugin would have answered
   */
  passedBy (request: FastifyRequest, { raw: { statusCode } }: FastifyReply, isAnswerable: boolean, hook: CorsOptions['hook']): void {
    if (isAnswerable) {
      this.order(request, statusCode, hook)
      return
    }
    const place = placeOf(request)
    this.once(`raw ${place}`, request, 'warn', { url: request.originalUrl, statusCode },
      `The route ${place} was answered by reply.raw, past Fastify, so the answer carries no CORS headers: call ` +
      `reply.hijack() before it is written, or await applyCors(reply). ${MIDDLEWARES}`)
  }

  /** Warns of an override that was not seen at boot: it decides requests, but not their preflights (S1). */
  overrideUnseen (request: FastifyRequest, place: string): void {
    this.unseenOverrides.add(place)
    this.once(`override ${place}`, request, 'error', {},
      `config.cors of the route ${place} could not be seen at boot, since the route was declared before ` +
      'fastify-cors-policy had loaded: its preflights are answered without it. Import fastify-cors-policy before ' +
      'Fastify is called, or write "await app.register(corsPlugin, options)" before the route.')
  }

  /** Warns of a reply that was taken over before its request was decided: it gets no CORS headers (A12). */
  hijacked (request: FastifyRequest): void {
    // The handshake of a WebSocket bypasses Fastify too, and needs no CORS headers.
    if (request.raw.headers.upgrade !== undefined || request.cors?.reason === 'cors-off') return
    this.once('hijack', request, 'warn', { url: request.originalUrl },
      'reply.hijack() was called before CORS had been decided, so the answer carries no CORS headers: register ' +
      'fastify-cors-policy before what calls it, with the hook onRequest, or await applyCors(reply) first.')
  }

  /**
   * Warns that the policy's CORS header replaces one of a handler, a hook or an upstream (A11).
   *
   * @param kept - the value that is sent; `undefined` if the policy has no such header for this request
   */
  replaced (request: FastifyRequest, field: string, given: string, kept: string | undefined): void {
    // Without an origin, most policies grant nothing: the handler makes no mistake.
    if (kept === undefined && request.raw.headers.origin === undefined) return
    const place = placeOf(request)
    const shown = quote(shorten(given))
    const outcome = kept === undefined ? 'which its CORS policy leaves out' : `which its CORS policy replaces with ${quote(shorten(kept))}`
    this.once(`${field} ${place}`, request, 'warn', { url: request.originalUrl, header: field, given, kept },
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
