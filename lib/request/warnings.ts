import type { FastifyReply, FastifyRequest } from 'fastify'
import { isPreflight } from '../http/preflight.js'
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
    const isOk = statusCode >= 200 && statusCode < 300
    this.once('order', request, 'warn', { url: request.originalUrl, statusCode },
      `A CORS preflight was answered with ${statusCode} before fastify-cors-policy could answer it, so browsers ` +
      `${isOk ? 'judge the request that it announced by that answer' : 'refuse the request that it announced'}. ` +
      'Register fastify-cors-policy before what answered it (authentication, a ' +
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
    const subject = subjectOf(request)
    this.once(`raw ${subject}`, request, 'warn', { url: request.originalUrl, statusCode },
      `${subject} was answered by reply.raw, past Fastify, so the headers of its CORS policy are missing: call ` +
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
    const [subject, advice] = isPreflight(request.raw) ? OF_PREFLIGHTS : [subjectOf(request), isRouted(request) ? OF_ROUTE : OF_404]
    const wanted = field === 'access-control-expose-headers' ? OF_STAR : advice
    const shown = quote(shorten(given))
    const outcome = kept === undefined ? 'which the CORS policy leaves out' : `which the CORS policy replaces with ${quote(shorten(kept))}`
    this.once(`${field} ${subject}`, request, 'warn', { url: request.originalUrl, header: field, given, kept },
      `${subject} sets the header ${field} to ${shown}, ${outcome}. ${wanted}`)
  }

  private once (key: string, { log }: FastifyRequest, level: Level, details: object, line: string): void {
    if (this.said.has(key)) return
    this.said.add(key)
    tell(log, level, details, line, this.isSilenced)
  }
}

/** Advice about a header that the policy replaces. */
const OF_ROUTE = 'Say what the route needs in its config.cors, and leave the header out; config: { cors: false } leaves the route to its own headers.'
const OF_404 = 'Say what is needed in the options of the registration, and leave the header out.'
/** Exposed names are added to the policy's, but for this one. */
const OF_STAR = 'With credentials, * is the name of a header, and exposes no other: send the names of those that pages read, or list them in exposedHeaders.'
const OF_PREFLIGHTS = [
  'A hook, handler or middleware that sees preflights',
  'Say what is needed in config.cors of the route that they announce, or in the options of the registration, and leave the header out.'
] as const

/** The subject of a line. */
function subjectOf (request: FastifyRequest): string {
  return isRouted(request) ? `The route ${placeOf(request)}` : 'A URL without a route'
}

/** Not-found handlers have no URL. */
function isRouted ({ routeOptions: { url = '' } }: FastifyRequest): boolean {
  return url !== ''
}

/** The route of a request, as errors name it. */
export function placeOf (request: FastifyRequest): string {
  const { routeOptions: { method, url } } = request
  return isRouted(request) ? `${[method].flat().join(', ')} ${url}` : 'a URL without a route'
}
