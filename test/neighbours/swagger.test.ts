import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import Fastify from 'fastify'
import t from 'tap'
import { chromium } from '../browsers/harness/chromium.js'
import type { Browser } from '../browsers/harness/engine.js'
import { skipReason } from '../browsers/harness/engines.js'
import { portOf } from '../browsers/harness/port.js'
import { page, stranger } from '../helpers.js'
import { inBothOrders } from './served.js'

const answer = { 200: { type: 'object', properties: { saved: { type: 'string' } } } }

inBothOrders(t, {
  cors: { origin: page, methods: ['PUT'] },
  neighbour: async app => {
    await app.register(swagger, { openapi: { info: { title: 'Users', version: '1' } } })
    await app.register(swaggerUi)
  },
  routes: app => app.put('/users/:id', { schema: { response: answer } }, async () => ({ saved: 'yes' }))
}, async (t, { app, call, warnings }) => {
  t.strictSame(Object.keys(app.swagger().paths ?? {}), ['/users/{id}'], 'it describes the routes of the application, and not those of the plugin')
  t.match(await call('PUT /users/1'), { allowed: true, preflight: 204, status: 200, body: '{"saved":"yes"}', headers: { vary: /^Origin$/ } })
  t.match(await call('GET /documentation/json'), { allowed: true, status: 200, body: /Users/ }, 'another tool reads the description')
  t.match(await call('GET /documentation/'), { allowed: true, status: 200, body: /swagger-ui/ })
  t.match(await call('GET /documentation/json', { origin: stranger }), { allowed: false, status: 200 })
  t.strictSame(warnings(), [])
})

/** Presses the button that tries the one operation out, and returns the status that the page shows. */
async function tryOut (browser: Browser, url: string): Promise<unknown> {
  const opened = await browser.open(url)
  return await opened.evaluate(`(async () => {
    const find = async selector => {
      for (;;) {
        const found = document.querySelector(selector)
        if (found !== null) return found
        await new Promise(resolve => setTimeout(resolve, 20))
      }
    }
    const button = await find('.execute')
    button.click()
    const status = await find('.live-responses-table tbody .response-col_status')
    return status.innerText.trim()
  })()`)
}

t.test('the page of swagger-ui tries an API of another origin out', { skip: skipReason(chromium) }, async t => {
  const browser = await chromium.launch()
  t.teardown(() => browser.close())

  inBothOrders(t, {
    cors: { origin: 'http://docs.localhost:*', methods: ['PUT'] },
    neighbour: app => app.register(swagger),
    routes: app => app.put('/users', async () => ({ saved: 'yes' }))
  }, async (t, { app }) => {
    const api = `http://127.0.0.1:${portOf(app)}`
    const paths = { '/users': { put: { responses: { 200: { description: 'saved' } } } } }
    const document = { openapi: '3.0.3', info: { title: 'Users', version: '1' }, servers: [{ url: api }], paths }
    const shows: Array<[host: string, csp: Parameters<typeof swaggerUi>[1], status: RegExp]> = [
      ['docs.localhost', {}, /^200$/],
      ['elsewhere.localhost', {}, /Failed|Undocumented/],
      ['docs.localhost', { staticCSP: true }, /Failed|Undocumented/],
      ['docs.localhost', { staticCSP: true, transformStaticCSP: (header: string) => `${header} connect-src 'self' ${api};` }, /^200$/]
    ]
    for (const [host, ui, status] of shows) {
      const docs = Fastify({ forceCloseConnections: true })
      t.teardown(() => docs.close())
      await docs.register(swagger, { mode: 'static', specification: { document } })
      await docs.register(swaggerUi, { uiConfig: { docExpansion: 'full', tryItOutEnabled: true }, ...ui })
      await docs.listen()
      t.match(await tryOut(browser, `http://${host}:${portOf(docs)}/documentation/`), status, `${host} ${Object.keys(ui).join(', ')}`)
    }
  })
})
