import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { isDeepStrictEqual } from 'node:util'
import type { FastifyInstance } from 'fastify'

/** A request as it came, with the head of its answer as that will leave. */
export interface Watched {
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

/** The head of an answer. */
export interface Head {
  readonly status: number
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>
}

/**
 * Reports every request that reaches an application over the network, before anything in it has a say: what hooks,
 * middlewares and `frameworkErrors` answer is seen too, and requests that are injected are not.
 */
export function watch (instance: FastifyInstance, report: (watched: Watched) => void): void {
  const known = new WeakSet<object>()
  const watchServer = (server: Pick<FastifyInstance['server'], 'prependListener'>): void => {
    known.add(server)
    // Stands before the listener of Fastify itself.
    server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => report({ request, response }))
  }
  watchServer(instance.server)
  // For `localhost`, Fastify listens with a second server, on the other loopback address.
  const onConnection = (message: unknown): void => {
    if (!isConnection(message)) return
    const { server } = message.socket
    if (known.has(server)) return
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

/** Calls back with the head of an answer as it leaves the process, and with `null` once the connection is done with it. */
export function onHead (response: ServerResponse, done: (head: Head | null) => void): void {
  const writeHead = response.writeHead.bind(response)
  // Node itself calls it for answers that are written without it.
  response.writeHead = (...given: readonly unknown[]) => {
    Reflect.apply(writeHead, response, given)
    done({ status: Number(given[0]), headers: headersOf(response, given) })
    return response
  }
  response.once('close', () => done(null))
}

/** Node keeps what `writeHead` is given beside headers that were set before, and else sends it as it is. */
function headersOf (response: ServerResponse, given: readonly unknown[]): Head['headers'] {
  const set = Object.entries(response.getHeaders())
  const headers = set.length > 0 ? set : entriesOf(given.at(-1))
  return headers.flatMap(([name, value]) => [value].flat().map(line => [name, String(line)] as const))
}

/** Headers as `writeHead` takes them: an object, or a list in which names and values alternate, or are paired. */
function entriesOf (headers: unknown): Array<[string, unknown]> {
  if (typeof headers !== 'object' || headers === null) return []
  if (!Array.isArray(headers)) return Object.entries(headers)
  const list: unknown[] = headers.flat()
  return list.flatMap((name, i): Array<[string, unknown]> => i % 2 === 0 ? [[String(name), list[i + 1]]] : [])
}
