import { fork } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createDatabase } from './database.mjs'
import { startRedis } from './redis.mjs'

const PAGE = 'https://new-shop.example'
const HOW_LONG = 5000

/** What ends what was started, in the order in which it was. */
const endings = []

try {
  const redis = await startRedis()
  endings.push(redis.stop)
  const database = await createDatabase()
  endings.push(database.close)
  const urls = await Promise.all([1, 2, 3].map(() => startServer(database, redis.url)))
  console.log(`Three servers: ${urls.join(', ')}`)
  await demonstrate(urls)
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
} finally {
  for (const end of endings.reverse()) await end()
}

async function demonstrate (urls) {
  const all = (what, path, expected) => agree(urls, what, path, expected)

  // A database or a Redis that is not new may still have what an earlier run did.
  await send('DELETE', urls[0], '/admin/tenants/red/origins', { origin: PAGE })
  await send('PUT', urls[0], '/admin/news/policy', { origin: 'https://news.example' })

  await all(`a page of ${PAGE} may not call the red tenant`, '/tenants/red/orders', false)
  await send('PUT', urls[0], '/admin/tenants/red/origins', { origin: PAGE })
  await all('the first server was told that it may, and all three follow', '/tenants/red/orders', true)
  await all('the blue tenant has not allowed it', '/tenants/blue/orders', false)
  await send('DELETE', urls[1], '/admin/tenants/red/origins', { origin: PAGE })
  await all('the second server was told that it may not any more', '/tenants/red/orders', false)

  await all('nor may it read the news', '/news', false)
  await send('PUT', urls[2], '/admin/news/policy', { origin: ['https://news.example', PAGE], credentials: true })
  await all('the third server was given another policy for the news', '/news', true)
  const { status, body } = await send('PUT', urls[0], '/admin/news/policy', { origin: '*', credentials: true, orgin: PAGE })
  console.log(`A policy that is not safe is answered ${status}:\n${body.issues.map(({ path, message }) => `  ${path}: ${message}`).join('\n')}`)
  await all('and the old one stays', '/news', true)
}

async function startServer (database, redisUrl) {
  const child = fork(fileURLToPath(new URL('server.mjs', import.meta.url)), { env: { ...process.env, REDIS_URL: redisUrl } })
  const ended = new Promise(resolve => child.once('exit', resolve))
  endings.push(() => {
    if (child.connected) child.disconnect()
    return ended
  })
  database.answer(child)
  const listening = new Promise(resolve => {
    child.on('message', message => { if (message.url !== undefined) resolve(message.url) })
  })
  return await Promise.race([listening, ended.then(code => { throw new Error(`A server ended with ${code}`) })])
}

/** Waits until all servers allow the page, or none does, and says how long that took. */
async function agree (urls, what, path, expected) {
  const start = performance.now()
  while (true) {
    const answers = await Promise.all(urls.map(url => allows(url + path)))
    const waited = performance.now() - start
    if (answers.every(allowed => allowed === expected)) {
      console.log(`${expected ? 'allowed' : 'refused'} by all three, ${Math.round(waited)} ms: ${what}`)
      return
    }
    if (waited > HOW_LONG) throw new Error(`After ${HOW_LONG} ms, the servers say ${answers.join(', ')}: ${what}`)
    await sleep(10)
  }
}

async function allows (url) {
  const { headers } = await fetch(url, { headers: { origin: PAGE } })
  return headers.get('access-control-allow-origin') === PAGE
}

async function send (method, url, path, body) {
  const answer = await fetch(url + path, { method, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } })
  return { status: answer.status, body: await answer.json() }
}
