import { createServer } from 'node:http'
import Fastify, { type FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import type { Browser } from 'puppeteer-core'
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

async function serve (t: Test, port = 0): Promise<{ app: FastifyInstance, origin: string }> {
  const app = Fastify({ forceCloseConnections: true })
  app.register(corsPlugin, { origin: frontend, methods: ['GET', 'PUT'] })
  app.register(corsInspector)
  app.register(async routes => {
    routes.get('/users', () => [])
    routes.put('/users/:id', () => ({}))
    routes.delete('/users/:id', () => ({}))
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
  return (url: string, method = 'GET') => page.evaluate(async (url, method) => await fetch(url, { method }).then(({ status }) => String(status), String), url, method)
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
  t.match(text, "methods: ['GET', 'PUT', 'HEAD', 'POST', 'DELETE']")
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
  t.strictSame(await violations(person), [])
  t.strictSame(person.complaints, [])
})

t.test('the policy table has the findings beside their routes', async t => {
  const { origin } = await serve(t)
  const person = await open(t, browser, `${origin}/_cors#policy`)
  await person.reads("can't use DELETE here")
  t.equal(await person.page.$$eval('tbody tr:has(td)', rows => rows.length), 6)
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

t.test('in front of another server, a call is judged as it passes', async t => {
  const target = await listen(t, createServer((_request, response) => { response.writeHead(401, { server: 'WSGIServer/0.2' }).end() }))
  const { origin, close } = await inspect(new URL(target), 0, sender(1000))
  t.teardown(close)
  const person = await open(t, browser, `${origin}/_cors`)
  await person.reads(`in front of ${target}`)
  const call = await caller(t)
  await call(`${origin}/orders`, 'PUT')
  await person.reads('Something answered 401 Unauthorized before CORS could')
  await person.reads('INSTALLED_APPS')
  t.strictSame(await violations(person), [])
  t.strictSame(person.complaints, [])
})
