import t, { type Test } from 'tap'
import { checkCors, remedyFor, type CorsPage, type CorsSend } from '../../lib/browser/index.js'
import { readHeaders } from '../../lib/browser/header-list.js'
import { remedyOf } from '../../lib/browser/remedy.js'
import { chromium } from '../browsers/harness/chromium.js'
import type { Page } from '../browsers/harness/engine.js'
import { startPages } from '../browsers/harness/pages.js'
import { send } from '../browsers/harness/send.js'
import { start } from './project.js'
import { missingPackages, servers, type ServerKind } from './servers.js'

/** What a page of another origin does, and what its request needs. */
interface Situation {
  name: string
  path: string
  method: string
  headers?: Record<string, string>
  credentials?: 'include'
  /** A header of the answer that the page reads. */
  reads?: string
}

const token = 'a'.repeat(32)
const json = { 'content-type': 'application/json' }

const get: Situation = { name: 'GET', path: '/items', method: 'GET' }
const put: Situation = { name: 'PUT with JSON', path: '/items', method: 'PUT', headers: json }
const withCookies: Situation = {
  name: 'PUT with cookies, behind a login',
  path: '/private',
  method: 'PUT',
  headers: { ...json, 'x-csrftoken': token },
  credentials: 'include'
}
const reading: Situation = { name: 'a header of the answer to be read', path: '/items', method: 'GET', reads: 'x-total-count' }
const situations = [get, put, withCookies, reading]

/** What none of them asks for. */
const deletion: Situation = { name: 'DELETE', path: '/items', method: 'DELETE' }
const secret: Situation = { name: 'POST with another header', path: '/items', method: 'POST', headers: { 'x-secret': '1' } }

t.setTimeout(900_000)

t.test('everything that the servers need is installed', async t => {
  t.equal(missingPackages(), '', missingPackages())
})

t.test('a remedy makes the call work, and keeps strangers out', async t => {
  const pages = await startPages()
  t.teardown(() => pages.close())
  const browser = await chromium.launch()
  t.teardown(() => browser.close())
  // Cookies know no ports: those of a page at 127.0.0.1 go along to every server there, and are of the same site.
  const own = { origin: pages.at('127.0.0.1'), page: await browser.open(pages.url('127.0.0.1')) }
  const stranger = { origin: pages.at('localhost'), page: await browser.open(pages.url('localhost')) }
  await own.page.evaluate(`document.cookie = 'session=1'; document.cookie = 'csrftoken=${token}'`)

  for (const kind of servers) {
    t.test(kind.name, async t => {
      await t.test('blocked before', async t => {
        const url = await start(t, kind, null)
        for (const situation of situations) {
          t.equal((await check(own.origin, url, situation)).allowed, false, `checkCors: ${situation.name}`)
          t.equal((await call(own.page, url, situation)).allowed, false, `Chromium: ${situation.name}`)
        }
      })
      for (const situation of situations) {
        await t.test(`${situation.name}, with the remedy`, t => mended(t, kind, situation, own, stranger))
      }
    })
  }
})

/** How a call in a browser came out. */
interface Called {
  allowed: boolean
  status: number
  read: string | null
}

interface Visitor {
  origin: string
  page: Page
}

async function mended (t: Test, kind: ServerKind, situation: Situation, own: Visitor, stranger: Visitor): Promise<void> {
  const { method, headers = {}, credentials, reads } = situation
  const remedy = remedyOf({
    origin: own.origin,
    method,
    headers: Object.keys(headers),
    credentials: credentials === 'include',
    exposed: reads === undefined ? [] : [reads]
  })
  if (remedy === null) throw new Error('no remedy')
  const url = await start(t, kind, remedyFor(remedy, kind.framework))

  const verdict = await check(own.origin, url, situation)
  t.equal(verdict.allowed, true, `checkCors: allowed ${verdict.explanation}`)
  t.equal(verdict.readableHeaders.includes('x-total-count'), reads !== undefined, 'checkCors: reads what it asked to read')
  const called = await call(own.page, url, situation)
  t.match(called, { allowed: true, status: 200, read: reads === undefined ? null : '2' }, 'Chromium: the call works')

  t.equal((await check(stranger.origin, url, situation)).allowed, false, 'checkCors: a stranger is kept out')
  t.equal((await call(stranger.page, url, situation)).allowed, false, 'Chromium: a stranger is kept out')

  // Without a list of headers, this project's plugin echoes those that an allowed origin asks for.
  const echoes = kind.framework === 'fastify-cors-policy' && method === 'GET'
  for (const other of [deletion, ...(method === 'PUT' ? [] : [put]), ...(echoes ? [] : [secret])]) {
    t.equal((await check(own.origin, url, other)).allowed, false, `no more is granted than asked: not ${other.name}`)
  }
  for (const origin of [own.origin, stranger.origin, null]) {
    const answer = await sendEmpty({ method: 'GET', url: `${url}/items`, headers: origin === null ? {} : { origin } })
    const vary = readHeaders(answer.headers, 'headers').filter(([name]) => name.toLowerCase() === 'vary').map(([, value]) => value).join()
    t.match(vary, /(?:^|[, ])origin(?:$|[, ])/i, `caches keep the answers apart: ${origin ?? 'no origin'}`)
  }
}

/** WEBrick refuses a PUT that does not say how long its body is, before Rails sees it. */
const sendEmpty: CorsSend = request => send({ ...request, headers: { ...request.headers, 'content-length': '0' } })

function check (origin: string, server: string, { path, method, headers = {}, credentials }: Situation) {
  const page: CorsPage = { origin, url: server + path, method, headers, ...(credentials === undefined ? {} : { credentials }) }
  return checkCors(page, sendEmpty)
}

async function call (page: Page, server: string, { path, method, headers, credentials }: Situation): Promise<Called> {
  const request = { method, headers, credentials, body: method === 'PUT' ? '{}' : undefined, cache: 'no-store' }
  return page.evaluate(`fetch(${JSON.stringify(server + path)}, ${JSON.stringify(request)}).then(
    response => ({ allowed: true, status: response.status, read: response.headers.get('x-total-count') }),
    () => ({ allowed: false, status: 0, read: null })
  )`) as Promise<Called>
}
