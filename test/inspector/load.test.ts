import { get, type IncomingMessage } from 'node:http'
import t from 'tap'
import { call, listen } from './app.js'
import { readFeed } from './feed.js'

t.test('a reader that does not read is let go, while others read on', async t => {
  const { origin } = await listen(t, app => app.get('/:id', () => []))
  const stuck = await new Promise<IncomingMessage>((resolve, reject) => { get(`${origin}/_cors/events`, { agent: false }, resolve).on('error', reject) })
  stuck.on('error', () => {})
  let isClosed = false
  stuck.on('close', () => { isClosed = true })
  const feed = await readFeed(t, origin)
  const long = 'x'.repeat(7000)
  for (let round = 0; round < 20; round++) {
    for (let i = 0; i < 50; i++) await call(`${origin}/1?${long}`)
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
