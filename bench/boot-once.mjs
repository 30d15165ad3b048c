// One boot of an application with many routes, in a process of its own, as applications boot. boot.mjs starts it.
import Fastify from 'fastify'
import { sendHello } from './baselines.mjs'

const ROUTES = 1000
const ORIGIN = ['https://app.example.com', 'https://admin.example.com', 'https://www.example.com']

const [plugin, overrides] = process.argv.slice(2)
const { default: cors } = plugin === 'bare' ? { default: null } : await import(plugin)

const start = performance.now()
const app = Fastify()
if (cors !== null) await app.register(cors, { origin: ORIGIN, credentials: true })
for (let i = 0; i < ROUTES; i++) {
  const config = overrides === 'overrides' ? { cors: { origin: `https://partner-${i % 10}.example.com` } } : {}
  app.route({ method: 'GET', url: `/items/${i}/:id`, config, handler: sendHello })
}
await app.ready()
process.stdout.write(String(performance.now() - start))
