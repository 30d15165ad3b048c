// Invents origins, as many as it is told: by how many megabytes the heap has grown then goes to the standard output.
import { cachedOrigins } from 'fastify-cors-policy/origins'

const shop = 'https://shop.example'
const count = Number(process.argv[2])
const origins = cachedOrigins({ lookup: async origin => origin === shop, ttl: 600, capacity: 1000 })

await origins(shop, {})
await invent(-20_000, 0)
const before = heap()
const start = performance.now()
await invent(0, count)
const seconds = (performance.now() - start) / 1000
const megabytes = heap() - before
process.stdout.write(JSON.stringify({ megabytes, seconds, known: origins(shop, {}), stats: origins.stats() }))

async function invent (from, to) {
  for (let i = from; i < to; i += 40) {
    await Promise.all(Array.from({ length: 40 }, (_, j) => origins(`https://invented${i + j}.example`, {})))
  }
}

function heap () {
  globalThis.gc()
  return process.memoryUsage().heapUsed / 1e6
}
