import Fastify, { type FastifyError, type FastifyReply, type FastifyRequest } from 'fastify'
import t from 'tap'
import corsPlugin, { applyCors } from '../../lib/index.js'
import { headerOf, send } from '../http.js'
import { page } from '../helpers.js'

t.test('the page can read the 400 of a malformed URL', async t => {
  const app = Fastify({
    frameworkErrors: async (error: FastifyError, _request: FastifyRequest, reply: FastifyReply) => {
      await applyCors(reply)
      await reply.code(400).send(error)
    }
  })
  app.register(corsPlugin, { origin: async origin => origin === page })
  t.teardown(() => app.close())

  const answered = await send({ url: `${await app.listen()}/%zz`, headers: { origin: page } })
  t.equal(answered.status, 400)
  t.match(JSON.parse(answered.body), { code: 'FST_ERR_BAD_URL' })
  t.equal(headerOf(answered, 'access-control-allow-origin'), page)
})
