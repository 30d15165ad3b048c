import type { FastifyReply } from 'fastify'
import type { FieldValue } from '../policy/vary.js'

/** The headers of a reply, by their names in lower case. */
export type ReplyHeaders = Record<string, FieldValue>

/** Fastify's own methods for headers. */
export interface HeaderMethods {
  readonly header: (this: FastifyReply, field: string, value: FieldValue) => FastifyReply
  readonly removeHeader: (this: FastifyReply, field: string) => FastifyReply
}

/** A name that nobody uses. */
const PROBE = 'x-fastify-cors-policy-probe'

/**
 * The key under which Fastify's replies keep their headers: an object, in which several are set in the time that one
 * call of `header()` takes. It is found by what it does, so that nothing depends on its name.
 *
 * @returns a key that no reply has, where headers are kept in another way
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

/** The headers of a reply, to be looked at and set past whoever stands before Fastify's own methods. */
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
