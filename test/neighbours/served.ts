import type { FastifyInstance, FastifyServerOptions } from 'fastify'
import type { Test } from 'tap'
import { checkCors } from '../../lib/browser/index.js'
import { isCorsResponseHeader } from '../../lib/http/header-names.js'
import corsPlugin, { type CorsOptions } from '../../lib/index.js'
import { page } from '../helpers.js'
import { type Answer, send } from '../http.js'
import { loggedApp } from '../logged.js'

/** What a page asks for, beside the method and the path. */
export interface Call {
  /** Defaults to the page that is allowed. */
  readonly origin?: string
  readonly headers?: Record<string, string>
  readonly body?: string
  readonly credentials?: 'omit' | 'include'
  /** What the browser adds by itself: cookies, say. */
  readonly added?: Record<string, string>
}

/** What becomes of a call, after the Fetch Standard. */
export interface Outcome {
  /** Whether the page can read the answer. */
  readonly allowed: boolean
  /** The status of the answer to the preflight; `null` where none is needed. */
  readonly preflight: number | null
  /** The status of the answer; `null` where the request was not sent. */
  readonly status: number | null
  readonly body: string
  /** The headers of the last answer. */
  readonly headers: Record<string, string>
  /** The names of those that the page can read. */
  readonly readable: readonly string[]
}

/** Plays a page that calls a server over the network. */
export async function call (server: string, action: string, { origin = page, headers = {}, body, credentials = 'omit', added = {} }: Call = {}): Promise<Outcome> {
  const [method = '', path = ''] = action.split(' ')
  const answers: Answer[] = []
  const { allowed, exchanges, readableHeaders } = await checkCors({ origin, url: server + path, method, headers, credentials }, async request => {
    const isPreflight = request.method === 'OPTIONS'
    const answer = await send({
      ...request,
      headers: isPreflight ? request.headers : { ...request.headers, ...added },
      ...isPreflight || body === undefined ? {} : { body }
    })
    refuseRepeated(answer)
    answers.push(answer)
    return answer
  })
  const isPreflight = exchanges[0]?.kind === 'preflight'
  const last = answers.at(-1)
  return {
    allowed,
    preflight: isPreflight ? Number(answers[0]?.status) : null,
    status: isPreflight && answers.length === 1 ? null : Number(last?.status),
    body: String(last?.body),
    headers: Object.fromEntries(last?.headers ?? []),
    readable: readableHeaders
  }
}

/** Browsers refuse a CORS header that is there twice; a name in `Vary` need not be. */
function refuseRepeated ({ headers }: Answer): void {
  const once = headers.flatMap(([name, value]) => name === 'vary' ? value.toLowerCase().split(/, */) : isCorsResponseHeader(name) ? [name] : [])
  if (new Set(once).size < once.length) throw new Error(`repeated: ${JSON.stringify(headers)}`)
}

/** A server with the plugin and a neighbour. */
export interface Served {
  readonly app: FastifyInstance
  /** Where it listens, without a slash at the end. */
  readonly url: string
  call: (action: string, given?: Call) => Promise<Outcome>
  /** What the plugin has warned of. */
  warnings: () => string[]
}

/** Serves an application until the test ends. */
export async function serve (t: Test, declare: (app: FastifyInstance) => unknown, server: FastifyServerOptions = {}): Promise<Served> {
  const { app, lines } = loggedApp({ ...server, forceCloseConnections: true })
  t.teardown(() => app.close())
  await declare(app)
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  return { app, url, call: (action, given) => call(url, action, given), warnings: () => lines('warn') }
}

/** An application in parts, so that they can be put in any order. */
export interface Parts {
  readonly cors: CorsOptions
  readonly neighbour: (app: FastifyInstance) => unknown
  /** What stands behind both. */
  readonly routes: (app: FastifyInstance) => unknown
  readonly server?: FastifyServerOptions
}

export type Order = 'the plugin first' | 'the neighbour first'

/** Serves an application in both orders of registration, as a test each. */
export function inBothOrders (t: Test, { cors, neighbour, routes, server }: Parts, run: (t: Test, served: Served, order: Order) => Promise<void>): void {
  const register = (app: FastifyInstance): unknown => app.register(corsPlugin, cors)
  const orders = { 'the plugin first': [register, neighbour], 'the neighbour first': [neighbour, register] } as const
  for (const order of ['the plugin first', 'the neighbour first'] as const) {
    t.test(order, async t => {
      const served = await serve(t, async app => {
        for (const part of orders[order]) await part(app)
        await routes(app)
      }, server)
      await run(t, served, order)
    })
  }
}
