import type { FastifyReply } from 'fastify'
import { isCorsResponseHeader } from '../http/cors-headers.js'
import type { FieldValue } from '../http/field-values.js'

/** Fastify's own methods that the header guard overrides. */
export interface FastifysMethods extends HeaderMethods {
  readonly hijack: (this: FastifyReply) => FastifyReply
}

/**
 * Fastify's own methods of a reply, below the guard's and any decorator. If one is missing, no origin is granted anything,
 * since nothing would keep other code from granting more (A11); all else is served, and the log says so.
 *
 * @param inFront - the guard's `removeHeader`, which marks its prototype; the replies of `frameworkErrors` do without
 */
export function fastifysMethods (reply: FastifyReply, inFront: unknown): FastifysMethods {
  // Copied to an object, since engines are slow to read from a prototype directly.
  const { header, removeHeader, hijack } = above(reply, inFront)
  if (header !== undefined && removeHeader !== undefined && hijack !== undefined) return { header, removeHeader, hijack }
  reply.log.error('This version of Fastify keeps reply.header(), reply.removeHeader() or reply.hijack() where fastify-cors-policy ' +
    'does not find it, so no answer carries CORS headers: update fastify-cors-policy, or go back to an earlier Fastify.')
  return { header: setRaw, removeHeader: removeRaw, hijack: hijack ?? refuse }
}

/** The first prototype above the guard's. */
function above (reply: FastifyReply, inFront: unknown): Partial<FastifysMethods> {
  const prototypes = prototypesOf(reply)
  const front = prototypes.findIndex(prototype => Object.hasOwn(prototype, 'removeHeader') && Reflect.get(prototype, 'removeHeader') === inFront)
  const [first]: readonly [...object[], object] = [...prototypes.slice(front + 1), {}]
  return first
}

function prototypesOf (value: object): object[] {
  const prototype: unknown = Object.getPrototypeOf(value)
  return typeof prototype === 'object' && prototype !== null ? [prototype, ...prototypesOf(prototype)] : []
}

function setRaw (this: FastifyReply, field: string, value: Parameters<HeaderMethods['header']>[1] = ''): FastifyReply {
  if (field === 'set-cookie') this.raw.appendHeader(field, typeof value === 'number' ? String(value) : value)
  else if (!isCorsResponseHeader(field)) this.raw.setHeader(field, value)
  return this
}

function removeRaw (this: FastifyReply, field: string): FastifyReply {
  this.raw.removeHeader(field)
  return this
}

function refuse (): never {
  throw new TypeError('reply.hijack is not a function in this version of Fastify')
}

/** The headers of a reply, by their names in lower case. */
export type ReplyHeaders = Record<string, FieldValue>

/** Fastify's own methods for headers. */
export interface HeaderMethods {
  readonly header: (this: FastifyReply, field: string, value: FieldValue) => FastifyReply
  readonly removeHeader: (this: FastifyReply, field: string) => FastifyReply
}

/** A header that no application has. */
const PROBE = 'x-fastify-cors-policy-probe'

/**
 * Finds the key under which Fastify's replies keep an object with their headers: several are set there in the time of one
 * call of `header()`. It looks for a header that it has set, so that nothing depends on the name of the key.
 *
 * @returns a key that no reply has, if headers are kept in another way
 */
export function keyOfHeaders (reply: FastifyReply, { header, removeHeader }: HeaderMethods): symbol {
  header.call(reply, PROBE, PROBE)
  const key = Object.getOwnPropertySymbols(reply).find(symbol => {
    const value: unknown = Reflect.get(reply, symbol)
    return typeof value === 'object' && value !== null && PROBE in value
  })
  removeHeader.call(reply, PROBE)
  return key ?? Symbol(PROBE)
}

/** The headers of a reply, to read and set below any decorator. */
export function headersOf (reply: FastifyReply, key: symbol, methods: HeaderMethods): ReplyHeaders {
  return (keepsHeaders(reply, key) ? reply[key] : undefined) ?? throughMethods(reply, methods)
}

function keepsHeaders (reply: FastifyReply, key: symbol): reply is FastifyReply & Record<symbol, ReplyHeaders> {
  return key in reply
}

function throughMethods (reply: FastifyReply, { header }: HeaderMethods): ReplyHeaders {
  return new Proxy<ReplyHeaders>({}, {
    get: (_, field) => reply.getHeader(String(field)),
    set: (_, field, value: FieldValue) => {
      header.call(reply, String(field), value)
      return true
    }
  })
}
