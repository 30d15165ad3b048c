// What a million exact origins cost to compile, in a process of its own, which memory.mjs starts.
import Fastify from 'fastify'
import { corsPlugin } from 'fastify-cors-policy'
import { tenants } from './cases/tenants.mjs'

const COUNT = 1_000_000

const origin = tenants(COUNT)
const app = Fastify()

const before = heapUsed()
const start = performance.now()
await app.register(corsPlugin, { origin, audit: false })
await app.ready()
const seconds = (performance.now() - start) / 1000
const bytesEach = (heapUsed() - before) / COUNT

// The list and the application are in use until here: nothing of them may have been collected before.
process.stdout.write(JSON.stringify({ count: origin.length, seconds, bytesEach, registered: app.hasDecorator('cors') }))

function heapUsed () {
  globalThis.gc()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
