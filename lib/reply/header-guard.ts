import type { FastifyInstance, FastifyReply } from 'fastify'
import { CORS_RESPONSE_HEADERS, isCorsResponseHeader } from '../http/cors-headers.js'
import { addToVary, fieldText, type FieldValue } from '../http/vary.js'
import { fastifysMethods, type FastifysMethods, headersOf, keyOfHeaders, type ReplyHeaders } from './methods.js'
import { handOver, isHandedOver, watch } from './raw-guard.js'

interface FastifysOwn extends FastifysMethods {
  /** Where headers are kept. */
  readonly key: symbol
}

/**
 * Gives the policy the last word (A11): once a request has been decided, CORS headers that handlers, later hooks or
 * proxied upstreams put on its reply are dropped, and what they put into `Vary` is added to what stands there (A2).
 *
 * It stands before Fastify's own methods, on the prototype of an application's replies, so that it costs nothing per
 * request, and next to nothing per header.
 */
export class HeaderGuard {
  private fastifys: FastifysOwn | null = null
  private warnedOfHijack = false
  /** Replies that got a CORS header or a `Vary` before they had been decided: few, so that most need no look. */
  private readonly touched = new WeakSet<FastifyReply>()
  private touchedAny = false
  /** What stands before Fastify's own `removeHeader`, by which its own prototype is told from the one in front. */
  private readonly inFront: (this: FastifyReply, name: string) => FastifyReply

  constructor (root: FastifyInstance) {
    const header = this.header.bind(this)
    const removeHeader = this.removeHeader.bind(this)
    const hijack = this.hijack.bind(this)
    this.inFront = function (name) { return removeHeader(this, name) }
    root.decorateReply('removeHeader', this.inFront)
    root.decorateReply('header', function (name: string, value: FieldValue) { return header(this, name, value) })
    root.decorateReply('hijack', function () { return hijack(this) })
  }

  private header (reply: FastifyReply, name: string, value: FieldValue): FastifyReply {
    const field = name.toLowerCase()
    if (field === 'vary' || isCorsResponseHeader(field)) {
      if (!isDecided(reply)) this.touch(reply)
      else return field === 'vary' ? this.addVary(reply, fieldText(value)) : reply
    }
    return this.write(reply, field, value)
  }

  private removeHeader (reply: FastifyReply, name: string): FastifyReply {
    const field = name.toLowerCase()
    const keeps = (field === 'vary' || isCorsResponseHeader(field)) && isDecided(reply)
    return keeps ? reply : this.remove(reply, field)
  }

  private hijack (reply: FastifyReply): FastifyReply {
    if (isDecided(reply)) handOver(reply)
    else this.reportHijack(reply)
    return this.original(reply).hijack.call(reply)
  }

  /** The headers of a reply, to be set whoever has the last word on them. */
  headersOf (reply: FastifyReply): ReplyHeaders {
    const original = this.original(reply)
    return headersOf(reply, original.key, original)
  }

  /** Writes a header, whoever has the last word on it. */
  private write (reply: FastifyReply, field: string, value: FieldValue): FastifyReply {
    return this.original(reply).header.call(reply, field, value)
  }

  /** Removes a header, whoever has the last word on it. */
  private remove (reply: FastifyReply, field: string): FastifyReply {
    return this.original(reply).removeHeader.call(reply, field)
  }

  /** Notes that a reply has headers which a decision must look at. */
  touch (reply: FastifyReply): void {
    this.touchedAny = true
    this.touched.add(reply)
  }

  /** Takes away what others granted before the policy could, on the raw response too: what leaves there may not pass again. */
  clear (reply: FastifyReply): void {
    const { raw } = reply
    if (!this.isTouched(reply) && (raw.getHeaderNames().length === 0 || raw.headersSent)) return
    for (const field of CORS_RESPONSE_HEADERS) this.remove(reply, field)
  }

  /** Adds names to `Vary`. */
  addVary (reply: FastifyReply, names: string): FastifyReply {
    const headers = this.headersOf(reply)
    const vary = addToVary(fieldText(headers.vary ?? reply.raw.getHeader('vary')), names)
    if (vary !== '') headers.vary = vary
    return reply
  }

  /**
   * Has the last word on what was written on the raw response, by middlewares that know nothing of replies say, and on
   * what hooks yet to come write there.
   */
  overRaw (reply: FastifyReply): void {
    const { raw } = reply
    if (raw.headersSent || !isDecided(reply)) return
    // Whoever has put methods of its own on this response keeps them, behind ours.
    if (isHandedOver(reply) || Object.hasOwn(raw, 'setHeader')) {
      handOver(reply)
      return
    }
    if (raw.getHeaderNames().length > 0) {
      for (const field of CORS_RESPONSE_HEADERS) raw.removeHeader(field)
      this.addVary(reply, fieldText(raw.getHeader('vary')))
    }
    watch(raw, this.headersOf(reply))
  }

  private isTouched (reply: FastifyReply): boolean {
    return this.touchedAny && this.touched.has(reply)
  }

  /** Whether a reply is one of the application's: those of `frameworkErrors` carry no decorators. */
  isOver (reply: FastifyReply): boolean {
    return reply.removeHeader === this.inFront
  }

  private original (reply: FastifyReply): FastifysOwn {
    if (this.fastifys !== null) return this.fastifys
    const methods = fastifysMethods(reply, this.inFront)
    return this.fastifys = { ...methods, key: keyOfHeaders(reply, methods) }
  }

  /** What takes over a reply before its request has been decided gets no header, and never will (A12). */
  private reportHijack (reply: FastifyReply): void {
    const { request } = reply
    // A WebSocket's handshake is answered past Fastify too, and needs no CORS headers.
    const needsHeaders = request.server.hasDecorator('cors') && request.raw.headers.upgrade === undefined
    if (this.warnedOfHijack || !needsHeaders || request.cors?.reason === 'cors-off') return
    this.warnedOfHijack = true
    request.log.warn({ url: request.url },
      'reply.hijack() was called before CORS had been decided, so that the answer carries no CORS headers: register ' +
      'fastify-cors-policy before what calls it, with the hook onRequest, or await applyCors(reply) first.')
  }
}

const guards = new WeakMap<FastifyInstance, HeaderGuard>()

/** The guard of an application: all its registrations share one. */
export function headerGuardOf (root: FastifyInstance): HeaderGuard {
  const guard = guards.get(root) ?? new HeaderGuard(root)
  guards.set(root, guard)
  return guard
}

/** Whether a policy has decided about the request, and CORS is not off for it. */
function isDecided ({ request: { cors } }: FastifyReply): boolean {
  return cors !== undefined && cors.reason !== 'cors-off' && cors.reason !== 'function-pending'
}
