import Fastify, { type FastifyInstance } from 'fastify'
import type { Test } from 'tap'
import { portOf } from '../browsers/harness/port.js'
import { send, type Answer } from '../http.js'
import { corsPlugin, type CorsOptions } from '../../lib/index.js'
import { corsInspector, type CorsInspectorOptions } from '../../lib/inspector/index.js'

export const page = 'http://localhost:5173'

/** An application with the inspector beside it, that listens for the length of a test. */
export async function listen (
  t: Test, declare: (app: FastifyInstance) => unknown = () => {}, options: CorsOptions = { origin: page }, inspector: CorsInspectorOptions = {}
): Promise<{ app: FastifyInstance, origin: string }> {
  const app = Fastify({ forceCloseConnections: true })
  app.register(corsPlugin, options)
  app.register(corsInspector, inspector)
  app.register(async routes => { declare(routes) })
  await app.listen({ host: '127.0.0.1', port: 0 })
  t.teardown(() => app.close())
  return { app, origin: `http://127.0.0.1:${portOf(app)}` }
}

/** What a browser sends before a request that it may not send unasked. */
export function ask (url: string, method: string, names = '', origin = page): Promise<Answer> {
  return send({
    method: 'OPTIONS',
    url,
    headers: { origin, 'access-control-request-method': method, ...names === '' ? {} : { 'access-control-request-headers': names } }
  })
}

export function call (url: string, method = 'GET', headers: Record<string, string> = {}, origin = page): Promise<Answer> {
  return send({ method, url, headers: { origin, ...headers } })
}
