import Fastify from 'fastify'

const app = Fastify()
// REMEDY
app.addHook('onRequest', async (request, reply) => {
  if (request.url === '/private' && request.headers.cookie === undefined) return reply.code(401).send()
})
for (const url of ['/items', '/private']) {
  app.route({ method: ['GET', 'PUT'], url, handler: async (request, reply) => reply.header('X-Total-Count', '2').send([]) })
}
await app.listen({ port: '@PORT@', host: '127.0.0.1' })
