import { setTimeout as wait } from 'node:timers/promises'
import websocket from '@fastify/websocket'
import type { FastifyInstance } from 'fastify'
import t from 'tap'
import corsPlugin from '../../lib/index.js'
import type { Page } from './harness/engine.js'
import { eachEngine } from './harness/engines.js'
import { fetchAll } from './harness/fetches.js'
import { type Journal, watchedApp } from './harness/journal.js'
import { startPages } from './harness/pages.js'
import { portOf } from './harness/port.js'

/** Everything a page can do to a server: a form, a socket, an embed, a call. */
async function declare (app: FastifyInstance, origin: string, journal: Journal): Promise<void> {
  await app.register(websocket)
  for (const enforce of [false, 'unsafe', 'all'] as const) {
    app.register(async context => {
      context.register(corsPlugin, enforce === false ? { origin } : { origin, enforce })
      context.get('/page', async (request, reply) => {
        journal.note(request, 'handled')
        return reply.type('text/html').send('<!doctype html><title>own page</title>')
      })
      context.post('/form', async request => {
        journal.note(request, 'handled')
        return 'answer'
      })
      context.get('/socket', { websocket: true }, (socket, request) => {
        journal.note(request, 'handled')
        socket.send('hello')
      })
    }, { prefix: `/${enforce}` })
  }
  await app.listen()
}

/** Posts a form into a frame and waits until the frame has the answer, refused or not. */
async function postForm (page: Page, url: string, encoding: string): Promise<void> {
  await page.evaluate(`new Promise(resolve => {
    const frame = document.createElement('iframe')
    const form = document.createElement('form')
    frame.name = form.target = 'frame' + Math.random()
    form.method = 'post'
    form.enctype = ${JSON.stringify(encoding)}
    form.action = ${JSON.stringify(url)}
    form.innerHTML = '<input name="to" value="mallory">'
    document.body.append(frame, form)
    frame.addEventListener('load', () => resolve())
    form.submit()
  })`)
}

/** What the first event of a socket is: its message, or `refused`. */
async function openSocket (page: Page, url: string): Promise<unknown> {
  return page.evaluate(`new Promise(resolve => {
    const socket = new WebSocket(${JSON.stringify(url.replace('http', 'ws'))})
    socket.addEventListener('message', ({ data }) => { resolve(data); socket.close() })
    socket.addEventListener('error', () => resolve('refused'))
  })`)
}

const encodings = ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain']

eachEngine(t, async (t, browser, engine) => {
  const pages = await startPages()
  t.teardown(() => pages.close())
  const { app, journal } = watchedApp(t)
  await declare(app, pages.at('localhost'), journal)

  const own = `http://localhost:${portOf(app)}`
  const visitors = {
    'a page of the server itself': { page: await browser.open(`${own}/all/page`), welcome: true },
    'a page that the policy names': { page: await browser.open(pages.url('localhost')), welcome: true },
    'a page of another site': { page: await browser.open(pages.url('127.0.0.1')), welcome: false },
    'a page below the name of the server': { page: await browser.open(pages.url('app.localhost')), welcome: false },
    'a sandboxed page': { page: await browser.open(pages.url('localhost', 'sandboxed')), welcome: false }
  }
  let count = 0
  const next = (path: string): { id: string, url: string } => {
    const id = String(++count)
    return { id, url: `${own}${path}?case=${id}` }
  }

  /** Waits for what nothing in the page tells of, and a while longer for what ought not to follow. */
  const noted = async (id: string, entry: string): Promise<void> => {
    for (let attempt = 0; attempt < 100 && !journal.of(id).includes(entry); attempt++) await wait(20)
    await wait(50)
  }

  for (const [visitor, { page, welcome }] of Object.entries(visitors)) {
    // A sandboxed page may not submit forms at all.
    if (visitor !== 'a sandboxed page') {
      for (const encoding of encodings) {
        await t.test(`${visitor} posts a form of ${encoding}`, async t => {
          for (const mode of ['unsafe', 'all']) {
            const { id, url } = next(`/${mode}/form`)
            await postForm(page, url, encoding)
            t.strictSame(journal.of(id), welcome ? ['POST', 'body parsed', 'handled'] : ['POST'], `enforce: ${mode}`)
          }
          const { id, url } = next('/false/form')
          await postForm(page, url, encoding)
          t.strictSame(journal.of(id), ['POST', 'body parsed', 'handled'], 'without enforce, it goes through')
        })
      }
    }

    await t.test(`${visitor} opens a WebSocket`, async t => {
      for (const mode of ['unsafe', 'all']) {
        const { id, url } = next(`/${mode}/socket`)
        t.equal(await openSocket(page, url), welcome ? 'hello' : 'refused', `enforce: ${mode}`)
        t.strictSame(journal.of(id), welcome ? ['GET', 'handled'] : ['GET'], `enforce: ${mode}`)
      }
      const { id, url } = next('/false/socket')
      t.equal(await openSocket(page, url), 'hello', 'without enforce, it opens')
      t.strictSame(journal.of(id), ['GET', 'handled'])
    })

    await t.test(`${visitor} sends without reading`, async t => {
      const { id: call, url } = next('/unsafe/form')
      await fetchAll(page, [{ url, method: 'POST', mode: 'no-cors', body: 'to=mallory' }])
      t.strictSame(journal.of(call), welcome ? ['POST', 'body parsed', 'handled'] : ['POST'], 'a no-cors call')
      // In a beacon, WebKit names the origin that a sandboxed page would have if it were not sandboxed.
      const passes = welcome || (visitor === 'a sandboxed page' && engine.name === 'webkit')
      const { id: beacon, url: target } = next('/unsafe/form')
      await page.evaluate(`navigator.sendBeacon(${JSON.stringify(target)}, 'to=mallory')`)
      await noted(beacon, passes ? 'handled' : 'POST')
      t.strictSame(journal.of(beacon), passes ? ['POST', 'body parsed', 'handled'] : ['POST'], 'a beacon')
    })

    await t.test(`${visitor} gets`, async t => {
      const { id: unsafe, url: readable } = next('/unsafe/page')
      const { id: all, url: guarded } = next('/all/page')
      const { id: embed, url: embedded } = next('/all/page')
      const [first, second] = await fetchAll(page, [{ url: readable }, { url: guarded }])
      t.strictSame(journal.of(unsafe), ['GET', 'handled'], 'enforce: unsafe leaves it to CORS')
      t.equal(first?.status, welcome ? 200 : undefined)
      t.strictSame(journal.of(all), welcome ? ['GET', 'handled'] : ['GET'], 'enforce: all')
      t.equal(second?.status, welcome ? 200 : undefined)
      await page.evaluate(`new Promise(resolve => {
        const image = new Image()
        image.onload = image.onerror = () => resolve()
        image.src = ${JSON.stringify(embedded)}
      })`)
      t.strictSame(journal.of(embed), visitor === 'a page of the server itself' ? ['GET', 'handled'] : ['GET'], 'enforce: all, an image, which names no origin')
    })
  }

  await t.test('a link of another site leads to a page, and no frame does', async t => {
    const page = await browser.open(pages.url('127.0.0.1'))
    const { id: frame, url: framed } = next('/all/page')
    await page.evaluate(`new Promise(resolve => {
      const frame = document.createElement('iframe')
      frame.addEventListener('load', () => resolve())
      frame.src = ${JSON.stringify(framed)}
      document.body.append(frame)
    })`)
    t.strictSame(journal.of(frame), ['GET'], 'a frame')
    const { id: link, url: linked } = next('/all/page')
    await page.evaluate(`(() => { setTimeout(() => { location.href = ${JSON.stringify(linked)} }, 50) })()`)
    await noted(link, 'handled')
    t.strictSame(journal.of(link), ['GET', 'handled'], 'a link')
  })

  await t.test('a form of another site that leaves its page is refused too', async t => {
    const page = await browser.open(pages.url('127.0.0.1'))
    const { id, url } = next('/all/form')
    await page.evaluate(`(() => {
      const form = document.createElement('form')
      form.method = 'post'
      form.action = ${JSON.stringify(url)}
      form.innerHTML = '<input name="to" value="mallory">'
      document.body.append(form)
      setTimeout(() => { form.submit() }, 50)
    })()`)
    await noted(id, 'POST')
    t.strictSame(journal.of(id), ['POST'])
  })
})
