import type { FastifyInstance, FastifyReply } from 'fastify'
import { CORS_RESPONSE_HEADERS, isCorsResponseHeader } from '../policy/response-headers.js'
import { addToVary, fieldText } from '../policy/vary.js'
import { handOver } from './raw.js'

/**
 * Gives the policy the last word (A11): once a request has been decided, CORS headers that handlers, later hooks or
 * proxied upstreams put on its reply are dropped, and what they put into `Vary` is added to what stands there (A2).
 *
 * It stands before Fastify's own methods, on the prototype of an application's replies, so that it costs nothing per
 * request, and next to nothing per header.
 */
export class LastWord {
  private fastifys: FastifyReply | null = null
  private warnedOfHijack = false
  private readonly removeHeader: (this: FastifyReply, name: string) => FastifyReply

  constructor (root: FastifyInstance) {
    const lastWord = this
    this.removeHeader = function (name) {
      const field = name.toLowerCase()
      const keeps = isDecided(this) && (isCorsResponseHeader(field) || field === 'vary')
      return keeps ? this : lastWord.remove(this, field)
    }
    root.decorateReply('removeHeader', this.removeHeader)
    root.decorateReply('header', function (name: string, value: unknown) {
      const field = name.toLowerCase()
      if (isDecided(this)) {
        if (isCorsResponseHeader(field)) return this
        if (field === 'vary') return lastWord.addVary(this, fieldText(value))
      }
      return lastWord.write(this, field, value)
    })
    root.decorateReply('hijack', function () {
      if (isDecided(this)) handOver(this)
      else lastWord.reportHijack(this)
      return lastWord.original(this).hijack.call(this)
    })
  }

  /** Writes a header, whoever has the last word on it. */
  write (reply: FastifyReply, field: string, value: unknown): FastifyReply {
    return this.original(reply).header.call(reply, field, value)
  }

  /** Removes a header, whoever has the last word on it. */
  remove (reply: FastifyReply, field: string): FastifyReply {
    return this.original(reply).removeHeader.call(reply, field)
  }

  /** Adds names to `Vary`. */
  addVary (reply: FastifyReply, names: string): FastifyReply {
    const vary = addToVary(fieldText(reply.getHeader('vary')), names)
    return vary === '' ? reply : this.write(reply, 'vary', vary)
  }

  /** Has the last word on what middlewares, which know nothing of replies, wrote on the raw response. */
  overRaw (reply: FastifyReply): void {
    const { raw } = reply
    if (raw.headersSent || raw.getHeaderNames().length === 0 || !isDecided(reply)) return
    for (const field of CORS_RESPONSE_HEADERS) raw.removeHeader(field)
    this.addVary(reply, fieldText(raw.getHeader('vary')))
  }

  /** Fastify's own methods: what the replies of an application inherit from. */
  private original (reply: FastifyReply): FastifyReply {
    if (this.fastifys !== null) return this.fastifys
    let prototype = prototypeOf(reply)
    while (!Object.hasOwn(prototype, 'removeHeader') || prototype.removeHeader === this.removeHeader) prototype = prototypeOf(prototype)
    return this.fastifys = prototype
  }

  /** What takes over a reply before its request has been decided gets no header, and never will (A12). */
  private reportHijack (reply: FastifyReply): void {
    const { request } = reply
    if (this.warnedOfHijack || request.cors?.reason === 'cors-off') return
    this.warnedOfHijack = true
    request.log.warn({ url: request.url },
      'reply.hijack() was called before CORS had been decided, so that the answer carries no CORS headers: register ' +
      'fastify-cors-policy before what calls it, or call it in the handler.')
  }
}

/** Whether a policy has decided about the request, and CORS is not off for it. */
function isDecided ({ request: { cors } }: FastifyReply): boolean {
  return cors !== undefined && cors.reason !== 'cors-off' && cors.reason !== 'function-pending'
}

function prototypeOf (reply: FastifyReply): FastifyReply {
  return Object.getPrototypeOf(reply) as FastifyReply
}
