import { Agent, createServer, get } from 'node:http'
import Fastify, { type FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import type { Browser, KeyInput } from 'puppeteer-core'
import { launch, open, violations } from './browser.js'
import { portOf } from '../browsers/harness/port.js'
import { listen } from '../cli/terminal.js'
import { corsPlugin } from '../../lib/index.js'
import { corsInspector } from '../../lib/inspector/index.js'
import { inspect } from '../../lib/inspector/proxy.js'
import { sender } from '../../lib/cli/send.js'

let browser: Browser
let frontend: string
t.before(async () => {
  browser = await launch()
  // The page of a frontend, which calls what it is told to.
  frontend = await listen(t, createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><html lang="en"><title>Frontend</title><h1>Frontend</h1>')
  }))
})
t.teardown(() => browser.close())

async function serve (t: Test, port = 0, capacity = 200): Promise<{ app: FastifyInstance, origin: string }> {
  const app = Fastify({ forceCloseConnections: true })
  app.register(corsPlugin, { origin: frontend, methods: ['GET', 'PUT'] })
  app.register(corsInspector, { capacity })
  app.register(async routes => {
    routes.get('/users', () => [])
    routes.put('/users/:id', () => ({}))
    routes.delete('/users/:id', () => ({}))
    routes.put('/remembered', { config: { cors: { maxAge: 60 } } }, () => ({}))
    routes.get('/old', (_request, reply) => reply.redirect('/users'))
    routes.get('/private', { config: { cors: false } }, () => ({}))
    routes.post('/orders', { config: { cors: false } }, (_request, reply) => reply.code(502).send())
    routes.get('/slow', async () => await new Promise(() => {}))
  })
  await app.listen({ host: '127.0.0.1', port })
  t.teardown(() => app.close())
  return { app, origin: `http://127.0.0.1:${portOf(app)}` }
}

/** Calls as a script of the frontend does. */
async function caller (t: Test) {
  const { page } = await open(t, browser, frontend)
  return (url: string, method = 'GET', credentials: RequestCredentials = 'same-origin') => page.evaluate(
    async (url, method, credentials) => await fetch(url, { method, credentials }).then(({ status }) => String(status), String), url, method, credentials
  )
}

t.test('a call of a page stands in the inspector, with its reason and the fix', async t => {
  const { origin } = await serve(t)
  const person = await open(t, browser, `${origin}/_cors`)
  await person.reads('Waiting for the first call')
  t.strictSame(await violations(person), [])
  const call = await caller(t)
  t.equal(await call(`${origin}/users/1`, 'DELETE'), 'TypeError: Failed to fetch')
  await person.reads('This route does not let pages use DELETE')
  const text = await person.text()
  t.match(text, 'Stopped here: DELETE is not listed')
  t.match(text, 'This line decides: DELETE is missing.')
  t.match(text, "methods: ['GET', 'PUT', 'DELETE']")
  t.match(text, 'Method DELETE is not allowed by Access-Control-Allow-Methods in preflight response.')
  t.strictSame(await violations(person), [])
  await person.page.select('.codebox select', 'django')
  await person.reads('CORS_ALLOW_METHODS')
  await person.page.reload()
  await person.reads('CORS_ALLOW_METHODS')
  t.strictSame(person.complaints, [])
})

t.test('filter, pause, go on, clear and undo, by mouse and by keyboard', async t => {
  const { origin } = await serve(t)
  const person = await open(t, browser, `${origin}/_cors`)
  const call = await caller(t)
  await call(`${origin}/users`)
  await call(`${origin}/users/1`, 'PUT')
  await call(`${origin}/private`)
  await person.until(() => document.querySelectorAll('[role=option]').length === 3)
  const shown = (): Promise<string[]> => person.page.$$eval('[role=option] .call', rows => rows.map(row => row.textContent ?? ''))
  t.strictSame(await shown(), ['GET /private', 'PUT /users/1', 'GET /users'], 'newest first')

  await person.click('.chips .blocked input')
  t.strictSame(await shown(), ['GET /private'])
  t.strictSame(await violations(person), [])
  await person.fill('Route', 'users')
  await person.reads('No call matches.')
  await person.press('Show all 3')
  t.equal((await shown()).length, 3)

  await person.page.bringToFront()
  await person.page.focus('[role=option][tabindex="0"]')
  await person.page.keyboard.press('Home')
  await person.reads('CORS is switched off for this route')
  await person.page.keyboard.press('ArrowDown')
  await person.reads('PUT is allowed')
  await person.page.keyboard.press('Enter')
  await person.until(() => document.activeElement?.tagName === 'H2')
  await person.page.keyboard.press('Escape')
  await person.until(() => document.activeElement?.role === 'option')

  await person.press('Pause')
  await call(`${origin}/users`)
  await person.reads('1 more call came in since.')
  t.equal((await shown()).length, 3)
  t.strictSame(await violations(person), [])
  await person.press('Go on')
  await person.until(() => document.querySelectorAll('[role=option]').length === 4)
  await person.press('Clear')
  await person.reads('Waiting for the first call')
  await person.press('Undo')
  t.equal((await shown()).length, 4)
  t.strictSame(person.complaints, [])
})

t.test('all of that by keyboard alone, and the focus is never lost', async t => {
  const { origin } = await serve(t)
  const person = await open(t, browser, `${origin}/_cors`)
  const call = await caller(t)
  for (const path of ['/users', '/private']) await call(origin + path)
  await person.until(() => document.querySelectorAll('[role=option]').length === 2)
  const { page } = person
  const press = async (...keys: KeyInput[]): Promise<void> => { for (const key of keys) await page.keyboard.press(key) }
  const focused = (): Promise<string> => page.evaluate(() => {
    const element = document.activeElement
    return element instanceof HTMLElement ? element.getAttribute('aria-label') ?? (element.innerText || element.id || element.tagName) : ''
  })
  await page.bringToFront()
  await press('Tab')
  t.equal(await focused(), 'Skip to the exchanges')
  await press('Enter')
  t.equal(await page.evaluate(() => document.activeElement?.id), 'main')
  await press('Tab')
  await page.keyboard.type('users')
  await person.until(() => document.querySelectorAll('[role=option]').length === 1)
  await press('Tab', 'Tab', 'ArrowRight')
  await person.reads('No call matches.')
  await press('Tab', 'Tab', 'Tab')
  t.equal(await focused(), 'Show all 2')
  await press('Enter')
  await person.until(() => document.querySelectorAll('[role=option]').length === 2)
  await person.until(() => document.activeElement?.id === 'main')

  await press('Tab', 'Tab', 'Tab', 'Tab')
  t.equal(await focused(), 'Pause')
  await press('Space')
  await person.reads('No more calls came in since.')
  await press('Space')
  await person.until(() => !document.body.innerText.includes('No more calls came in since.'))
  await press('Tab')
  t.equal(await focused(), 'Clear')
  await press('Enter')
  await person.reads('Cleared.')
  await person.until(() => document.activeElement?.id === 'main')
  t.strictSame(await violations(person), [])
  await press('Tab')
  t.equal(await focused(), 'Undo')
  await press('Enter')
  await person.until(() => document.querySelectorAll('[role=option]').length === 2)
  await person.until(() => document.activeElement?.id === 'main')
  t.strictSame(person.complaints, [])
})

t.test('what is cleared stays away when the connection comes back', async t => {
  const { app, origin } = await serve(t)
  const person = await open(t, browser, `${origin}/_cors`)
  const call = await caller(t)
  await call(`${origin}/private`)
  await person.reads('CORS is switched off for this route')
  await person.press('Clear')
  await person.reads('Cleared.')
  app.server.closeAllConnections()
  await person.reads('Reconnecting')
  await person.reads('Listening')
  await call(`${origin}/users`)
  await person.until(() => document.querySelectorAll('[role=option]').length > 0)
  t.strictSame(await person.page.$$eval('[role=option] .call', rows => rows.map(row => row.textContent)), ['GET /users'])
  t.notMatch(await person.text(), 'were left out')
})

t.test('what a server can\'t know is said: cookies, remembered preflights, and a request that never comes', async t => {
  const { origin } = await serve(t)
  const person = await open(t, browser, `${origin}/_cors`)
  const call = await caller(t)
  for (let i = 0; i < 2; i++) await call(`${origin}/remembered`, 'PUT')
  await person.until(() => document.querySelectorAll('[role=option]').length === 2)
  await person.click('[role=option]:first-child')
  await person.reads('none seen')
  t.match(await person.text(), 'perhaps remembered')
  t.match(await person.text(), /No cookie came, so this is judged as a call without\. If the page says credentials: 'include': Blocked/)
  t.strictSame(await violations(person), [])

  // With cookies, the answer to the preflight does not do, and Chromium sends no more.
  await call(`${origin}/users/2`, 'PUT', 'include')
  await person.until(() => document.querySelectorAll('[role=option]').length === 3)
  await person.click('[role=option]:first-child')
  await person.reads('The preflight passed, and the PUT never came')
  t.match(await person.text(), 'Most likely, the page calls with credentials: \'include\'.')
  t.match(await person.text(), 'It never came.')
  t.strictSame(await violations(person), [])

  const leaving = await browser.newPage()
  await leaving.goto(frontend)
  leaving.evaluate(url => { fetch(url).catch(() => {}) }, `${origin}/slow`).catch(() => {})
  await person.until(() => document.querySelectorAll('[role=option].waiting').length === 1)
  await leaving.close()
  await person.until(() => document.querySelectorAll('[role=option]').length === 4 && document.querySelector('[role=option].waiting') === null)
  await person.click('[role=option]:first-child')
  await person.reads('The connection closed without an answer')
  t.strictSame(await violations(person), [])
  t.strictSame(person.complaints, [])
})

t.test('a redirect is told as one, and any call can be tried again, with changes', async t => {
  const { origin } = await serve(t)
  const person = await open(t, browser, `${origin}/_cors`)
  const call = await caller(t)
  t.equal(await call(`${origin}/old`), '200')
  await person.until(() => document.querySelectorAll('[role=option]').length === 2)
  await person.click('[role=option]:last-child')
  await person.reads('The browser follows the redirect')
  t.match(await person.text(), 'redirected to /users')
  t.strictSame(await violations(person), [])
  await call(`${origin}/users/1`, 'DELETE')
  await person.until(() => document.querySelectorAll('[role=option]').length === 3)
  await person.click('[role=option]:first-child')
  await person.press('Try it again, with changes')
  await person.until(() => document.querySelector('select')?.value === 'DELETE')
  t.strictSame(await person.page.$$eval('form input.mono', inputs => inputs.map(input => input.value)), [frontend, '/users/1'])
  await person.page.select('select', 'PUT')
  await person.press('Show what a browser would do')
  await person.reads('Does it allow PUT? Yes.')
  t.strictSame(person.complaints, [])
})

t.test('the server that the fix is written for is remembered for each API', async t => {
  const targets = [await listen(t, createServer((_request, response) => { response.end() })), await listen(t, createServer((_request, response) => { response.end() }))]
  const call = await caller(t)
  let port = 0
  for (const [i, server] of ['flask', 'headers', 'flask'].entries()) {
    const { origin, close } = await inspect(new URL(targets[i % 2] ?? ''), port, sender(1000))
    port = Number(new URL(origin).port)
    const person = await open(t, browser, `${origin}/_cors`)
    await call(`${origin}/x`)
    await person.reads('The server says nothing about other origins')
    if (i === 0) await person.page.select('.codebox select', server)
    t.equal(await person.page.$eval('.codebox select', select => select.value), server)
    await close()
  }
})

t.test('a thousand calls a second: the page goes on, keeps what it says it keeps, and says what it left out', async t => {
  const { origin } = await serve(t)
  const person = await open(t, browser, `${origin}/_cors`)
  const agent = new Agent({ keepAlive: true, maxSockets: 20 })
  t.teardown(() => agent.destroy())
  await (await caller(t))(`${origin}/private`)
  await person.reads('CORS is switched off for this route')
  const start = performance.now()
  for (let round = 0; round < 20; round++) {
    await Promise.all(Array.from({ length: 150 }, () => new Promise<void>((resolve, reject) => {
      get(`${origin}/users`, { agent, headers: { origin: frontend } }, response => { response.resume().on('end', resolve) }).on('error', reject)
    })))
  }
  t.comment(`${Math.round(3000 / (performance.now() - start) * 1000)} calls a second`)
  await person.until(() => document.querySelectorAll('[role=option]').length === 200)
  t.match(await person.text(), 'Listening')
  t.match(await person.text(), 'CORS is switched off for this route', 'what is looked at stays, though it is no longer kept')
  t.strictSame(await violations(person), [])
  t.strictSame(person.complaints, [])
})

t.test('two tabs see the same, and both come back after a restart', async t => {
  const { app, origin } = await serve(t)
  const persons = [await open(t, browser, `${origin}/_cors`), await open(t, browser, `${origin}/_cors`)]
  const call = await caller(t)
  await call(`${origin}/private`)
  for (const person of persons) await person.reads('CORS is switched off for this route')
  const before = Date.now()
  await app.close()
  t.ok(Date.now() - before < 1000, 'the feeds do not hold the server up')
  for (const person of persons) await person.reads('The server is gone.')
  for (const person of persons) t.strictSame(await violations(person), [])
  t.match(await persons[0]?.text(), 'CORS is switched off for this route', 'what is shown stays')
  await serve(t, Number(new URL(origin).port))
  for (const person of persons) await person.reads('Listening')
  await call(`${origin}/users/1`, 'DELETE')
  for (const person of persons) await person.reads('this route does not list DELETE')
})

t.test('try it: mistakes are told where they are, then the verdict step by step', async t => {
  const { origin } = await serve(t)
  const person = await open(t, browser, `${origin}/_cors#try`)
  await person.fill('Path or URL', 'users/1')
  await person.press('Show what a browser would do')
  await person.reads('A path begins with a slash: /users/1')
  await person.until(() => document.activeElement?.getAttribute('aria-invalid') === 'true')
  t.strictSame(await violations(person), [])
  await person.fill('Path or URL', '/users/1')
  await person.fill('The page’s origin', `${frontend}/`)
  await person.press('Show what a browser would do')
  await person.reads(`An origin as browsers send it: ${frontend}`)
  await person.fill('The page’s origin', frontend)
  await person.page.select('select', 'PATCH')
  await person.press('Add a header')
  await person.fill('Header name 1', 'x-trace-id')
  await person.press('Show what a browser would do')
  await person.reads('Does it allow PATCH? No: PATCH is missing.')
  t.match(await person.text(), 'Does it allow the headers? Not reached.')
  t.match(await person.page.$eval('.steps .blocked', step => step.textContent), /access-control-request-method: PATCH.*access-control-allow-methods: GET, PUT.*This line decides/)
  t.strictSame(await violations(person), [])
  t.strictSame(person.complaints, [])
})

t.test('the policy table has the findings beside their routes', async t => {
  const { origin } = await serve(t)
  const person = await open(t, browser, `${origin}/_cors#policy`)
  await person.reads("can't use DELETE here")
  t.equal(await person.page.$$eval('tbody tr:has(td)', rows => rows.length), 8)
  t.strictSame(await violations(person), [])
  await person.press('Only routes with findings')
  t.equal(await person.page.$$eval('tbody tr:has(td)', rows => rows.length), 1)
  t.strictSame(person.complaints, [])
})

t.test('a failing server, a call that waits, and what comes from a request is text', async t => {
  const { origin } = await serve(t)
  const person = await open(t, browser, `${origin}/_cors`)
  const call = await caller(t)
  await call(`${origin}/orders`, 'POST')
  await person.reads('The server failed: 502 Bad Gateway')
  t.match(await person.text(), 'None here: nothing is missing in your CORS policy.')
  t.strictSame(await violations(person), [])
  call(`${origin}/slow`).catch(() => {})
  await person.reads('no answer yet')
  await person.click('[role=option].waiting')
  await person.reads('The server has not answered yet')
  t.strictSame(await violations(person), [])
  await call(`${origin}/users?x=<img src=x onerror=alert(1)>`)
  await person.until(() => document.querySelectorAll('[role=option]').length === 3)
  t.equal(await person.page.$$eval('img', images => images.length), 0)
  t.strictSame(person.complaints, [])
})

t.test('while the list is scrolled, it stays where it is, and says how many calls are new', async t => {
  const { origin } = await serve(t)
  const person = await open(t, browser, `${origin}/_cors`)
  const call = await caller(t)
  for (let i = 0; i < 30; i++) await call(`${origin}/users?${i}`)
  await person.until(() => document.querySelectorAll('[role=option]').length === 30)
  for (const size of [{ width: 1440, height: 900 }, { width: 360, height: 740 }]) {
    await person.page.bringToFront()
    await person.page.setViewport(size)
    await person.page.evaluate(() => document.querySelector('[role=option]:last-child')?.scrollIntoView())
    await person.until(() => (document.querySelector('.top')?.getBoundingClientRect().bottom ?? 0) < 0)
    // Until the page has noticed, calls are not new yet.
    await new Promise(resolve => setTimeout(resolve, 200))
    for (let i = 0; i < 3; i++) await call(`${origin}/private?${i}`)
    await person.reads('3 new')
    t.strictSame(await violations(person, [size.width]), [])
    await person.press('3 new')
    await person.until(() => document.querySelector('.fresh') === null)
    await person.until(() => (document.querySelector('.top')?.getBoundingClientRect().bottom ?? -1) >= 0)
  }
  t.strictSame(person.complaints, [])
})

t.test('allowed, but: a note says what will still surprise', async t => {
  const target = await listen(t, createServer((_request, response) => {
    response.writeHead(200, { 'access-control-allow-origin': '*', 'content-disposition': 'attachment; filename=a.txt' }).end()
  }))
  const { origin, close } = await inspect(new URL(target), 0, sender(1000))
  t.teardown(close)
  const person = await open(t, browser, `${origin}/_cors`)
  await (await caller(t))(`${origin}/file`)
  await person.reads('The page may read the answer, but not all its headers')
  await person.reads('exposedHeaders')
  t.equal(await person.page.$$eval('[role=option].but', rows => rows.length), 1)
  t.strictSame(await violations(person), [])
})

t.test('try it in front of another server: every hop of a redirect is shown, and what never leaves the browser', async t => {
  const target = await listen(t, createServer((request, response) => {
    const headers = { 'access-control-allow-origin': frontend, 'access-control-allow-methods': 'PUT' }
    const next = new Map([['/one', '/two'], ['/two', '/three']]).get(String(request.url))
    if (request.method === 'OPTIONS') response.writeHead(204, request.url === '/three' ? {} : headers).end()
    else if (next === undefined) response.writeHead(200, headers).end()
    else response.writeHead(307, { ...headers, location: next }).end()
  }))
  const { origin, close } = await inspect(new URL(target), 0, sender(1000))
  t.teardown(close)
  const person = await open(t, browser, `${origin}/_cors#try`)
  await person.fill('The page’s origin', frontend)
  await person.page.select('select', 'PUT')
  await person.fill('Path or URL', '/one')
  await person.press('Show what a browser would do')
  await person.reads(`${target}/one answers 307 Temporary Redirect, and leads to ${target}/two.`)
  await person.reads(`${target}/two answers 307 Temporary Redirect, and leads to ${target}/three.`)
  t.strictSame(
    await person.page.$$eval('details.msg summary', lines => lines.map(line => line.textContent)),
    ['one', 'two'].flatMap(path => [`Preflight ${target}/${path}: passed, 204 No Content`, `Request ${target}/${path}: redirected, 307 Temporary Redirect`])
  )
  t.match(await person.text(), 'Never sent. The browser stopped after the preflight.')
  t.strictSame(await person.page.$$eval('.way li', stations => stations.map(station => station.innerText.replaceAll('\n', ' '))), [
    `Page ${frontend} calls fetch()`,
    'Redirect PUT /one 307 asked first; leads to /two',
    'Redirect PUT /two 307 asked first; leads to /three',
    'Preflight OPTIONS 204 Stopped here: no CORS headers',
    'Request PUT /three never sent',
    'Script TypeError Failed to fetch'
  ])
  t.strictSame(await violations(person), [])

  await person.page.select('select', 'GET')
  await person.press('Show what a browser would do')
  await person.reads('Is the request sent, and its answer readable? Yes.')
  t.strictSame(person.complaints, [])
})

t.test('a page of another origin gets nothing of it', async t => {
  const { origin } = await serve(t)
  const { page } = await open(t, browser, frontend)
  const got = await page.evaluate(async origin => {
    const read = async (path: string, init: RequestInit = {}): Promise<string> => await fetch(origin + path, init).then(async answer => await answer.text(), String)
    const load = async (tag: 'script' | 'img' | 'link', url: string): Promise<string> => await new Promise(resolve => {
      const element = document.createElement(tag)
      element.onload = () => resolve('loaded')
      element.onerror = () => resolve('refused')
      if (tag === 'link') Object.assign(element, { rel: 'stylesheet', href: url })
      else Object.assign(element, { src: url })
      document.head.append(element)
    })
    const events = await new Promise(resolve => {
      const source = new EventSource(`${origin}/_cors/events`)
      source.onopen = () => resolve('opened')
      source.onerror = () => resolve('refused')
    })
    return [
      await read('/_cors'), await read('/_cors/routes'), await read('/_cors/events'),
      await read('/_cors/explain', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }),
      await load('script', `${origin}/_cors/assets/inspector.js`), await load('img', `${origin}/_cors/assets/icon.svg`),
      await load('link', `${origin}/_cors/assets/inspector.css`), events
    ]
  }, origin)
  const failed = 'TypeError: Failed to fetch'
  t.strictSame(got, [failed, failed, failed, failed, 'refused', 'refused', 'refused', 'refused'])
})

t.test('a DNS name that was made to point here gets nothing of it, or of the server that is inspected', async t => {
  const { origin } = await serve(t)
  const target = await listen(t, createServer((_request, response) => { response.end('inner') }))
  const proxy = await inspect(new URL(target), 0, sender(1000))
  t.teardown(proxy.close)
  const rebound = await launch('--host-resolver-rules=MAP rebound.example 127.0.0.1')
  t.teardown(() => rebound.close())
  for (const beside of [origin, proxy.origin]) {
    const { page } = await open(t, rebound, `http://rebound.example:${new URL(beside).port}/_cors`)
    const got = await page.evaluate(async () => {
      const read = (path: string): Promise<string> => fetch(path).then(async answer => `${answer.status} ${await answer.text()}`, String)
      return [await read('/_cors'), await read('/_cors/events'), await read('/_cors/routes'), await read('/inner')]
    })
    for (const text of got.slice(0, 3)) t.match(text, /^403 .*localhost/)
    t.notMatch(got[3], '200')
  }
})

t.test('what is too much at once is left out, and counted', async t => {
  const { origin } = await serve(t, 0, 3)
  const person = await open(t, browser, `${origin}/_cors`)
  const { page } = await open(t, browser, frontend)
  await page.evaluate(async url => { await Promise.all(Array.from({ length: 40 }, (_, i) => fetch(`${url}?${i}`))) }, `${origin}/users`)
  await person.reads('Too many calls at once:')
  t.match(await person.text(), /\d+ were left out/)
  t.equal(await person.page.$$eval('[role=option]', rows => rows.length), 3)
  t.strictSame(await violations(person), [])
  await person.press('Clear')
  await person.until(() => !document.body.innerText.includes('were left out'))
  t.strictSame(person.complaints, [])
})

t.test('in front of another server, a call is judged as it passes', async t => {
  const target = await listen(t, createServer((_request, response) => { response.writeHead(401, { server: 'WSGIServer/0.2' }).end() }))
  const { origin, close } = await inspect(new URL(target), 0, sender(1000))
  t.teardown(close)
  const person = await open(t, browser, `${origin}/_cors#policy`)
  await person.reads(`in front of ${target}`)
  await person.reads('Waiting for the first call')
  const call = await caller(t)
  await call(`${origin}/orders`, 'PUT')
  await person.reads('Something answered 401 Unauthorized before CORS could')
  await person.reads('INSTALLED_APPS')
  t.strictSame(await violations(person), [])
  t.strictSame(person.complaints, [])
})
