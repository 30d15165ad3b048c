import type { FastifyReply } from 'fastify'
import type { ReplyHeaders } from './headers.js'
import { isCorsResponseHeader } from '../policy/response-headers.js'
import { addToVary, fieldText } from '../policy/vary.js'

type Raw = FastifyReply['raw']
type Fields = Parameters<Raw['setHeader']>[1]

const HEADERS = Symbol('fastify-cors-policy.headers')

interface Watched {
  [HEADERS]: ReplyHeaders
}

/**
 * Watches the raw response of a decided reply that Fastify is about to send, for hooks that write there after the
 * policy had its say: what they write counts as if they had written it on the reply (A11). The methods are shared, so
 * that a request costs no more than three properties.
 *
 * @param headers - those of the reply, which Fastify will write
 */
export function watch (raw: Raw, headers: ReplyHeaders): void {
  Object.assign(raw, { [HEADERS]: headers, setHeader, appendHeader })
}

function setHeader<Response extends Raw & Watched> (this: Response, name: string, value: Fields): Response {
  return isRefused(this[HEADERS], name, value) ? this : prototypeOf(this).setHeader.call(this, name, value)
}

function appendHeader<Response extends Raw & Watched> (this: Response, name: string, value: string | readonly string[]): Response {
  return isRefused(this[HEADERS], name, value) ? this : prototypeOf(this).appendHeader.call(this, name, value)
}

/** The policy has the say about CORS headers: Fastify alone may write them, with the values that the reply has. */
function isRefused (headers: ReplyHeaders, name: string, value: Fields): boolean {
  const field = name.toLowerCase()
  if (field === 'vary') headers.vary = addToVary(fieldText(headers.vary), fieldText(value))
  else if (!isCorsResponseHeader(field)) return false
  return headers[field] !== value
}

function prototypeOf<Response extends Raw> (raw: Response): Response {
  return Object.getPrototypeOf(raw) as Response
}
