import { Agent, get, type IncomingMessage } from 'node:http'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import t from 'tap'
import { call, listen, page } from './app.js'
import { readFeed } from './feed.js'

t.test('a reader that does not read is disconnected, while others read on', async t => {
  const { origin } = await listen(t, app => app.get('/:id', () => []))
  const stuck = await new Promise<IncomingMessage>((resolve, reject) => { get(`${origin}/_cors/events`, { agent: false }, resolve).on('error', reject) })
  stuck.on('error', () => {})
  let isClosed = false
  stuck.on('close', () => { isClosed = true })
  const feed = await readFeed(t, origin)
  const long = 'x'.repeat(7000)
  for (let round = 0; round < 20; round++) {
    await Promise.all(Array.from({ length: 50 }, () => call(`${origin}/1?${long}`)))
    await feed.until(() => feed.seen() === (round + 1) * 50)
  }
  stuck.resume()
  await new Promise<void>(resolve => {
    if (isClosed) resolve()
    else stuck.on('close', resolve)
  })
  t.equal(feed.seen(), 1000, 'the other has missed nothing')
})

t.test('a closing server ends every feed at once', async t => {
  const { app, origin } = await listen(t)
  const feeds = [await readFeed(t, origin), await readFeed(t, origin)]
  const before = Date.now()
  await app.close()
  for (const feed of feeds) await feed.ended
  t.ok(Date.now() - before < 1000)
})

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

t.test('thousands of calls take no more memory than those remembered', async t => {
  const { origin } = await listen(t, app => app.get('/:id', () => []), { origin: page }, { capacity: 20 })
  const agent = new Agent({ keepAlive: true, maxSockets: 20 })
  t.teardown(() => agent.destroy())
  const long = 'x'.repeat(7000)
  let count = 0
  const callMany = async (many: number): Promise<void> => {
    await Promise.all(Array.from({ length: many }, async () => await new Promise<void>((resolve, reject) => {
      get(`${origin}/1?${++count}${long}`, { agent, headers: { origin: page } }, response => {
        response.resume().on('end', resolve)
      }).on('error', reject)
    })))
    collectGarbage()
  }
  await callMany(1000)
  const before = process.memoryUsage().heapUsed
  const start = performance.now()
  await callMany(3000)
  t.comment(`${Math.round(3000 / (performance.now() - start) * 1000)} calls a second`)
  const grown = (process.memoryUsage().heapUsed - before) / 2 ** 20
  // The URLs alone are 20 MiB.
  t.ok(grown < 10, `the memory has grown by ${grown.toFixed(1)} MiB`)
  t.match((await readFeed(t, origin)).hello, { seen: count, calls: { length: 20 } })
})
