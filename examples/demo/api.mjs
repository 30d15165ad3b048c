import Fastify from 'fastify'
import corsPlugin from 'fastify-cors-policy'
import corsInspector from 'fastify-cors-policy/inspector'

/** The policy that the demo begins with. Pages of this one origin may read what the API answers, and may use PUT. */
export function firstPolicy (pageOrigin) {
  return { origin: [pageOrigin], methods: ['GET', 'PUT'], credentials: false }
}

/** Browsers remember a preflight for five seconds, even unasked. Here, each is to be seen. */
const EACH_PREFLIGHT = { maxAge: 0 }

/** The API of the demo. Only pages of `pageOrigin` may call it, and not all of it. */
export function createApi (pageOrigin) {
  // Browsers hold connections open, and Ctrl-C is not to wait for them.
  const api = Fastify({ forceCloseConnections: true })
  const users = new Map([[1, { id: 1, name: 'Ada' }], [2, { id: 2, name: 'Grace' }]])

  api.register(corsPlugin, { ...EACH_PREFLIGHT, ...firstPolicy(pageOrigin) })
  // Shows every call of a page, and why it was blocked: http://127.0.0.1:8000/_cors
  api.register(corsInspector)

  api.get('/users', () => [...users.values()])

  api.put('/users/:id', request => {
    const id = Number(request.params.id)
    users.set(id, { id, name: String(request.body?.name) })
    return users.get(id)
  })

  api.delete('/users/:id', async (request, reply) => {
    users.delete(Number(request.params.id))
    return reply.code(204).send()
  })

  api.get('/me', request => ({ session: request.headers.cookie === undefined ? 'none' : 'yours' }))

  // No page of another origin may read this one.
  api.get('/private', { config: { cors: false } }, () => ({ secret: 'for pages of this server only' }))

  // A context of its own, with other origins: what is registered around it adds nothing here.
  api.register(async admin => {
    admin.register(corsPlugin, { origin: 'https://admin.example' })
    admin.get('/reports', () => [{ report: 'for https://admin.example only' }])
  }, { prefix: '/admin' })

  return api
}

/** Puts another policy in force. Throws a CorsConfigError where it can't work or is not safe, as at boot. */
export function changePolicy (api, policy) {
  api.cors.reconfigure({ ...EACH_PREFLIGHT, ...policy })
}
