import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { isDeepStrictEqual } from 'node:util'
import type { FastifyInstance } from 'fastify'
import type { Line } from './wire.js'

/** A request, and its response before anything is written. */
export interface Watched {
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

/** The head of an answer. */
export interface Head {
  readonly status: number
  readonly headers: readonly Line[]
}

/**
 * Reports every request that reaches an application over the network, before any of its code runs: requests that hooks,
 * middlewares and `frameworkErrors` answer too, but not injected ones.
 */
export function watch (instance: FastifyInstance, report: (watched: Watched) => void): void {
  const known = new WeakSet<object>()
  const watchServer = (server: Pick<FastifyInstance['server'], 'prependListener'>): void => {
    known.add(server)
    // Before Fastify's own listener.
    server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => report({ request, response }))
  }
  watchServer(instance.server)
  // For `localhost`, Fastify has a second server, on the other loopback address.
  const onConnection = (message: unknown): void => {
    if (!isConnection(message) || known.has(message.socket.server)) return
    const { server } = message.socket
    const address = server.address()
    if (instance.addresses().some(own => isDeepStrictEqual(own, address))) watchServer(server)
  }
  subscribe('net.server.socket', onConnection)
  instance.addHook('onClose', async () => { unsubscribe('net.server.socket', onConnection) })
}

interface Connection {
  readonly socket: { readonly server: FastifyInstance['server'] }
}

function isConnection (message: unknown): message is Connection {
  return typeof message === 'object' && message !== null && 'socket' in message
}

/** Calls back with the head of an answer as it is sent, and with `null` once the response is closed. */
export function onHead (response: ServerResponse, done: (head: Head | null) => void): void {
  const writeHead = response.writeHead.bind(response)
  // Node calls it for answers that are written without it.
  response.writeHead = (...given: readonly unknown[]) => {
    Reflect.apply(writeHead, response, given)
    done({ status: Number(given[0]), headers: headersOf(response, given) })
    return response
  }
  response.once('close', () => done(null))
}

/** If headers were set before, Node adds those of `writeHead` to them; otherwise it sends those as they are. */
function headersOf (response: ServerResponse, given: readonly unknown[]): Head['headers'] {
  const set = Object.entries(response.getHeaders())
  const headers = set.length > 0 ? set : entriesOf(given.at(-1))
  return headers.flatMap(([name, value]) => [value].flat().map(line => [name, String(line)] as const))
}

/** Reads headers as `writeHead` takes them: an object, a list of alternating names and values, or a list of pairs. */
function entriesOf (headers: unknown): Array<[string, unknown]> {
  if (typeof headers !== 'object' || headers === null) return []
  if (!Array.isArray(headers)) return Object.entries(headers)
  const list: unknown[] = headers.flat()
  return list.flatMap((name, i): Array<[string, unknown]> => i % 2 === 0 ? [[String(name), list[i + 1]]] : [])
}
