// A server of the fleet, which index.mjs starts in a process of its own.
import { Redis } from 'ioredis'
import { createApp } from './app.mjs'
import { openDatabase } from './database.mjs'

const redis = new Redis(process.env.REDIS_URL)
redis.on('error', error => console.error(`Redis: ${error.message}`))
const database = await openDatabase()
const app = await createApp({ database, redis })

process.send({ url: await app.listen({ host: '127.0.0.1', port: 0 }) })
// The first process has gone, or says so.
process.once('disconnect', async () => {
  // Look-ups that still run need both.
  await app.close()
  redis.disconnect()
  await database.close()
})
