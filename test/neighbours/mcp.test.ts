import { randomUUID } from 'node:crypto'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import type { FastifyInstance } from 'fastify'
import t from 'tap'
import corsPlugin from '../../lib/index.js'
import { page, stranger } from '../helpers.js'
import { serve } from './served.js'

/** A server with sessions, as the guide of the SDK has it, with `hijack()` for `res`. */
function mountServer (app: FastifyInstance): void {
  const transports = new Map<string, StreamableHTTPServerTransport>()
  app.route({
    method: ['GET', 'POST', 'DELETE'],
    url: '/mcp',
    handler: async (request, reply) => {
      const known = transports.get(String(request.headers['mcp-session-id']))
      const transport = known ?? new StreamableHTTPServerTransport({
        sessionIdGenerator: randomUUID,
        onsessioninitialized: id => { transports.set(id, transport) }
      })
      if (known === undefined) {
        const server = new McpServer({ name: 'greeter', version: '1.0.0' })
        server.registerTool('greet', { description: 'Greets' }, () => ({ content: [{ type: 'text', text: 'hello' }] }))
        await Reflect.apply(server.connect, server, [transport])
      }
      reply.hijack()
      await transport.handleRequest(request.raw, reply.raw, request.body)
    }
  })
}

const cors = { origin: page, methods: ['GET', 'POST', 'DELETE'], exposedHeaders: ['Mcp-Session-Id'], enforce: 'all' } as const

t.test('a client in a page opens a session, calls a tool and ends the session', async t => {
  const { url, warnings } = await serve(t, async app => {
    await app.register(corsPlugin, cors)
    mountServer(app)
  })
  const answers: Array<[action: string, status: number, allowed: string | null, vary: string | null]> = []
  const transport = new StreamableHTTPClientTransport(new URL(`${url}/mcp`), {
    // What the browser adds to the requests of the page.
    fetch: async (input, init) => {
      const headers = new Headers(init?.headers)
      headers.set('origin', page)
      const answer = await fetch(input, { ...init, headers })
      answers.push([String(init?.method ?? 'GET'), answer.status, answer.headers.get('access-control-allow-origin'), answer.headers.get('vary')])
      return answer
    }
  })
  const client = new Client({ name: 'page', version: '1.0.0' })
  await Reflect.apply(client.connect, client, [transport])
  t.match(await client.callTool({ name: 'greet' }), { content: [{ text: 'hello' }] })
  await transport.terminateSession()
  await client.close()
  t.strictSame([...new Set(answers.map(([method]) => method))].sort(), ['DELETE', 'GET', 'POST'])
  t.strictSame(answers.filter(([, status, allowed, vary]) => status >= 400 || allowed !== page || vary !== 'Origin'), [])
  t.strictSame(warnings(), [])
})

t.test('what a browser asks first is granted, and what it needs is readable', async t => {
  const { call, warnings } = await serve(t, async app => {
    await app.register(corsPlugin, cors)
    mountServer(app)
  })
  const opening = {
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'page', version: '1' } } })
  }
  const opened = await call('POST /mcp', opening)
  t.match(opened, { allowed: true, preflight: 204, status: 200, body: /greeter/, headers: { 'content-type': 'text/event-stream' } })
  t.ok(opened.readable.includes('mcp-session-id'))
  const session = { 'mcp-session-id': String(opened.headers['mcp-session-id']), 'mcp-protocol-version': '2025-06-18' }
  t.match(await call('DELETE /mcp', { headers: session }), { allowed: true, preflight: 204, status: 200 })
  t.match(await call('POST /mcp', { ...opening, headers: { ...opening.headers, accept: 'text/html' } }), { allowed: true, preflight: 204, status: 406 }, 'the page reads the refusal')
  t.match(await call('POST /mcp', { ...opening, origin: stranger }), { allowed: false, preflight: 403, status: null }, 'no stranger reaches a server on this machine')
  t.strictSame(warnings(), [])
})

t.test('without hijack(), the answer has no headers, and the log says so', async t => {
  const { call, warnings } = await serve(t, async app => {
    await app.register(corsPlugin, { origin: page })
    app.post('/mcp', async (request, reply) => {
      const transport = new StreamableHTTPServerTransport()
      await transport.handleRequest(request.raw, reply.raw, request.body)
      return await reply
    })
  })
  t.match(await call('POST /mcp', { body: '{}', headers: { 'content-type': 'application/json' } }), { allowed: false })
  t.match(warnings(), [/POST \/mcp was answered by reply\.raw.*reply\.hijack\(\)/])
})
