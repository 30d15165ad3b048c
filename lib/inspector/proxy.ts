import { createServer, type IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream'
import { Access, isOwnName, NAMES_TEXT } from './access.js'
import { Inspection } from './inspection.js'
import type { SeenAnswer } from './memory.js'
import { inspectorRoutes, isBelow } from './routes.js'
import type { Line } from './wire.js'
import { judged } from '../browser/check-cors.js'
import type { CorsSend } from '../browser/index.js'
import { headerLines } from '../http/field-values.js'
import { isLoopback } from '../http/hosts.js'

const PATH = '/_cors'

/** Headers of one connection (RFC 9110, section 7.6.1). Node writes those of the other itself. */
const OF_CONNECTION = /^(?:connection|keep-alive|proxy-connection)$/i

const CAPACITY = 200

/** The longest head that Chromium accepts, in bytes: no head that browser and server accept fails in the proxy. */
const MAX_HEADER_SIZE = 256 * 1024

/** A running proxy. */
export interface InspectingProxy {
  /** The origin at which pages call it. */
  readonly origin: string
  close (): Promise<void>
}

/**
 * Puts the inspector in front of any server. It passes calls on as they are, and judges them as if pages had called the
 * server itself.
 *
 * @param send - sends a request that the page tries
 * @throws if the port is taken
 */
export async function inspect (target: URL, port: number, send: CorsSend): Promise<InspectingProxy> {
  // Loaded here, since no other command needs these.
  const [{ createProxyServer }, { fastify }] = await Promise.all([import('httpxy'), import('fastify')])
  const proxy = createProxyServer({
    target: { protocol: target.protocol, host: withoutBrackets(target.hostname), port: target.port },
    headers: { host: target.host },
    // Despite the name, these are options of `http.request()`.
    ssl: { maxHeaderSize: MAX_HEADER_SIZE },
    selfHandleResponse: true
  })
  const inspection = new Inspection(CAPACITY, {
    mode: 'in front of',
    origin: target.origin,
    decider: () => null,
    table: () => null,
    explain: page => judged(page, send)
  })
  const answering = new WeakMap<IncomingMessage, (answer: SeenAnswer | null) => void>()

  const pass = (request: IncomingMessage, response: ServerResponse): void => {
    // `Host` becomes the server's, so the server can't refuse that name itself.
    if (!isOwnName(request.headers.host)) {
      response.writeHead(421, { 'content-type': 'text/plain; charset=utf-8' }).end(`${NAMES_TEXT}\n`)
      return
    }
    // The proxy and the stream add about a dozen listeners to an answer, which is no leak.
    response.setMaxListeners(20)
    const answered = inspection.arrive(request, ownOrigin(request), target.origin)
    if (answered !== null) {
      answering.set(request, answered)
      response.once('close', () => answered(null))
    }
    proxy.web(request, response).catch((error: unknown) => fail(response, target, error))
  }
  const failed = (error: unknown, request: IncomingMessage, response: ServerResponse): void => {
    fail(response, target, error)
    answering.get(request)?.({ status: 502, headers: [], rewritten: [] })
  }
  proxy.on('error', (error, request, response) => {
    if (request !== undefined && response !== undefined && 'writeHead' in response) failed(error, request, response)
    else response?.destroy()
  })
  proxy.on('proxyRes', (answer, request, response) => {
    const lines = headerLines(answer.rawHeaders)
    const rewritten = lines.map(line => rewrite(line, target, ownOrigin(request)))
    const status = Number(answer.statusCode)
    try {
      response.writeHead(status, answer.statusMessage, rewritten.filter(([name]) => !OF_CONNECTION.test(name)).flat())
    } catch (error) {
      // Node accepts characters in an answer that it does not write itself.
      answer.destroy()
      failed(error, request, response)
      return
    }
    answering.get(request)?.({
      status,
      headers: lines,
      rewritten: rewritten.filter((line, i) => line !== lines[i])
    })
    // A stream of events may send nothing for long.
    response.flushHeaders()
    answer.once('end', () => response.addTrailers(answer.trailers))
    pipeline(answer, response, () => {})
  })

  const app = fastify({
    forceCloseConnections: true,
    serverFactory: handler => {
      const serve = (request: IncomingMessage, response: ServerResponse): void => {
        if (isBelow(PATH, String(request.url))) handler(request, response)
        else pass(request, response)
      }
      return createServer({ maxHeaderSize: MAX_HEADER_SIZE }, serve).on('upgrade', (request: IncomingMessage, socket, head: Buffer) => {
        if (!isWebSocket(request)) serveWithoutUpgrade(request, serve)
        // A WebSocket has no CORS: its server checks the origin itself.
        else if (!isOwnName(request.headers.host)) socket.destroy()
        else proxy.ws(request, request.socket, {}, head).catch(() => socket.destroy())
      })
    }
  })
  app.addHook('preClose', async () => inspection.close())
  await app.register(inspectorRoutes, { prefix: PATH, access: new Access(false), inspection, path: PATH })
  // Cookies of `localhost` are no cookies of 127.0.0.1: the proxy has the host of the server.
  const { hostname } = target
  const host = isLoopback(hostname) && !hostname.endsWith('localhost') ? withoutBrackets(hostname) : 'localhost'
  await app.listen({ port, host })
  const { port: own } = new URL(app.listeningOrigin)
  return {
    origin: `http://${host.includes(':') ? `[${host}]` : host}:${own}`,
    close: () => app.close()
  }
}

function isWebSocket ({ headers: { upgrade } }: IncomingMessage): boolean {
  return upgrade?.toLowerCase() === 'websocket'
}

/**
 * Serves a request without its upgrade, which a server may ignore (RFC 9110, section 7.8): `curl --http2` asks for h2c
 * with every call. Node has given its connection away, so that it serves this one request, and nothing reads a body.
 */
function serveWithoutUpgrade (request: IncomingMessage, serve: (request: IncomingMessage, response: ServerResponse) => void): void {
  const { headers, socket } = request
  const response = new ServerResponse(request)
  response.shouldKeepAlive = false
  response.assignSocket(socket)
  response.once('finish', () => socket.end())
  delete headers.upgrade
  delete headers.connection
  delete headers['http2-settings']
  if (Number(headers['content-length'] ?? 0) === 0 && headers['transfer-encoding'] === undefined) serve(request, response)
  else response.writeHead(501, { 'content-type': 'text/plain; charset=utf-8' }).end('Leave Upgrade out: a body can\'t follow it through this proxy.\n')
}

/** IPv6 addresses have brackets in URLs only (RFC 3986, section 3.2.2). */
export function withoutBrackets (hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '')
}

function ownOrigin ({ headers: { host = '' } }: { headers: { host?: string | undefined } }): string {
  return `http://${host}`
}

/** Rewrites a header line that would bypass the proxy; returns any other line itself. */
function rewrite (line: Line, target: URL, own: string): Line {
  const [name, value] = line
  if (/^location$/i.test(name) && URL.canParse(value) && new URL(value).origin === target.origin) {
    const { pathname, search, hash } = new URL(value)
    return [name, own + pathname + search + hash]
  }
  if (/^set-cookie$/i.test(name)) {
    // A browser refuses a cookie for a domain that the proxy is not in (RFC 6265, section 5.3).
    const domain = /;\s*domain=\.?([^;]*)/i.exec(value)?.[1]?.trim().toLowerCase()
    const isOfTarget = domain !== undefined && (target.hostname === domain || target.hostname.endsWith(`.${domain}`))
    if (isOfTarget) return [name, value.replace(/;\s*domain=[^;]*/i, '')]
  }
  return line
}

function fail (response: ServerResponse, { origin }: URL, error: unknown): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  response.writeHead(502, 'Bad Gateway', { 'content-type': 'text/plain; charset=utf-8' })
  response.end(`${origin} does not answer: ${String(error)}\n`)
}
