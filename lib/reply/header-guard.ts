import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { CORS_RESPONSE_HEADERS } from '../http/header-names.js'
import { isPreflight } from '../http/preflight.js'
import { addExposed, addToVary, fieldText, type FieldValue } from '../http/field-values.js'
import { fastifysReplies, type FastifysReplies, headersOf, type ReplyHeaders } from './methods.js'
import { handOver, isGuarded, isHandedOver, isKept, type Keeper, watch } from './raw-guard.js'

/** Learns of code that conflicts with the policy. */
export interface ConflictListener {
  /** A reply was taken over before its request was decided. */
  readonly hijacked: (request: FastifyRequest) => void
  /** The policy replaced or removed a CORS header. */
  readonly replaced: (request: FastifyRequest, field: string, given: string, kept: string | undefined) => void
}

/** A header that others have set. */
type GivenHeader = readonly [field: string, value: FieldValue]

const EXPOSE = 'access-control-expose-headers'

/**
 * Gives the policy the last word (A11). Once a request is decided, CORS headers that handlers, later hooks or proxied
 * upstreams put on its reply are dropped, except for names that they expose. What they put into `Vary` is added (A2).
 *
 * It overrides Fastify's own methods on the prototype of an application's replies, which costs nothing per request, and
 * next to nothing per header.
 */
export class HeaderGuard implements Keeper {
  private fastifys: FastifysReplies | null = null
  /** Replies that got a CORS header or a `Vary` before they were decided: few, so that most need no check. */
  private readonly touched = new WeakSet<FastifyReply>()
  private touchedAny = false
  /** Replies that were taken over before they were decided. */
  private readonly hijackedEarly = new WeakSet<FastifyReply>()
  /** The override of `removeHeader`: it marks the prototype that is in front of Fastify's own. */
  private readonly inFront: (this: FastifyReply, name: string) => FastifyReply

  constructor (root: FastifyInstance, private readonly listener: ConflictListener) {
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
    if (isGuarded(field)) {
      if (isDecided(reply)) {
        this.merge(reply, field, value)
        return reply
      }
      this.touch(reply)
    }
    return this.original(reply).header.call(reply, field, value)
  }

  private removeHeader (reply: FastifyReply, name: string): FastifyReply {
    const field = name.toLowerCase()
    return isGuarded(field) && isDecided(reply) ? reply : this.original(reply).removeHeader.call(reply, field)
  }

  private hijack (reply: FastifyReply): FastifyReply {
    if (isDecided(reply)) handOver(reply, this)
    else {
      this.hijackedEarly.add(reply)
      this.listener.hijacked(reply.request)
    }
    return this.original(reply).hijack.call(reply)
  }

  /** The headers of a reply, past the guard. */
  headersOf (reply: FastifyReply): ReplyHeaders {
    return headersOf(reply, this.original(reply))
  }

  /** Notes that a reply has headers which a decision must check. */
  touch (reply: FastifyReply): void {
    this.touchedAny = true
    this.touched.add(reply)
  }

  /**
   * Removes the CORS headers that others set before the decision, on the raw response too.
   *
   * @returns the headers
   */
  clear (reply: FastifyReply): readonly GivenHeader[] {
    const { raw } = reply
    if (!(this.touchedAny && this.touched.has(reply)) && (raw.getHeaderNames().length === 0 || raw.headersSent)) return NOTHING
    const given = CORS_RESPONSE_HEADERS.map(field => [field, reply.getHeader(field)] as const).filter(([, value]) => value !== undefined)
    const { removeHeader } = this.original(reply)
    for (const field of CORS_RESPONSE_HEADERS) removeHeader.call(reply, field)
    return given
  }

  /**
   * Merges in a CORS header or `Vary` that others set after the decision. `Vary` and exposed names are added to the policy's:
   * code that sends a header knows best that pages should read it.
   */
  merge (reply: FastifyReply, field: string, value: FieldValue): void {
    if (field === 'vary') this.addVary(reply, fieldText(value))
    else if (field === EXPOSE) this.expose(reply, value)
    else this.compare(reply, field, value)
  }

  private expose (reply: FastifyReply, value: FieldValue): void {
    const headers = this.headersOf(reply)
    if (headers['access-control-allow-origin'] === undefined || isPreflight(reply.request.raw)) return
    const credentials = headers['access-control-allow-credentials'] !== undefined
    const exposed = addExposed(headers[EXPOSE], value, credentials)
    if (exposed !== '') headers[EXPOSE] = exposed
    if (credentials && fieldText(value).includes('*')) this.compare(reply, EXPOSE, value)
  }

  private compare (reply: FastifyReply, field: string, value: FieldValue): void {
    const kept = this.headersOf(reply)[field]
    const given = fieldText(value)
    if (given !== fieldText(kept)) this.listener.replaced(reply.request, field, given, kept === undefined ? undefined : fieldText(kept))
  }

  /** True for an answer that bypassed the policy without a warning yet. */
  isPassedBy (reply: FastifyReply): boolean {
    const { raw } = reply
    // Under @fastify/express, `headersSent` knows only of what its own `send` sent.
    return (raw.headersSent || raw.writableEnded) && !isKept(reply) && !this.hijackedEarly.has(reply)
  }

  /** Adds names to `Vary`. */
  addVary (reply: FastifyReply, names: string): void {
    const headers = this.headersOf(reply)
    const vary = addToVary(fieldText(headers.vary ?? reply.raw.getHeader('vary')), names)
    if (vary !== '') headers.vary = vary
  }

  /**
   * Has the last word on the headers of the raw response: those that are there, from middlewares say, and those that later
   * hooks write there.
   */
  watchRaw (reply: FastifyReply): void {
    const { raw } = reply
    if (raw.headersSent || !isDecided(reply)) return
    // Code that has overridden methods of this response keeps them, behind ours.
    if (isHandedOver(reply) || Object.hasOwn(raw, 'setHeader')) {
      handOver(reply, this)
      return
    }
    for (const field of raw.getHeaderNames()) {
      if (!isGuarded(field)) continue
      this.merge(reply, field, raw.getHeader(field))
      if (field !== 'vary') raw.removeHeader(field)
    }
    watch(reply, this)
  }

  /** True for a reply that the guard is on: the replies of `frameworkErrors` have no decorators. */
  isOn (reply: FastifyReply): boolean {
    return reply.removeHeader === this.inFront
  }

  private original (reply: FastifyReply): FastifysReplies {
    return this.fastifys ??= fastifysReplies(reply, this.inFront)
  }
}

const NOTHING: readonly GivenHeader[] = []

const guards = new WeakMap<FastifyInstance, HeaderGuard>()

/** Puts a guard on the replies of an application. All its registrations share one. */
export function guardReplies (root: FastifyInstance, listener: ConflictListener): HeaderGuard {
  const guard = guards.get(root) ?? new HeaderGuard(root, listener)
  guards.set(root, guard)
  return guard
}

/** True if a policy has decided about the request, and CORS is not off for it. */
function isDecided ({ request: { cors } }: FastifyReply): boolean {
  return cors !== undefined && cors.reason !== 'cors-off' && cors.reason !== 'function-pending'
}
