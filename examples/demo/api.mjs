import Fastify from 'fastify'
import corsPlugin from 'fastify-cors-policy'

/** The API of the demo. Only pages of `pageOrigin` may call it, and not all of it. */
export function createApi (pageOrigin) {
  const api = Fastify()
  const users = new Map([[1, { id: 1, name: 'Ada' }], [2, { id: 2, name: 'Grace' }]])

  // Pages of this one origin may read what the API answers, and may use PUT.
  api.register(corsPlugin, { origin: pageOrigin, methods: ['GET', 'PUT'] })

  api.get('/users', () => [...users.values()])

  api.put('/users/:id', request => {
    const id = Number(request.params.id)
    users.set(id, { id, name: String(request.body?.name) })
    return users.get(id)
  })

  // No page of another origin may read this one.
  api.get('/private', { config: { cors: false } }, () => ({ secret: 'for pages of this server only' }))

  // A context of its own, with other origins: what is registered around it adds nothing here.
  api.register(async admin => {
    admin.register(corsPlugin, { origin: 'https://admin.example' })
    admin.get('/reports', () => [{ report: 'for https://admin.example only' }])
  }, { prefix: '/admin' })

  return api
}
