import { join } from 'node:path'
import type { Browser } from 'puppeteer-core'
import t, { type Test } from 'tap'
import { launch, open, violations, type Person } from './browser.js'
import { freePort } from './port.js'
import { copyInto, install, start, type Running } from '../installed.js'

const installation = install(t)
const demo = join(copyInto(installation, 'examples'), 'demo', 'index.mjs')

let browser: Browser
t.before(async () => { browser = await launch() })
t.teardown(() => browser.close())

async function startDemo (t: Test): Promise<Running & { api: string, port: string }> {
  const [PORT, PAGE_PORT] = [await freePort(), await freePort()]
  const running = start(t, [demo], { cwd: installation.folder, env: { PORT, PAGE_PORT } })
  await running.says(/Ctrl-C/)
  return { ...running, api: `http://127.0.0.1:${PORT}`, port: PAGE_PORT }
}

/** What is said of each call, in their order. */
function outcomes ({ page }: Person): Promise<string[]> {
  return page.$$eval('.call .o', lines => lines.map(line => line.textContent))
}

t.test('calls, why they were blocked, and the line that lets one through', async t => {
  const { api, port, stop, ended } = await startDemo(t)
  const person = await open(t, browser, `http://127.0.0.1:${port}/`)
  await person.reads('Guess first, then call.')
  t.strictSame(await violations(person), [])
  await person.press('Call all')
  await person.until(() => document.querySelectorAll('.call .o').length === 6)
  t.match(await outcomes(person), [
    /^Allowed: 200/, /^Allowed: 200/, 'Blocked: this route does not list DELETE', 'Blocked: the policy does not allow cookies',
    'Blocked: CORS is off for this route', 'Blocked: this origin is not on the list'
  ])
  await person.press('Call DELETE /users/1')
  await person.reads('This line decides: DELETE is missing.')
  t.strictSame(await violations(person), [])
  await person.press('Write it for me')
  await person.reads('DELETE /users/1 goes through now.')
  await person.until(() => document.activeElement?.getAttribute('aria-label') === 'Method 3')
  t.match((await outcomes(person))[2], /^Allowed: 204/)

  const inspector = await open(t, browser, `${api}/_cors`)
  await inspector.until(() => document.querySelectorAll('[role=option]').length === 8)
  t.strictSame([...person.complaints, ...inspector.complaints], [])

  const before = Date.now()
  stop('SIGINT')
  t.match(await ended, { code: 0, errors: '' })
  t.ok(Date.now() - before < 1000, 'at once, with browsers on both')
})

t.test('the policy is edited, with the errors of the boot and their fixes', async t => {
  const { port } = await startDemo(t)
  const person = await open(t, browser, `http://127.0.0.1:${port}/`)
  await person.fill('Origin 1', `http://127.0.0.1:${port}/`)
  await person.fill('Method 2', 'patch')
  await person.press('Add an option')
  await person.fill('Name of option 4', 'exposeHeaders')
  await person.fill('Value of exposeHeaders', 'ETag')
  await person.reads('Not in force: 3 problems.')
  t.equal(await person.page.$$eval('[aria-invalid=true]', inputs => inputs.filter(input => document.getElementById(String(input.getAttribute('aria-describedby'))) !== null).length), 3)
  t.strictSame(await violations(person), [])
  await person.press('Write PATCH')
  await person.press(`Write http://127.0.0.1:${port}`)
  await person.press('Write exposedHeaders')
  await person.reads('In force.')
  await person.press('Back to the first policy')
  await person.until(() => document.querySelectorAll('.ed input').length === 3)
  t.strictSame(person.complaints, [])
})

t.test('opened as localhost, all is blocked until both origins are allowed', async t => {
  const { port } = await startDemo(t)
  const person = await open(t, browser, `http://127.0.0.1:${port}/`)
  await person.press(`localhost:${port}`)
  await person.reads('You are on localhost now, and every call is blocked.')
  t.strictSame(await violations(person), [])
  await person.press('Allow both')
  await person.until(() => document.querySelectorAll('.call .o').length === 6)
  t.match((await outcomes(person)).slice(0, 2), [/^Allowed: 200/, /^Allowed: 200/])
  t.strictSame(person.complaints, [])
})
