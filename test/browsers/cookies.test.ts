import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { checkCors, type CorsSend } from '../../lib/browser/index.js'
import type { Engine } from './harness/engine.js'
import { eachEngine } from './harness/engines.js'
import { startPages } from './harness/pages.js'
import { send } from './harness/send.js'

/** The cookies that an answer to a call sets. */
const cookies = {
  plain: 'plain=1',
  lax: 'lax=1; SameSite=Lax',
  none: 'none=1; SameSite=None; Secure',
  partitioned: 'partitioned=1; SameSite=None; Secure; Partitioned'
}

type Kept = Record<Engine['name'], string>

/** Firefox keeps cookies of another site apart, for the page's site, and lets those without SameSite pass. */
const acrossSites: Kept = { chromium: 'partitioned', firefox: 'none partitioned plain', webkit: '' }

const withinSite: Kept = {
  chromium: 'lax none partitioned plain',
  firefox: 'lax none partitioned plain',
  // Without a visit, WebKit keeps none below localhost, which its list of suffixes does not have.
  webkit: ''
}

const ways: [page: string, api: string, kept: Kept][] = [
  ['localhost', '127.0.0.1', acrossSites],
  ['app.shop.localhost', 'api.other.localhost', acrossSites],
  ['app.shop.localhost', 'api.shop.localhost', withinSite]
]

eachEngine(t, async (t, browser, engine) => {
  const pages = await startPages()
  t.teardown(() => pages.close())
  const server = createServer((request, response) => {
    const { origin = '', cookie = '' } = request.headers
    response.writeHead(200, {
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
      'cache-control': 'no-store',
      ...request.url === '/login' ? { 'set-cookie': Object.values(cookies) } : {}
    }).end(cookie.split('; ').map(pair => pair.replace('=1', '')).sort().join(' '))
  })
  await new Promise<void>(resolve => { server.listen(0, resolve) })
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  const { port } = server.address() as AddressInfo
  for (const [host, api, kept] of ways) {
    const page = await browser.open(pages.url(host))
    const call = (path: string) => `fetch('http://${api}:${port}${path}', { credentials: 'include' })`
    const sent = await page.evaluate(`${call('/login')}.then(() => ${call('/')}).then(response => response.text())`)
    t.equal(sent, kept[engine.name], `${host} calls ${api}: the cookies that come back`)

    // This process may not know the names below localhost.
    const here: CorsSend = request => send({ ...request, url: request.url.replace(api, '127.0.0.1') })
    const { notes } = await checkCors({ origin: pages.at(host), url: `http://${api}:${port}/login`, credentials: 'include' }, here)
    const lost = notes.filter(({ code }) => code === 'cookie-not-kept').map(({ message }) => /the cookie (.*?),/.exec(message)?.[1])
    t.strictSame(lost, kept === acrossSites ? ['plain', 'lax'] : [], `${host} calls ${api}: the notes name what no page of another site can rely on`)
  }
})
