import type { FastifyReply } from 'fastify'
import { isCorsResponseHeader } from '../http/header-names.js'
import type { FieldValue } from '../http/field-values.js'

/** The headers of a reply, by their names in lower case. */
export type ReplyHeaders = Record<string, FieldValue>

/** Fastify's own methods that the header guard overrides. */
interface FastifysMethods {
  readonly header: (this: FastifyReply, field: string, value: FieldValue) => FastifyReply
  readonly removeHeader: (this: FastifyReply, field: string) => FastifyReply
  readonly hijack: (this: FastifyReply) => FastifyReply
}

/** The replies of Fastify, below the header guard and any decorator. */
export interface FastifysReplies extends FastifysMethods {
  /** The key under which replies keep their headers. */
  readonly key: symbol
}

/**
 * Finds out how Fastify's replies keep their headers.
 *
 * @param inFront - the guard's `removeHeader`, which marks its prototype; the replies of `frameworkErrors` do without
 */
export function fastifysReplies (reply: FastifyReply, inFront: unknown): FastifysReplies {
  const methods = fastifysMethods(reply, inFront)
  return { ...methods, key: keyOfHeaders(reply, methods) }
}

/**
 * Fastify's own methods of a reply. If one is missing, no origin is granted anything, since nothing would keep other code
 * from granting more (A11); all else is served, and the log says so.
 */
function fastifysMethods (reply: FastifyReply, inFront: unknown): FastifysMethods {
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

function setRaw (this: FastifyReply, field: string, value: Parameters<FastifysMethods['header']>[1] = ''): FastifyReply {
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

/** A header that no application has. */
const PROBE = 'x-fastify-cors-policy-probe'

/**
 * Finds the key under which Fastify's replies keep an object with their headers: several are set there in the time of one
 * call of `header()`. It looks for a header that it has set, so that nothing depends on the name of the key.
 *
 * @returns a key that no reply has, if headers are kept in another way
 */
function keyOfHeaders (reply: FastifyReply, { header, removeHeader }: FastifysMethods): symbol {
  header.call(reply, PROBE, PROBE)
  const key = Object.getOwnPropertySymbols(reply).find(symbol => {
    const value: unknown = Reflect.get(reply, symbol)
    return typeof value === 'object' && value !== null && PROBE in value
  })
  removeHeader.call(reply, PROBE)
  return key ?? Symbol(PROBE)
}

/** The headers of a reply, to read and set below any decorator. */
export function headersOf (reply: FastifyReply, { key, header }: FastifysReplies): ReplyHeaders {
  return (keepsHeaders(reply, key) ? reply[key] : undefined) ?? throughMethods(reply, header)
}

function keepsHeaders (reply: FastifyReply, key: symbol): reply is FastifyReply & Record<symbol, ReplyHeaders> {
  return key in reply
}

function throughMethods (reply: FastifyReply, header: FastifysMethods['header']): ReplyHeaders {
  return new Proxy<ReplyHeaders>({}, {
    get: (_, field) => reply.getHeader(String(field)),
    set: (_, field, value: FieldValue) => {
      header.call(reply, String(field), value)
      return true
    }
  })
}
