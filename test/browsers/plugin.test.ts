import t from 'tap'
import { checkCors, type CorsPage } from '../../lib/browser/index.js'
import { eachEngine } from './harness/engines.js'
import { fetchAll } from './harness/fetches.js'
import { watchedApp } from './harness/journal.js'
import { startPages } from './harness/pages.js'
import { portOf } from './harness/port.js'
import { send } from './harness/send.js'
import { combinations } from './combinations.js'
import { declareContexts, pathOf } from './policies.js'

t.test('at least 40 combinations of a policy and a request, each under a name of its own', async t => {
  t.ok(combinations.length >= 40, `${combinations.length} combinations`)
  t.equal(new Set(combinations.map(({ name }) => name)).size, combinations.length)
})

eachEngine(t, async (t, browser, engine) => {
  const pages = await startPages()
  t.teardown(() => pages.close())
  const visitors = { page: pages.at('localhost'), shop: pages.at('app.shop.localhost'), stranger: pages.at('127.0.0.1') }
  const { app, journal } = watchedApp(t)
  declareContexts(app, visitors, journal)
  await app.listen()

  const opened = {
    page: await browser.open(pages.url('localhost')),
    shop: await browser.open(pages.url('app.shop.localhost')),
    stranger: await browser.open(pages.url('127.0.0.1')),
    sandbox: await browser.open(pages.url('localhost', 'sandboxed'))
  }
  for (const [visitor, page] of Object.entries(opened)) {
    const own = combinations.filter(({ visitor: by }) => by === visitor).map(combination => {
      const id = String(combinations.indexOf(combination))
      const url = `http://localhost:${portOf(app)}${pathOf(combination.policy)}${combination.rest}?case=${id}`
      return { ...combination, id, url }
    })
    const requests = own.map(({ request, url }) => ({ ...request, url }))
    const got = await fetchAll(page, requests)
    for (const [index, { name, id, url, request, outcome, exposed }] of own.entries()) {
      const { body, ...init }: Partial<CorsPage> & { body?: string } = request
      const origin = visitor === 'sandbox' ? 'null' : visitors[visitor as keyof typeof visitors]
      await t.test(name, async t => {
        const answer = got[index]
        const read = outcome === 'read' || outcome === 'asked and read'
        const method = request.method ?? 'GET'
        const handled = [method, ...body === undefined ? [] : ['body parsed'], 'handled']
        const received = {
          read: handled,
          'asked and read': [`preflight of ${method}`, ...handled],
          'handled, but not read': handled,
          'not handled': [method],
          refused: [`preflight of ${method}`]
        }
        t.strictSame(journal.of(id), received[outcome], 'what the server received')
        t.equal(answer?.body, read ? method === 'HEAD' ? '' : 'answer' : undefined, 'the body')
        const headers = answer?.headers.filter(header => ['etag', 'x-total'].includes(header))
        t.strictSame(headers, read ? exposed : undefined, 'the headers that the page reads')

        const verdict = await checkCors({ origin, url, ...init }, send)
        // Every engine lets Authorization pass under a wildcard that the standard does not let it pass under.
        if (!verdict.differs.includes(engine.name)) t.equal(verdict.allowed, read, 'checkCors says the same')
      })
    }
  }
})
