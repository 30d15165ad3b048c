import type { FastifyReply } from 'fastify'
import { isCorsResponseHeader } from '../policy/response-headers.js'
import { fieldText } from '../policy/vary.js'

type Raw = FastifyReply['raw']
type Fields = Parameters<Raw['setHeader']>[1]

const REPLY = Symbol('fastify-cors-policy.reply')

interface Watched {
  [REPLY]?: FastifyReply
}

/**
 * Watches the raw response of a decided reply that Fastify is about to send, for hooks that write there after the
 * policy had its say: what they write counts as if they had written it on the reply (A11). The methods are shared, so
 * that a request costs no more than three properties.
 */
export function watch (reply: FastifyReply): void {
  const raw: Raw & Watched = reply.raw
  raw[REPLY] = reply
  raw.setHeader = setHeader
  raw.appendHeader = appendHeader
}

function setHeader<Response extends Raw & Watched> (this: Response, name: string, value: Fields): Response {
  return isPolicys(this, name, value) ? this : prototypeOf(this).setHeader.call(this, name, value)
}

function appendHeader<Response extends Raw & Watched> (this: Response, name: string, value: string | readonly string[]): Response {
  return isPolicys(this, name, value) ? this : prototypeOf(this).appendHeader.call(this, name, value)
}

/** Whether the policy has the say about a header: Fastify alone may write it, with the value that the reply has. */
function isPolicys ({ [REPLY]: reply }: Watched, name: string, value: Fields): boolean {
  const field = name.toLowerCase()
  if (field === 'vary') reply?.header(field, fieldText(value))
  else if (!isCorsResponseHeader(field)) return false
  return reply?.getHeader(field) !== value
}

function prototypeOf<Response extends Raw> (raw: Response): Response {
  return Object.getPrototypeOf(raw) as Response
}
