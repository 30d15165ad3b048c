// A server whose origins are in the test that started it: each look-up is a message to it, and an answer back.
import Fastify from 'fastify'
import corsPlugin from 'fastify-cors-policy'
import { cachedOrigins } from 'fastify-cors-policy/origins'
import { Redis } from 'ioredis'

const { url, options } = JSON.parse(process.argv[2])
const client = new Redis(url)
client.on('error', () => {})

const waiting = new Map()
let last = 0
let reported = 0

const origins = cachedOrigins({
  ...options,
  lookup: origin => new Promise(resolve => {
    waiting.set(++last, resolve)
    process.send({ type: 'lookup', id: last, origin })
  }),
  onError () { reported++ },
  storage: { type: 'redis', client }
})

const app = Fastify()
app.register(corsPlugin, { origin: origins, audit: false })
app.get('/', async () => 'x')

const commands = {
  answer ({ id, allowed }) {
    waiting.get(id)(allowed)
    waiting.delete(id)
  },
  async invalidate ({ origin }) {
    const error = await origins.invalidate(origin).then(() => null, error => error.code)
    process.send({ type: 'invalidated', error })
  },
  stats () {
    process.send({ type: 'stats', stats: { ...origins.stats(), reported } })
  }
}

process.on('message', message => commands[message.type](message))
process.once('disconnect', () => process.exit())
process.send({ type: 'listening', url: await app.listen({ host: '127.0.0.1', port: 0 }) })
