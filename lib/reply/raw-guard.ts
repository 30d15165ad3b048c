import type { FastifyReply } from 'fastify'
import { CORS_RESPONSE_HEADERS, isCorsResponseHeader } from '../http/header-names.js'
import { isPreflight } from '../http/preflight.js'
import { addToVary, type FieldValue, fieldText } from '../http/field-values.js'
import type { ReplyHeaders } from './methods.js'

type Raw = FastifyReply['raw']
type Fields = Parameters<Raw['setHeader']>[1]

/** Node's own methods of a response on which they are overridden. */
interface Own {
  readonly setHeader: (name: string, value: Fields) => unknown
  readonly removeHeader: (name: string) => void
}

const REPLY = Symbol('fastify-cors-policy.reply')
const KEEPER = Symbol('fastify-cors-policy.keeper')

/** Keeps the policy's last word on the headers of a reply. */
export interface Keeper {
  headersOf (reply: FastifyReply): ReplyHeaders
  /** Merges in a CORS header or `Vary` that others set on a decided reply. */
  merge (reply: FastifyReply, field: string, value: FieldValue): void
}

/** The responses whose methods are overridden. */
const overridden = new WeakMap<Raw, Own>()

/**
 * True for a header that the policy has the last word on.
 *
 * @param field - in lower case
 */
export function isGuarded (field: string): boolean {
  return field === 'vary' || isCorsResponseHeader(field)
}

/** True if the headers of a reply have been handed over to its raw response. */
export function isHandedOver ({ raw }: FastifyReply): boolean {
  return overridden.has(raw)
}

/** True if the policy has the last word on the headers of the raw response. */
export function isKept (reply: FastifyReply): boolean {
  return isHandedOver(reply) || REPLY in reply.raw
}

/**
 * Hands the headers of a decided reply over to its raw response, for code that answers past Fastify, and keeps the last
 * word on them there too (A12). Does nothing where CORS is off.
 */
export function handOver (reply: FastifyReply, keeper: Keeper): void {
  const { raw, request: { cors } } = reply
  if (raw.headersSent || cors?.reason === 'cors-off') return
  const own = overridden.get(raw) ?? override(reply, keeper)
  const vary = addToVary(fieldText(raw.getHeader('vary')), fieldText(reply.getHeader('vary')))
  for (const field of CORS_RESPONSE_HEADERS) own.removeHeader(field)
  for (const field of [...CORS_RESPONSE_HEADERS, 'timing-allow-origin', ...isPreflight(reply.request.raw) ? ['cache-control'] : []]) {
    const value = reply.getHeader(field)
    if (value !== undefined) own.setHeader(field, value)
  }
  if (vary !== '') own.setHeader('vary', vary)
}

/** Overrides Node's own methods, on this one response. */
function override (reply: FastifyReply, keeper: Keeper): Own {
  const { raw } = reply
  for (const field of raw.getHeaderNames()) {
    if (isCorsResponseHeader(field)) keeper.merge(reply, field, raw.getHeader(field))
  }
  const setHeader = raw.setHeader.bind(raw)
  const appendHeader = raw.appendHeader.bind(raw)
  const removeHeader = raw.removeHeader.bind(raw)
  const writeHead = raw.writeHead.bind(raw)
  const write = <Value extends Fields>(otherwise: (name: string, value: Value) => unknown) => (name: string, value: Value): Raw => {
    const field = name.toLowerCase()
    if (field === 'vary') setHeader(name, addToVary(fieldText(raw.getHeader('vary')), fieldText(value)))
    else if (isCorsResponseHeader(field)) {
      keeper.merge(reply, field, value)
      const kept = keeper.headersOf(reply)[field]
      if (kept !== undefined) setHeader(field, kept)
    } else otherwise(name, value)
    return raw
  }
  raw.setHeader = write(setHeader)
  raw.appendHeader = write(appendHeader)
  raw.removeHeader = name => {
    const field = name.toLowerCase()
    if (!isGuarded(field)) removeHeader(name)
  }
  raw.writeHead = (status: number, ...rest: ReadonlyArray<string | Headers | null | undefined>) => {
    const [first, second] = rest
    // As in Node, headers may take the place of the reason phrase, or follow it.
    const headers = typeof first === 'string' ? second : second ?? first
    if (typeof headers === 'object' && headers !== null) setAll(raw, headers)
    return typeof first === 'string' ? writeHead(status, first) : writeHead(status)
  }
  const own = { setHeader, removeHeader }
  overridden.set(raw, own)
  return own
}

/** Headers as `writeHead` takes them: an object, a list of alternating names and values, or a list of pairs. */
type Headers = Record<string, Fields | undefined> | readonly Fields[]

/** Sets headers one by one, so that each passes the guard. As in Node, those of a list replace those that are set. */
function setAll (raw: Raw, headers: Headers): void {
  if (!isList(headers)) {
    for (const [name, value = ''] of Object.entries(headers)) raw.setHeader(name, value)
    return
  }
  const pairs = Array.isArray(headers[0])
    ? headers.map(pair => [pair].flat())
    : headers.flatMap((_, i) => i % 2 === 0 ? [headers.slice(i, i + 2)] : [])
  for (const [name] of pairs) raw.removeHeader(String(name))
  for (const [name, value] of pairs) raw.appendHeader(String(name), Array.isArray(value) ? value : String(value))
}

function isList (headers: Headers): headers is readonly Fields[] {
  return Array.isArray(headers)
}

interface Watched {
  [REPLY]: FastifyReply
  [KEEPER]: Keeper
}

/**
 * Watches the raw response of a decided reply that Fastify is about to send. What later hooks write there counts as if
 * they wrote it on the reply (A11). The methods are shared, so that a request costs no more than four properties.
 */
export function watch (reply: FastifyReply, keeper: Keeper): void {
  const raw: Raw & Partial<Watched> = reply.raw
  raw[REPLY] = reply
  raw[KEEPER] = keeper
  raw.setHeader = setHeader
  raw.appendHeader = appendHeader
}

function setHeader<Response extends Raw & Watched> (this: Response, name: string, value: Fields): Response {
  return isRefused(this, name, value) ? this : prototypeOf(this).setHeader.call(this, name, value)
}

function appendHeader<Response extends Raw & Watched> (this: Response, name: string, value: string | readonly string[]): Response {
  return isRefused(this, name, value) ? this : prototypeOf(this).appendHeader.call(this, name, value)
}

/** Refuses a CORS header or `Vary`, unless Fastify writes it: then its value is the one that the reply has. */
function isRefused ({ [REPLY]: reply, [KEEPER]: keeper }: Watched, name: string, value: Fields): boolean {
  const field = name.toLowerCase()
  if (!isGuarded(field)) return false
  const headers = keeper.headersOf(reply)
  if (headers[field] !== value) keeper.merge(reply, field, value)
  return headers[field] !== value
}

function prototypeOf<Response extends Raw> (raw: Response): Response {
  return Object.getPrototypeOf(raw) as Response
}
