import { createServer } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { copyInto, install, start, type Running } from '../installed.js'
import { headerOf, send } from '../http.js'

const installation = install(t)
const { folder } = installation
const demo = join(copyInto(installation, 'examples'), 'demo', 'index.mjs')

/** A port that nothing listens on. */
async function freePort (): Promise<string> {
  const server = createServer()
  const port = await listen(server)
  await new Promise(resolve => server.close(resolve))
  return port
}

function listen (server: ReturnType<typeof createServer>): Promise<string> {
  return new Promise(resolve => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? String(address.port) : '')
    })
  })
}

async function startDemo (t: Test): Promise<Running & { api: string, page: string }> {
  const [PORT, PAGE_PORT] = [await freePort(), await freePort()]
  const running = start(t, [demo], { cwd: folder, env: { PORT, PAGE_PORT } })
  await running.says(/Ctrl-C/)
  return { ...running, api: `http://127.0.0.1:${PORT}`, page: `http://127.0.0.1:${PAGE_PORT}` }
}

t.test('what the page is allowed and refused', async t => {
  const { api, page, stop, ended } = await startDemo(t)
  const announce = (method: string): Record<string, string> => ({ origin: page, 'access-control-request-method': method })

  const users = await send({ url: `${api}/users`, headers: { origin: page } })
  t.equal(headerOf(users, 'access-control-allow-origin'), page)
  t.match(users.body, 'Ada')

  const put = await send({ method: 'OPTIONS', url: `${api}/users/1`, headers: announce('PUT') })
  t.equal(put.status, 204)
  t.equal(headerOf(put, 'access-control-allow-methods'), 'GET, PUT')
  const changed = await send({
    method: 'PUT', url: `${api}/users/1`, headers: { origin: page, 'content-type': 'application/json' }, body: '{"name":"Ada Lovelace"}'
  })
  t.equal(headerOf(changed, 'access-control-allow-origin'), page)
  t.equal(changed.body, '{"id":1,"name":"Ada Lovelace"}')

  const remove = await send({ method: 'OPTIONS', url: `${api}/users/1`, headers: announce('DELETE') })
  t.equal(remove.status, 204)
  t.equal(headerOf(remove, 'access-control-allow-methods'), 'GET, PUT', 'from which the browser sees that DELETE is missing')

  for (const path of ['/private', '/admin/reports']) {
    const answer = await send({ url: api + path, headers: { origin: page } })
    t.equal(answer.status, 200)
    t.equal(headerOf(answer, 'access-control-allow-origin'), undefined, String(path))
  }

  stop('SIGINT')
  t.match(await ended, { code: 0, errors: '' })
})

t.test('the page comes from another origin, and is told where the API is', async t => {
  const { api, page } = await startDemo(t)
  const { headers, body } = await send({ url: page })
  t.equal(headers.find(([name]) => name === 'content-type')?.[1], 'text/html; charset=utf-8')
  t.notMatch(body, /<script>|<style/, 'nothing stands in the page itself')
  for (const [, path] of body.matchAll(/(?:src|href)="([^"]+)"/g)) t.equal((await send({ url: `${page}${path}` })).status, 200, String(path))
  t.match(JSON.parse((await send({ url: `${page}/setting` })).body), { api, listed: page, policy: { origin: [page], methods: ['GET', 'PUT'], credentials: false } })
  t.equal((await send({ url: `${api}/_cors` })).status, 200)
})

t.test('a policy that is not valid is not put in force, and says why', async t => {
  const { api, page } = await startDemo(t)
  const put = (policy: unknown) => send({ method: 'PUT', url: `${page}/policy`, headers: { 'content-type': 'application/json' }, body: JSON.stringify(policy) })
  t.match(JSON.parse((await put({ origin: [`${page}/`] })).body), { issues: [{ code: 'origin-invalid', path: '/origin/0', fix: `'${page}'` }] })
  t.equal(headerOf(await send({ url: `${api}/users`, headers: { origin: page } }), 'access-control-allow-origin'), page)
  t.strictSame(JSON.parse((await put({ origin: ['https://other.example'] })).body), { issues: [] })
  t.equal(headerOf(await send({ url: `${api}/users`, headers: { origin: page } }), 'access-control-allow-origin'), undefined)
})

t.test('Ctrl-C that arrives twice, from the terminal and from npm, is no failure', async t => {
  const { stop, ended } = await startDemo(t)
  stop('SIGINT')
  stop('SIGINT')
  t.match(await ended, { code: 0, errors: '' })
})

t.test('a port that is taken is named, with the way out, and nothing stays open', async t => {
  for (const taken of ['PORT', 'PAGE_PORT']) {
    const server = createServer()
    const port = await listen(server)
    const outcome = await start(t, [demo], { cwd: folder, env: { PORT: await freePort(), PAGE_PORT: await freePort(), [taken]: port } }).ended
    server.close()
    t.equal(outcome.code, 1)
    t.equal(outcome.output, '')
    t.equal(outcome.errors, `Port ${port} is taken. Choose another one: ${taken}=${Number(port) + 1} npm start\n`)
  }
})

t.test('what is no port is refused', async t => {
  for (const value of ['http', '0', '65536', '80.5']) {
    const outcome = await start(t, [demo], { cwd: folder, env: { PORT: value } }).ended
    t.equal(outcome.code, 1)
    t.equal(outcome.errors, `PORT must be a port, a whole number from 1 to 65535, not "${value}"\n`)
  }
})
