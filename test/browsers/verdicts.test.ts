import t from 'tap'
import { cases } from './cases.js'
import { eachEngine } from './harness/engines.js'
import { judge, namesTheSame } from './harness/judge.js'
import { startScriptedServer } from './harness/scripted-server.js'

t.test('the table holds at least 120 answers, each under a name of its own', async t => {
  t.ok(cases.length >= 120, `${cases.length} answers`)
  t.equal(new Set(cases.map(({ name }) => name)).size, cases.length)
})

eachEngine(t, async (t, browser, engine) => {
  const server = await startScriptedServer()
  t.teardown(() => server.close())
  for (const { example, allowed, readable, failure, requests, verdict } of await judge(browser, server, cases)) {
    t.test(example.name, async t => {
      t.equal(verdict.allowed, allowed, 'the engine and checkCors agree')
      t.strictSame(verdict.differs, [], 'and no other engine is said to differ')
      t.strictSame(verdict.readableHeaders, readable, 'the page reads the same headers')
      if (engine.name !== 'chromium') return
      t.strictSame(requests.own, requests.engine, 'checkCors makes the same requests')
      if (allowed) return
      t.equal(verdict.reason, failure?.reason, 'the reason is the one that Chromium reports')
      t.ok(namesTheSame(verdict, failure?.parameter), 'and so is its parameter')
    })
  }
})
