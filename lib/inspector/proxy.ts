import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { pipeline } from 'node:stream'
import { Access, isOwnName, NAMES_TEXT } from './access.js'
import { isBelow } from './below.js'
import { Inspection } from './inspection.js'
import type { Answer, Line } from './memory.js'
import { inspectorRoutes } from './routes.js'
import { checkCors, type CorsSend } from '../browser/index.js'
import { isLoopback } from '../http/loopback.js'

const PATH = '/_cors'

/** Headers of one connection only (RFC 9110, section 7.6.1); Node writes those of the other by itself. */
const OF_CONNECTION = /^(?:connection|keep-alive|proxy-connection)$/i

const CAPACITY = 200

/** As much of a head as Chromium takes, in bytes: what the page and the server agree on is not to fail here. */
const MAX_HEADER_SIZE = 256 * 1024

/** A proxy that runs. */
export interface InspectingProxy {
  /** Where pages call it. */
  readonly origin: string
  close (): Promise<void>
}

/**
 * Puts the inspector in front of a server of any make. What pages call through it is passed on as it is, and judged as
 * if they had called the server itself.
 *
 * @param send - makes a call that is tried
 * @throws where the port is taken
 */
export async function inspect (target: URL, port: number, send: CorsSend): Promise<InspectingProxy> {
  // No other command needs these.
  const [{ createProxyServer }, { fastify }] = await Promise.all([import('httpxy'), import('fastify')])
  const proxy = createProxyServer({
    target: { protocol: target.protocol, host: withoutBrackets(target.hostname), port: target.port },
    headers: { host: target.host },
    // The name is misleading: these go to `http.request()`.
    ssl: { maxHeaderSize: MAX_HEADER_SIZE },
    selfHandleResponse: true
  })
  const inspection = new Inspection(CAPACITY, {
    mode: 'in front of',
    origin: target.origin,
    decider: () => null,
    table: () => null,
    explain: page => checkCors(page, send)
  })
  const answering = new WeakMap<IncomingMessage, (answer: Answer | null) => void>()

  const pass = (request: IncomingMessage, response: ServerResponse): void => {
    // The server would not see that name, and can't refuse it.
    if (!isOwnName(request.headers.host)) {
      response.writeHead(421, { 'content-type': 'text/plain; charset=utf-8' }).end(`${NAMES_TEXT}\n`)
      return
    }
    // The proxy and the stream listen to one answer a dozen times, and no more than that.
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
    const lines = linesOf(answer)
    const rewritten = lines.map(line => rewrite(line, target, ownOrigin(request)))
    const status = Number(answer.statusCode)
    try {
      response.writeHead(status, answer.statusMessage, rewritten.filter(([name]) => !OF_CONNECTION.test(name)).flat())
    } catch (error) {
      // Node reads characters that it does not write.
      answer.destroy()
      failed(error, request, response)
      return
    }
    answering.get(request)?.({
      status,
      headers: lines,
      rewritten: rewritten.filter((line, i) => line !== lines[i])
    })
    // A stream of events may have nothing to say for long.
    response.flushHeaders()
    answer.once('end', () => response.addTrailers(answer.trailers))
    pipeline(answer, response, () => {})
  })

  const app = fastify({
    forceCloseConnections: true,
    serverFactory: handler => createServer({ maxHeaderSize: MAX_HEADER_SIZE }, (request, response) => {
      if (isBelow(PATH, String(request.url))) handler(request, response)
      else pass(request, response)
    }).on('upgrade', (request: IncomingMessage, socket, head: Buffer) => {
      // No CORS there: a WebSocket's server looks at the origin itself.
      if (!isOwnName(request.headers.host)) socket.destroy()
      else proxy.ws(request, request.socket, {}, head).catch(() => socket.destroy())
    })
  })
  app.addHook('preClose', async () => inspection.close())
  await app.register(inspectorRoutes, { prefix: PATH, access: new Access(false), inspection, path: PATH })
  // Cookies of `localhost` are no cookies of 127.0.0.1: the page finds the proxy where it found the server.
  const { hostname } = target
  const host = isLoopback(hostname) && !hostname.endsWith('localhost') ? withoutBrackets(hostname) : 'localhost'
  await app.listen({ port, host })
  const { port: own } = new URL(app.listeningOrigin)
  return {
    origin: `http://${host.includes(':') ? `[${host}]` : host}:${own}`,
    close: () => app.close()
  }
}

/** IPv6 addresses have brackets in URLs only (RFC 3986, section 3.2.2). */
function withoutBrackets (hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '')
}

function ownOrigin ({ headers: { host = '' } }: { headers: { host?: string | undefined } }): string {
  return `http://${host}`
}

/** Header lines in the case in which they were sent; Node lists names and values by turns. */
function linesOf ({ rawHeaders }: IncomingMessage): Line[] {
  return rawHeaders.flatMap((name, i): Line[] => i % 2 === 0 ? [[name, String(rawHeaders[i + 1])]] : [])
}

/** What would lead past the proxy leads to it. Other lines are given back as they are. */
function rewrite (line: Line, target: URL, own: string): Line {
  const [name, value] = line
  if (/^location$/i.test(name) && URL.canParse(value) && new URL(value).origin === target.origin) {
    const { pathname, search, hash } = new URL(value)
    return [name, own + pathname + search + hash]
  }
  if (/^set-cookie$/i.test(name)) {
    // A domain that the proxy's host is not in would lose the cookie (RFC 6265, section 5.3).
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
