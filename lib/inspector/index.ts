import type { FastifyInstance } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { Access } from './access.js'
import { Inspection } from './inspection.js'
import { inspectorRoutes, isBelow } from './routes.js'
import { InspectorInProductionError, InvalidInspectorOptionsError } from './errors.js'
import { Controller } from '../introspection/controller.js'
import { onHead, watch } from './watch.js'

/** Options of the inspector. */
export interface CorsInspectorOptions {
  /** The path of its page; `/_cors` by default. */
  readonly prefix?: string
  /** The number of calls that it remembers; 200 by default. */
  readonly capacity?: number | undefined
  /** Lets other machines see it, with a key that is printed at boot, and lets it run in production; `false` by default. */
  readonly allowRemote?: boolean | undefined
}

async function register (instance: FastifyInstance, { prefix = '/_cors', capacity = 200, allowRemote = false }: CorsInspectorOptions): Promise<void> {
  if (!Number.isInteger(capacity) || capacity < 1) throw new InvalidInspectorOptionsError('capacity', 'a whole number above 0', String(capacity))
  if (process.env.NODE_ENV === 'production' && !allowRemote) throw new InspectorInProductionError()
  const access = new Access(allowRemote)
  const path = instance.prefix + prefix
  const controller = (): Controller | null => instance.cors instanceof Controller ? instance.cors : null
  const inspection = new Inspection(capacity, {
    mode: 'beside',
    origin: null,
    decider: request => controller()?.deciderOf(request) ?? null,
    table: () => controller()?.table() ?? null,
    explain: page => controller()?.judge(page) ?? null
  })
  watch(instance, ({ request, response }) => {
    // In HTTP/2 it is `:authority` (RFC 9113, section 8.3.1).
    const { host, ':authority': authority = host } = request.headers
    const own = `${'encrypted' in request.socket ? 'https' : 'http'}://${String(authority)}`
    const answered = isBelow(path, String(request.url)) ? null : inspection.arrive(request, own, own)
    if (answered !== null) onHead(response, head => answered(head === null ? null : { ...head, rewritten: [] }))
  })
  instance.addHook('preClose', async () => inspection.close())
  instance.register(inspectorRoutes, { prefix, logLevel: 'warn', access, inspection, path })
  if (access.key !== null) instance.addHook('onListen', async () => tellKey(instance, `${path}/?key=${access.key}`))
}

function tellKey (instance: FastifyInstance, path: string): void {
  const addresses = instance.listeningOrigin
  const text = `The CORS inspector: ${addresses}${path}`
  instance.log.warn(text)
  // By default, Fastify logs nothing, and nobody would see the key.
  if (!('bindings' in instance.log)) process.emitWarning(text)
}

/**
 * A page for development. It shows the calls of pages of other origins as they happen, and why each is allowed or blocked.
 * Register it at the root.
 */
export const corsInspector = fastifyPlugin(register, { fastify: '5.x', name: 'fastify-cors-policy/inspector' })

export { corsInspector as default }
