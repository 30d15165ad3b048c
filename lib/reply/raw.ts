import type { FastifyReply } from 'fastify'
import { CORS_RESPONSE_HEADERS, isCorsResponseHeader } from '../policy/response-headers.js'
import { addToVary, fieldText } from '../policy/vary.js'

type Raw = FastifyReply['raw']
type Fields = Parameters<Raw['setHeader']>[1]

const guarded = new WeakSet<Raw>()

/**
 * Hands the headers of a decided reply over to its raw response, for code that goes on without Fastify, and keeps the
 * last word on them there too (A12).
 */
export function handOver (reply: FastifyReply): void {
  const { raw } = reply
  if (raw.headersSent || guarded.has(raw)) return
  guarded.add(raw)
  const vary = addToVary(fieldText(raw.getHeader('vary')), fieldText(reply.getHeader('vary')))
  for (const field of CORS_RESPONSE_HEADERS) raw.removeHeader(field)
  for (const field of [...CORS_RESPONSE_HEADERS, 'timing-allow-origin']) {
    const value = reply.getHeader(field)
    if (value !== undefined) raw.setHeader(field, value)
  }
  if (vary !== '') raw.setHeader('vary', vary)
  guard(raw)
}

/** Puts methods before Node's own, on this one response. */
function guard (raw: Raw): void {
  const setHeader = raw.setHeader.bind(raw)
  const appendHeader = raw.appendHeader.bind(raw)
  const removeHeader = raw.removeHeader.bind(raw)
  const writeHead = raw.writeHead.bind(raw)
  const write = <Value extends Fields>(otherwise: (name: string, value: Value) => unknown) => (name: string, value: Value): Raw => {
    const field = name.toLowerCase()
    if (field === 'vary') setHeader(name, addToVary(fieldText(raw.getHeader('vary')), fieldText(value)))
    else if (!isCorsResponseHeader(field)) otherwise(name, value)
    return raw
  }
  raw.setHeader = write(setHeader)
  raw.appendHeader = write(appendHeader)
  raw.removeHeader = name => {
    const field = name.toLowerCase()
    if (field !== 'vary' && !isCorsResponseHeader(field)) removeHeader(name)
  }
  raw.writeHead = (status: number, ...rest: Array<string | Headers | undefined>) => {
    const [first, second] = rest
    const message = typeof first === 'string' ? first : undefined
    setAll(raw, typeof first === 'object' ? first : second)
    return message === undefined ? writeHead(status) : writeHead(status, message)
  }
}

/** Headers as `writeHead` takes them: an object, or a list in which names and values alternate, or are paired. */
type Headers = Record<string, Fields | undefined> | readonly Fields[]

/** Sets headers one by one, so that each passes the guard; like Node, those of a list in the place of those that are set. */
function setAll (raw: Raw, headers: string | Headers | undefined): void {
  if (typeof headers !== 'object') return
  if (!isList(headers)) {
    for (const [name, value = ''] of Object.entries(headers)) raw.setHeader(name, value)
    return
  }
  const fields = headers.flatMap(field => field)
  const pairs = fields.flatMap((name, i) => i % 2 === 0 ? [[String(name), String(fields[i + 1])] as const] : [])
  for (const [name] of pairs) raw.removeHeader(name)
  for (const [name, value] of pairs) raw.appendHeader(name, value)
}

function isList (headers: Headers): headers is readonly Fields[] {
  return Array.isArray(headers)
}
